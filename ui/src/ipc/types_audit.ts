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

export interface VerifyView {
  verdict: Verdict;
  size: number;
  root: string;
  firstBadSeq: number | null;
  reason: string | null;
  checkedAt: number;
  tookMs: number;
}
