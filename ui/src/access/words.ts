/**
 * The words of the inventory, and what a fact means to a person: states, roles, days, periods.
 * Absent on purpose: whether something is so; that comes from Rust.
 */
import type { AccessView, GrantState, GrantView, HeldView } from "../ipc/backend";
import { clockTime, plural } from "../lib/format";
import { roleName } from "../portal/roles";

export const words = {
  ours: "This is what was granted with Gatehouse; Klarna lists no access.",
  search: "Search people and merchants",
  placeholder: "Address, merchant, reference, id",
  loading: "Reading the ledger…",
  emptyTitle: "Nobody has access yet",
  emptyText:
    "People of a merchant get into the Klarna portal by a grant. Grant it here; from then on you see who has what, until when, and you can take it away.",
  nothingTitle: "Nothing is meant",
  nothingText: "No grant is in this view and contains what you typed.",
  none: "Select a person or a merchant to see everything they have here.",
  grant: "Grant access",
  revoke: "Revoke",
};

export const stateWords: Record<GrantState, string> = {
  invited: "invited",
  active: "active",
  expiring: "ends soon",
  lapsed: "lapsed",
  revoking: "revoking",
  revoked: "revoked",
  unknown: "not known",
};

export const viewWords: Record<AccessView, { name: string; what: string; none: string }> = {
  all: { name: "All", what: "Not certainly over", none: "Nobody has access that is not over." },
  expiring: { name: "Expiring", what: "Ends within 14 days", none: "Nothing ends within 14 days." },
  dormant: {
    name: "Dormant",
    what: "Not seen for longer than the inactivity period",
    none: "Everybody with an inactivity period was seen in time.",
  },
  leavers: { name: "Leavers", what: "What the people of your list have", none: "None of them has access here." },
  admins: { name: "Admins", what: "With the role administrator", none: "Nobody is an administrator." },
  ended: { name: "Ended", what: "Revoked, or over by its day", none: "Nothing was revoked or is over yet." },
};

export const rolesText = (roles: readonly string[]): string => roles.map(roleName).join(", ");

/** A day as people read it: `12 Jan 2027`, in their locale. */
export const day = (text: string, locale?: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(`${text}T00:00:00Z`));

const UNITS: Record<string, string> = { D: "day", W: "week", M: "month", Y: "year" };

/** `P30D` as `30 days`; what is no period is shown as it is. */
export function period(text: string): string {
  const parts = [...text.toUpperCase().matchAll(/(\d+)([DWMY])/g)];
  const said = parts.map(([, count, unit]) => plural(Number(count), UNITS[unit ?? ""] ?? ""));
  return /^P(\d+[DWMY])+$/i.test(text) ? said.join(" ") : text;
}

/** What stands in a row for a grant that is being taken away, or for one that stands. Never "done". */
export function stateText(grant: GrantView, now: number): string {
  if (grant.outBy === null || grant.revokeAcceptedAt === null) return stateWords[grant.state];
  if (now < grant.outBy) return `certainly out by ${clockTime(grant.outBy)}`;
  return `out`;
}

/** The whole of a revocation, for the pane. */
export function revocationText(grant: GrantView, now: number): string | null {
  if (grant.outBy === null || grant.revokeAcceptedAt === null) return null;
  const accepted = `Accepted ${clockTime(grant.revokeAcceptedAt)}.`;
  const out = clockTime(grant.outBy);
  return now < grant.outBy ? `${accepted} Certainly out by ${out}.` : `${accepted} Certainly out since ${out}.`;
}

export function heldText(held: HeldView, now: number, until: number): string {
  const left = Math.max(1, Math.ceil((until - now) / 1000));
  const verb = held.deed === "revoke" ? "Revoking" : "Granting";
  if (held.stage === "held") return `${verb} in ${left} s`;
  return held.deed === "revoke" ? "revocation requested…" : "grant requested…";
}
