/**
 * The words of the reviews: states, scopes, progress, what a line says beside the person.
 * Absent on purpose: whether something is so; that comes from Rust.
 */
import type { LinesWord, ReviewLineView, ReviewProgress, ReviewView } from "../../ipc/backend";
import { count, date, plural } from "../../lib/format";
import { day, stateWords } from "../words";

export const words = {
  start: "Start a review",
  import: "Open a review's file",
  emptyTitle: "Nobody's access was reviewed yet",
  emptyText:
    "A review takes a snapshot of who has access. You keep or revoke each line, sign it off, run the revocations as a plan, and export evidence that an auditor can check without this app. Most auditors ask for one every six months.",
  loading: "Reading the review…",
  nothing: "No line is in this filter.",
  ours: "The snapshot holds what was granted or declared with Gatehouse in this profile; Klarna lists no access.",
};

export const filterWords: Record<LinesWord, string> = {
  all: "All",
  undecided: "Undecided",
  kept: "Kept",
  revoked: "Revoked",
};

export function reviewState(review: ReviewView): string {
  if (review.state === "open") return review.own ? "being decided" : "to be decided for a colleague";
  return { handed_in: "handed in", signed_off: "signed off", concluded: "concluded" }[review.state];
}

export function scopeText({ scope, merchantId }: ReviewView): string {
  if (scope === "merchant") return `merchant ${merchantId?.split(":").at(-1) ?? ""}`;
  return scope === "admins" ? "administrators" : "everybody";
}

/** `412 of 900 · 31 revoked`. */
export const progressText = ({ decided, lines, revoked }: ReviewProgress): string =>
  `${count(decided)} of ${count(lines)} · ${count(revoked)} revoked`;

/** The state of a grant as the snapshot found it. */
export const lineState = (state: string): string => (stateWords as Record<string, string>)[state] ?? state;

export function endText(row: ReviewLineView): string {
  return row.expiresAt ? day(row.expiresAt) : "no end";
}

/** When a review is to be done, as the list says it. */
export function whenText(review: ReviewView): string {
  if (review.concludedAt !== null) return `concluded ${date(review.concludedAt)}`;
  if (review.signedOffAt !== null) return `signed off ${date(review.signedOffAt)}`;
  return review.due ? `due ${day(review.due)}` : `started ${date(review.startedAt)}`;
}

/** What signing off does, before the verb. */
export function consequence(review: ReviewView, undecidedRevoke: boolean): string {
  const { lines, decided, revoked } = review.progress;
  const left = lines - decided;
  const going = revoked + (undecidedRevoke ? left : 0);
  const planned =
    going === 0
      ? "Nothing is revoked."
      : `A plan that revokes ${plural(going, "access", "accesses")} is made; nothing is sent before you run it.`;
  return `${planned} No decision of this review can be changed from then on.`;
}
