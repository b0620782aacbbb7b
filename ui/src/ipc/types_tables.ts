/**
 * The views of tables of customer tokens: the one that waits, and what comparing it found.
 * Absent on purpose: tokens and paths; both stay in Rust.
 */
import type { CommandError } from "./backend";
import type { TokenState } from "./types_tokens";

export interface TokenTableView {
  file: string;
  size: number;
}

export type DifferenceKind =
  | "missing_here"
  | "missing_there"
  | "doubled"
  | "wrong_environment"
  | "differs"
  | "ended_but_billed"
  | "charged_after_end"
  | "unreachable"
  | "unusable";

export interface CompareRequest {
  ask: boolean;
  perSecond: number;
  again: boolean;
}

export type HandWord = "hold" | "go_on" | "stop";

export interface ComparisonFar {
  file: string;
  done: number;
  /** 0 while the table is held against the vault. */
  total: number;
  asked: number;
  held: boolean;
  stopping: boolean;
}

export interface ComparedView {
  file: string;
  at: number;
  rows: number;
  alike: number;
  asked: number;
  stopped: boolean;
  kinds: { kind: DifferenceKind; count: number }[];
}

export interface ComparisonView {
  table: TokenTableView | null;
  far: ComparisonFar | null;
  found: ComparedView | null;
  problem: CommandError | null;
}

export interface DifferencesRequest {
  kind: DifferenceKind | null;
  first: number;
  count: number;
}

export interface DifferenceRow {
  line: number | null;
  tokenId: string | null;
  fingerprint: string | null;
  reference: string | null;
  merchantName: string | null;
  state: TokenState | null;
  kind: DifferenceKind;
  what: string;
}

export interface DifferencesPage {
  rows: DifferenceRow[];
  total: number;
}

export interface TableFar {
  file: string;
  done: number;
  total: number;
  bad: number;
  held: boolean;
  stopping: boolean;
}

export type Fate = "added" | "updated" | "known" | "repeated" | "bad";

export interface ImportPlanView {
  /** `shown` is how many can be looked at: the first ones. */
  fates: { fate: Fate; count: number; shown: number }[];
  differing: number;
  ignored: string[];
  stopped: boolean;
}

export interface TokensImported {
  file: string;
  added: number;
  updated: number;
  unchanged: number;
  repeated: number;
  bad: number;
  stopped: boolean;
}

export interface TokenImportView {
  table: TokenTableView | null;
  planning: TableFar | null;
  plan: ImportPlanView | null;
  far: TableFar | null;
  done: TokensImported | null;
  problem: CommandError | null;
}

export interface PlannedRowsRequest {
  fate: Fate | null;
  first: number;
  count: number;
}

export interface PlannedRowView {
  line: number;
  fate: Fate;
  hint: string | null;
  reference: string | null;
  merchantName: string | null;
  what: string | null;
}

export interface PlannedRowsPage {
  rows: PlannedRowView[];
  total: number;
}
