/**
 * The words of differences between a table, the vault and Klarna: a name for chips, and what to do about a kind.
 * Absent on purpose: what is so of one row; Rust says that.
 */
import type { DifferenceKind, ComparisonFar } from "../../ipc/backend";

export const kindWords: Record<DifferenceKind, { name: string; cure: string }> = {
  ended_but_billed: {
    name: "Ended, still billed",
    cure: "These charges will be declined. Take them out of billing, or ask the customers for a new consent.",
  },
  charged_after_end: {
    name: "Charged after its end",
    cure: "A charge was sent although the token had ended. Find out what sent it.",
  },
  missing_here: {
    name: "Not in the vault",
    cure: "Your systems bill with tokens that nobody can look up here. Import the table.",
  },
  missing_there: {
    name: "Not in the table",
    cure: "Living tokens that nothing bills with any more. Revoke those that are no longer wanted.",
  },
  doubled: {
    name: "More than once",
    cure: "One token or reference stands in it twice: a customer may be charged twice.",
  },
  wrong_environment: {
    name: "Other environment",
    cure: "Tokens of another environment are in this table. They must never be mixed.",
  },
  differs: { name: "Told differently", cure: "Table and vault name another merchant or reference." },
  unreachable: { name: "Klarna did not say", cure: "Compare again later; only these are asked about again." },
  unusable: { name: "Not readable", cure: "Mend these rows and compare again." },
};

/** Kinds that cost money or mix environments. */
export const isGrave = (kind: DifferenceKind): boolean =>
  kind === "ended_but_billed" || kind === "charged_after_end" || kind === "wrong_environment";

/** `1.2 MB`, for a file. */
export function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** How long the rest takes at this pace, in seconds. */
export const secondsLeft = ({ done, total }: ComparisonFar, perSecond: number): number =>
  Math.ceil(Math.max(0, total - done) / Math.max(1, perSecond));
