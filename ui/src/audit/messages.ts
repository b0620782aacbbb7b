/** The words of the audit screen. A verdict says what is known, never more. */
import type { FacetField, Outcome, Verdict, WorkStep, WorkView } from "../ipc/backend";
import { count } from "../lib/format";

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

export const facetWords: Record<FacetField, string> = {
  outcome: "Outcome",
  act: "Act",
  actor: "By",
  merchant: "Merchant",
  env: "Environment",
  profile: "Profile",
};

/** The values of outcomes, as facets say them; the question says them in its own words. */
export const outcomeLabels: Record<string, string> = { ...outcomeWords };

export const words = {
  query: "Search the log, or narrow it down: actor: act: merchant: env: outcome: since: until:",
  label: "Question to the log",
  verify: "Verify log",
  verifying: "Reading every entry",
  byItself: "Being verified",
  stop: "Stop",
  notYet: "Not verified since Gatehouse was opened",
  emptyTitle: "Nothing in the log yet",
  emptyText: "Every open, every end of a session and every change stands here, before it happens and after.",
  nothing: "No act answers this question.",
  nothingText: "Take a word away, or widen the time.",
  clear: "Clear the question",
  unresolved: "Waiting for an answer",
  reconcile: "Ask again",
  loading: "Reading the log…",
  waitingWhy:
    "Who looks at the log stands in it. The log cannot be written just now; these looks are kept and written when it is opened next.",
  newer: "Show newer entries",
  narrow: "Narrow down",
  export: "Export…",
  save: "Save view",
};

/** What a long work is at. */
export const stepWords: Record<WorkStep, string> = {
  verifying: "Verifying",
  copying: "Copying",
  writing: "Writing",
};

/** How far a work is, in words: pages are nobody's measure, so copying says its share alone. */
export function workSaid(work: WorkView | null): string {
  if (!work?.step) return "Waiting for the place to write to";
  const share = work.of > 0 ? Math.floor((work.done * 100) / work.of) : 0;
  return `${stepWords[work.step]}, ${share}%${work.step === "copying" ? "" : ` of ${count(work.of)} entries`}`;
}

/** What a rule of the daily review found, in a word (crates/core/src/day_review). */
export const ruleWords: Record<string, string> = {
  first_person: "New person",
  first_device: "New computer",
  first_merchant: "New merchant",
  first_kind: "First time",
  odd_hour: "Odd hour",
  burst: "Burst",
  wide_act: "Wide act",
  failure_run: "Failures in a row",
  unknown_outcome: "Outcome unknown",
  gap: "Missing entries",
  clock: "Clock",
  notice: "Notice",
  role_denied: "Role refused",
};

export const ruleWord = (rule: string): string => ruleWords[rule] ?? rule.replaceAll("_", " ");
