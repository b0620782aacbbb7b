/**
 * The words of plans. Absent on purpose: what a row's own sentences say; those come from Rust.
 */
import type { PlanItem, PlanView, RunState, RunView } from "../../ipc/backend";
import { count, plural } from "../../lib/format";

export const words = {
  title: "Plans",
  open: "Open a table or plan…",
  paste: "Paste…",
  declare: "Declare grants made elsewhere…",
  emptyTitle: "No plans yet",
  emptyText:
    "A plan grants or revokes for many people at once. Open a table of them: each row is checked and named, and nothing is sent before you say so.",
  columns: "Columns: action (grant or revoke), merchant, email, roles, expires_at, inactivity_grace_period, reason.",
  pasteTitle: "Paste a table, a plan or an approval",
  pasteHint: "Rows copied from a spreadsheet, with the line of column names; or the text of a plan or an approval.",
  take: "Take it in",
};

export const verdictWords: Record<string, string> = {
  new: "New",
  update: "Changed",
  revoke: "Revoked",
  revoke_unlisted: "Revoked, not in the ledger",
  already_so: "Already so",
  conflict: "In conflict",
  refused: "Refused",
};

export const rowWords: Record<string, string> = {
  new: "new",
  update: "change",
  revoke: "revoke",
  revoke_unlisted: "revoke, not in the ledger",
  already_so: "already so",
  conflict: "conflict",
  refused: "refused",
};

export const outcomeWords: Record<string, string> = {
  succeeded: "accepted",
  refused: "failed",
  unknown: "outcome unknown",
  already_so: "already so",
  stale: "changed meanwhile",
};

export const ruleWords: Record<string, string> = {
  "bulk-grants": "many rows",
  "bulk-revokes": "many revocations",
  "admin-on-live": "administrators on live",
};

const states: Record<RunState, string> = {
  waiting: "not begun",
  running: "broke off",
  paused: "held",
  cancelled: "cancelled",
  done: "done",
};

/** What is still asked for before a plan may be carried out; Rust judges it anew, by who the approvers are. */
export const unmet = ({ demands, approvals }: PlanView): boolean =>
  demands.some(({ approvers }) => approvals.filter(({ refused }) => refused === null).length < approvers);

/** How a plan stands; a run that nobody carries out any more broke off. */
export function stateText(item: PlanItem, run: RunView | undefined): string {
  if (run) return `${count(run.done)} of ${count(run.total)}`;
  if (item.state === "done" || item.state === "waiting") return states[item.state];
  return `${states[item.state]} at ${count(item.ended)} of ${count(item.calls)}`;
}

/** Seconds as people say them. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, seconds)} s`;
  if (seconds < 3600) return `${Math.ceil(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.ceil((seconds % 3600) / 60)} min`;
}

/** What carrying it out comes to, in one sentence. */
export function consequence(
  calls: number,
  people: number,
  invitations: number,
  losing: number,
  seconds: number,
): string {
  const parts = [`${plural(calls, "call")} for ${plural(people, "person", "people")}, about ${duration(seconds)}.`];
  if (invitations > 0) parts.push(`Klarna will most likely send ${plural(invitations, "invitation")}.`);
  if (losing > 0)
    parts.push(`${plural(losing, "person loses", "people lose")} access, certainly out five minutes after.`);
  return parts.join(" ");
}
