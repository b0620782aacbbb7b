/** The words of the audit screen. A verdict says what is known, never more. */
import type { Outcome, Verdict } from "../ipc/backend";

export const outcomeWords: Record<Outcome, string> = {
  succeeded: "done",
  refused: "refused",
  unknown: "unknown",
  open: "under way",
};

export const verdictWords: Record<Verdict, string> = {
  intact: "Verified",
  broken: "Broken",
  truncated: "Cut off",
  rolled_back: "Rolled back",
  replaced: "Replaced",
  unanchored: "Not anchored",
};

export const words = {
  query: "Filter by merchant, act, outcome, person",
  label: "Filter the log",
  verify: "Verify log",
  verifying: "Reading every entry…",
  notYet: "Not verified since this window opened",
  emptyTitle: "Nothing in the log yet",
  emptyText: "Every open, every end of a session and every change stands here, before it happens and after.",
  nothing: "No act matches this filter.",
  unresolved: "Waiting for an answer",
  reconcile: "Ask again",
};
