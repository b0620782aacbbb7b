/**
 * The views of the audit log; see `types.ts`.
 * Absent on purpose: judging an entry. Rust verifies, the window shows the verdict.
 */

export type Outcome = "succeeded" | "refused" | "unknown" | "open";

export interface ActRow {
  seq: number;
  outcomeSeq: number | null;
  actId: string;
  kind: string;
  phase: "act" | "note";
  time: number;
  outcome: Outcome | null;
  environment: string;
  profile: string;
  merchantId: string | null;
  merchantName: string | null;
  actor: string;
  actorName: string | null;
  /** The person whom the act was about, where the log still knows. */
  person: string | null;
  plan: string | null;
  summary: string;
  code: string | null;
  http: number | null;
  missing: { from: number; to: number } | null;
}

export interface ActsRequest {
  before: number | null;
  limit: number;
  query: string;
}

export interface ActsView {
  rows: ActRow[];
  next: number | null;
  size: number;
  /** How far the lists have read the log; less than `size` while they catch up. */
  indexed: number;
  /** The first entry in the file; larger than 1 once older ones were archived. */
  first: number;
}

/** Why a question cannot be answered; places count as JavaScript's strings do. */
export interface QueryFault {
  at: number;
  len: number;
  message: string;
}

export type FacetField = "act" | "actor" | "env" | "outcome" | "merchant" | "profile";

export interface FacetValue {
  value: string;
  /** What it is called, where that differs from what the question says. */
  label: string | null;
  count: number;
}

export interface Facet {
  field: FacetField;
  values: FacetValue[];
  more: boolean;
}

export interface HistogramRequest {
  query: string;
  bars: number;
}

export interface Bar {
  succeeded: number;
  refused: number;
  unknown: number;
  notes: number;
}

export interface Histogram {
  from: number;
  step: number;
  bars: Bar[];
}

export interface EntryView {
  seq: number;
  leaf: string;
  prev: string;
  bytes: string;
  private: string | null;
  time: number;
}

export type Verdict = "intact" | "broken" | "truncated" | "rolled_back" | "replaced" | "unanchored";

/** What somebody elsewhere has seen and signed. */
export interface WitnessedView {
  size: number;
  time: number;
  by: string;
}

export interface VerifyView {
  verdict: Verdict;
  size: number;
  root: string;
  firstBadSeq: number | null;
  reason: string | null;
  checkedAt: number;
  tookMs: number;
  witnessed: WitnessedView | null;
  reviewed: WitnessedView | null;
  notices: string[];
}

export type WorkStep = "verifying" | "copying" | "writing";

export interface WorkView {
  /** Null while a place to write to is waited for. */
  step: WorkStep | null;
  done: number;
  of: number;
}

/** How far the long works of this window are, null where none is under way; and what is known of the log without another look. */
export interface AuditWork {
  verify: WorkView | null;
  /** An export, or a backup. */
  export: WorkView | null;
  /** What the last verification found, whoever asked for it. */
  verdict: VerifyView | null;
  /** How many looks at the log could not be written into it yet. */
  viewsWaiting: number;
}

export interface DayState {
  day: string;
  entries: number;
  /** How much was new or odd when it was signed off; null before. */
  odd: number | null;
  signed: boolean;
}

export interface OddView {
  rule: string;
  seq: number;
  text: string;
  time: number;
  query: string;
}

export interface DayReview {
  day: string;
  entries: number;
  acts: number;
  odd: OddView[];
  signed: { by: string; time: number; seq: number } | null;
  /** Whether the day is over, so that it can be signed off. */
  over: boolean;
  /** The time zone in which odd hours are told. */
  zone: string;
}

export interface SavedView {
  id: string;
  name: string;
  query: string;
  pinned: boolean;
}

export interface SavedViewWish {
  /** Null for a new one. */
  id: string | null;
  name: string;
  query: string;
  pinned: boolean;
}

export type ExportFormat = "csv" | "jsonl" | "ocsf" | "bundle";

export interface ExportRequest {
  format: ExportFormat;
  query: string;
  redact: boolean;
}

export interface ExportedView {
  file: string;
  place: string;
  entries: number;
  bytes: number;
  sha256: string;
}

/** A colleague's computer that has seen this log. */
export interface WitnessRow {
  name: string;
  key: string;
  size: number;
  time: number;
}

/** A log of a colleague that this computer is a witness of. */
export interface KeptLogRow {
  log: string;
  size: number;
  time: number;
}

export interface WitnessesView {
  /** How many entries this log has. */
  size: number;
  /** SHA-256 of this log's key, to be compared with what a witness is shown. */
  fingerprint: string;
  witnesses: WitnessRow[];
  kept: KeptLogRow[];
  /** Logs of others that were shown with two histories. */
  alarms: KeptLogRow[];
}

/** What became of a colleague's question that was read. */
export interface WitnessSigned {
  log: string;
  size: number;
  /** A log that was never seen here: its key is taken as its own only when a person says so. */
  first: { key: string } | null;
  /** The answer's file; null while it is not written. */
  file: string | null;
}

export interface WitnessTaken {
  by: string;
  size: number;
}

export interface BackedUpView {
  file: string;
  size: number;
}
