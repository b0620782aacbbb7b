/**
 * The views of plans: a list, one in numbers, windows of its rows, how far a run is.
 * Absent on purpose: a plan's file; it goes from Rust to a file or the clipboard.
 */

export type RunState = "waiting" | "running" | "paused" | "cancelled" | "done";

export interface PlanItem {
  plan: string;
  source: string;
  madeBy: string;
  madeAt: number;
  state: RunState;
  rows: number;
  calls: number;
  people: number;
  ended: number;
}

export interface Tally {
  word: string;
  count: number;
}

export interface PlanView {
  item: PlanItem;
  own: boolean;
  expiresAt: number;
  verdicts: Tally[];
  invitations: number;
  losing: number;
  gains: Tally[];
  seconds: number;
  demands: { rule: string; approvers: number; roles: string[] }[];
  approvals: { by: string; until: number; refused: string | null }[];
  approvedHere: boolean;
  confirmation: { name: string | null; reason: boolean; demanded: boolean };
  ended: Tally[];
  heldBy: string | null;
}

export interface PlanRowView {
  line: number;
  action: string;
  verdict: string;
  merchantName: string;
  /** The name in the plan, where this computer's directory has another one or none. */
  namedOtherwise: string | null;
  staff: boolean;
  merchant: string;
  principal: string;
  roles: string[];
  differences: string[];
  expiresAt: string | null;
  inactivity: string | null;
  reason: string | null;
  invitation: boolean;
  why: string | null;
  outcome: string | null;
  problem: string | null;
}

export interface PlanRowsWindow {
  total: number;
  first: number;
  rows: PlanRowView[];
}

export type WhichRows = "all" | "called" | "bad";

export interface PlanRowsRequest {
  plan: string;
  which: WhichRows;
  first: number;
  count: number;
}

export interface PlanTaken {
  plan: string;
  kind: "table" | "plan" | "approval";
  ignored: string[];
}

export interface RunView {
  plan: string;
  total: number;
  done: number;
  failed: number;
  unknown: number;
  leftS: number;
}

export interface PlanFileRequest {
  plan: string;
  approval: boolean;
}

export interface PlanApplyRequest {
  plan: string;
  retry: boolean;
  takeOver: boolean;
  typed: string | null;
  reason: string | null;
}

export interface DeclaredView {
  file: string;
  added: number;
  known: number;
  bad: string[];
  badTotal: number;
}
