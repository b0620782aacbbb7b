/**
 * Made-up customer tokens for tests and pictures: 120,000 by a pattern, each made when it is looked at, with what was changed in this page.
 * Absent on purpose: whole tokens, but the two that can be looked up.
 */
import type { Environment } from "./backend";
import { merchantAt } from "./fake_data";
import type { TokenCounts, TokenEvent, TokenFamily, TokenRow, TokenState, TokenViewName } from "./types";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
export const VAULT = 120_000;
const HEX = "0123456789abcdef";
const PERSONS = ["Nora Lindqvist", "Bea"];

/** The states of the first rows, so that a picture shows each; the pattern follows. */
const FIRST: TokenState[] = ["ACTIVE", "ACTIVE", "UNKNOWN", "PENDING_REVOKE", "ACTIVE", "UNREACHABLE", "REVOKED"];
const LATER: TokenState[] = ["SUSPENDED", "SUPERSEDED", "ACTIVE", "UNKNOWN", "REVOKED", "ACTIVE", "ACTIVE"];

const VIEW_OF: Record<TokenState, TokenViewName> = {
  ACTIVE: "active",
  UNKNOWN: "never",
  UNREACHABLE: "unreachable",
  SUSPENDED: "suspended",
  PENDING_REVOKE: "pending",
  REVOKED: "revoked",
  SUPERSEDED: "superseded",
};

export const stateAt = (index: number): TokenState => {
  const list = index < FIRST.length ? FIRST : index < 14 ? LATER : null;
  if (list) return list[index % 7] as TokenState;
  if (index % 17 === 3) return "REVOKED";
  if (index % 23 === 5) return "UNKNOWN";
  if (index % 61 === 7) return "SUPERSEDED";
  return index % 199 === 11 ? "UNREACHABLE" : index % 401 === 12 ? "SUSPENDED" : "ACTIVE";
};

/** Characters by a pattern, from an alphabet. */
function some(length: number, seed: number, alphabet = HEX): string {
  let [text, value] = ["", (seed + 7) * 2_654_435_761];
  for (let at = 0; at < length; at += 1) {
    text += alphabet.charAt(Math.abs(value) % alphabet.length);
    value = Math.floor(value / 7) + seed * 131 + at * 17;
  }
  return text;
}

const familyAt = (index: number): TokenFamily =>
  index % 11 === 4 ? "v1" : index % 7 === 5 ? "network_linking" : index === 12 ? "unknown" : "network_payment";

const LINKING = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

function hintAt(index: number, family: TokenFamily, environment: Environment): string {
  const ends = `${some(4, index)}…${some(4, index + 91)}`;
  if (family === "network_payment") return `krn:customer-token:eu1:${ends}`;
  const where = environment === "live" ? "live" : "test";
  if (family === "network_linking")
    return `krn:partner:eu1:${where}:identity:customer-token:${some(4, index, LINKING)}…${some(4, index + 91, LINKING)}`;
  return family === "v1" ? ends : `${some(2, index)}…${some(2, index + 91)}`;
}

function scopesAt(index: number, family: TokenFamily): string[] {
  if (family === "unknown" || index % 31 === 30) return [];
  if (family === "network_linking")
    return index % 2 ? ["customer:login"] : ["customer:login", "payment:customer_present"];
  return index % 3 === 1 ? ["payment:customer_present"] : ["payment:customer_not_present"];
}

export const fingerprintAt = (index: number): string =>
  [some(4, index + 1000), some(4, index + 2000), some(4, index + 3000)].join(" ");

const referenceAt = (index: number): string | null =>
  index % 37 === 36
    ? null
    : index === 9
      ? "sub-\u202Edrac\u202C-<b>7</b>"
      : `sub-2026-${String(100_000 + ((index * 7919) % 900_000))}`;

