/** The words of the merchants screen. Absent on purpose: words of opening; those are the portal's. */
import type { MatchedField, MerchantState } from "../ipc/backend";

export const stateWords: Record<MerchantState, string> = {
  OPERATIONAL: "operational",
  PARTIALLY_OPERATIONAL: "partly",
  DISABLED: "disabled",
  UNKNOWN: "unknown",
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
