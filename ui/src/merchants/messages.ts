/** The words of the merchants screen. Absent on purpose: words of opening; those are the portal's. */
import type { MatchedField, MerchantState } from "../ipc/backend";

export const stateWords: Record<MerchantState, string> = {
  OPERATIONAL: "operational",
  PARTIALLY_OPERATIONAL: "partly",
  DISABLED: "disabled",
  UNKNOWN: "unknown",
};

/** The state at the end of a sentence that says what Klarna said. */
export const saidWords: Record<MerchantState, string> = {
  OPERATIONAL: "operational",
  PARTIALLY_OPERATIONAL: "partly operational",
  DISABLED: "disabled",
  UNKNOWN: "in a state that Gatehouse does not know",
};

/** The state in the pane. What Klarna was never asked about is not "unknown" to Klarna. */
export const paneState = (state: MerchantState, refreshedAt: number | null): string => {
  if (state !== "UNKNOWN") return saidWords[state];
  return refreshedAt === null ? "not asked of Klarna yet" : "state not known";
};

export const fieldWords: Record<MatchedField, string> = {
  name: "name",
  reference: "reference",
  id: "id",
  tag: "tag",
  country: "country",
};

export const words = {
  label: "Search merchants",
  placeholder: "Search by name, reference, id or tag",
  grid: "Merchants",
  loading: "Reading the merchants…",
  emptyTitle: "No merchants yet",
  emptyText:
    "Merchants are the accounts you onboarded. Import them once from a CSV or JSON file; after that, search and open.",
  emptyAct: "Import merchants…",
  nothingTitle: "Nothing matches",
  nothingText: "No name, reference, id or tag contains what you typed.",
  nothingAct: "Clear the search",
  none: "Select a merchant to see it here.",
};