export function tokenAt(index: number, environment: Environment, now: number): TokenRow {
  const family = familyAt(index);
  const state = stateAt(index);
  const merchant = index % 41 === 40 ? null : merchantAt((index * 13) % 2_000, environment, now);
  const kept = now - index * 7 * MINUTE - 20 * MINUTE;
  const asked = state === "UNKNOWN" ? null : Math.max(kept, now - (index % 9) * 5 * HOUR - 4 * MINUTE);
  const onCall = scopesAt(index, family).includes("payment:customer_not_present");
  return {
    id: String(VAULT - index),
    hint: hintAt(index, family, environment),
    fingerprint: fingerprintAt(index),
    family,
    merchantId: merchant?.id ?? null,
    merchantName: merchant?.name ?? null,
    merchantReference: merchant?.reference ?? null,
    reference: referenceAt(index),
    scopes: scopesAt(index, family),
    customer: index % 6 === 5 ? null : `cust-${10_000 + ((index * 31) % 90_000)}`,
    subscription: onCall ? `S-${String(4_000 + ((index * 17) % 6_000))}` : null,
    state,
    endedBy: state === "REVOKED" ? (index % 2 ? "customer" : "us") : null,
    supersededBy: state === "SUPERSEDED" ? String(VAULT - index + 1) : null,
    source:
      index % 5 === 2 ? "imported" : family === "network_linking" ? "linked" : index % 5 === 3 ? "typed" : "created",
    createdAt: family === "v1" ? null : kept,
    keptAt: kept,
    usedAt: state === "UNKNOWN" || index % 4 === 3 ? null : Math.max(kept, now - (index % 28) * DAY - 3 * HOUR),
    checkedAt: asked,
  };
}

/** How many of the pattern are in each view. */
export function countsOf(size: number, changed: ReadonlyMap<number, Partial<TokenRow>>): TokenCounts {
  const counts = Object.fromEntries(
    ["all", "unknown", ...Object.values(VIEW_OF)].map((view) => [view, 0]),
  ) as TokenCounts;
  for (let index = 0; index < size; index += 1) {
    counts.all += 1;
    counts[VIEW_OF[changed.get(index)?.state ?? stateAt(index)]] += 1;
  }
  return counts;
}

export const isIn = (view: TokenViewName, state: TokenState): boolean => view === "all" || VIEW_OF[state] === view;

/** Whether one of the acquirer's own ids, or the fingerprint, begins like what is typed. */
export function begins(row: TokenRow, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  const plain = row.fingerprint.replaceAll(" ", "");
  const words = [row.reference, row.customer, row.subscription, row.fingerprint, plain];
  return words.some((word) => word?.toLowerCase().startsWith(wanted));
}

/** What a row of the pattern went through. */
export function storyOf(row: TokenRow): TokenEvent[] {
  const seq = 2_000 + (Number(row.id) % 400) * 6;
  const line = (time: number | null, at: number, kind: string, outcome: string, told: string): TokenEvent[] =>
    time === null
      ? []
      : [
          {
            time,
            kind,
            outcome,
            told,
            seq: seq + at,
            who: kind === "token.webhook" ? null : (PERSONS[at % 2] ?? null),
          },
        ];
  return [
    ...(row.endedBy === "customer"
      ? line(row.checkedAt, 5, "token.webhook", "succeeded", "revoked by the customer")
      : []),
    ...(row.endedBy === "us"
      ? line(row.checkedAt, 5, "token.revoke", "succeeded", "customer cancelled the subscription")
      : []),
    ...(row.state === "PENDING_REVOKE"
      ? line(row.checkedAt, 4, "token.revoke", "unknown", "accepted, not seen to be over")
      : []),
    ...(row.state === "UNREACHABLE" ? line(row.checkedAt, 4, "token.check", "refused", "Klarna did not answer") : []),
    ...line(row.state === "ACTIVE" ? row.checkedAt : null, 3, "token.check", "succeeded", "ACTIVE"),
    ...line(row.usedAt, 2, "token.charge", "succeeded", "129.00 SEK approved"),
    ...line(row.keptAt, 1, row.source === "created" ? "token.create" : "token.add", "succeeded", row.source),
  ];
}
