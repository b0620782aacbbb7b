/**
 * The words of customer tokens: states, families, scopes, what happened. Revocation is never "done".
 * Absent on purpose: whether something is so; that comes from Rust.
 */
import type { TokenEvent, TokenFamily, TokenRow, TokenSource, TokenState, TokenViewName } from "../ipc/backend";
import { since } from "../lib/format";

export const words = {
  ours: "What Gatehouse knows; Klarna lists no tokens.",
  search: "Search tokens",
  placeholder: "Reference, customer, subscription, fingerprint or merchant",
  loading: "Reading the vault…",
  emptyTitle: "No customer tokens yet",
  emptyText:
    "A customer token charges a saved payment method, or links an account. Keep the ones you have here, sealed by your keyring: then you can look them up, check them and revoke them.",
  nothingTitle: "No token begins like that",
  nothingText: "References, customer and subscription ids and fingerprints are found by their beginning.",
  none: "Select a token to see what is known of it.",
  find: "Find by token",
  add: "Add by hand",
  create: "Create token",
  check: "Check now",
  copy: "Copy for 60 s",
  revoke: "Revoke",
};

export const stateWords: Record<TokenState, string> = {
  ACTIVE: "active",
  UNKNOWN: "never checked",
  UNREACHABLE: "check failed",
  SUSPENDED: "suspended",
  PENDING_REVOKE: "pending revoke",
  REVOKED: "revoked",
  SUPERSEDED: "superseded",
};

/** The word of a row; a token that was asked about and is unknown all the same is another than one that never was. */
export const stateWord = (row: TokenRow): string =>
  row.state === "UNKNOWN" && row.checkedAt !== null ? "unknown" : stateWords[row.state];

/** The same as a sentence of the pane. */
export function stateText(row: TokenRow, now: number): string {
  const asked = row.checkedAt === null ? "" : `, ${since(row.checkedAt, now)}`;
  const by = row.endedBy === null ? "" : ` by ${enders[row.endedBy] ?? row.endedBy}`;
  const texts: Record<TokenState, string> = {
    ACTIVE: `Klarna said it can be charged${asked}`,
    UNKNOWN:
      row.checkedAt === null
        ? "Klarna was never asked about it"
        : `Klarna answered with a word that Gatehouse does not know${asked}`,
    UNREACHABLE: `The last check got no answer${asked}`,
    SUSPENDED: `Klarna blocks it${asked}`,
    PENDING_REVOKE: `Klarna accepted its end and has not said that it is over${asked}`,
    REVOKED: `Revoked${by}; it can never be charged again`,
    SUPERSEDED: "Another token took its place",
  };
  return texts[row.state];
}

const enders: Record<string, string> = { us: "us", customer: "the customer", klarna: "Klarna" };

export const viewWords: Record<TokenViewName, { name: string; none: string }> = {
  all: { name: "All", none: "" },
  active: { name: "Active", none: "Klarna said of no token that it is active." },
  never: { name: "Never checked", none: "Klarna was asked about every token." },
  unreachable: { name: "Check failed", none: "Every check was answered." },
  unknown: { name: "Unknown", none: "Klarna used no word that Gatehouse does not know." },
  pending: { name: "Pending revoke", none: "No revocation waits for Klarna." },
  suspended: { name: "Suspended", none: "Klarna blocks no token." },
  revoked: { name: "Revoked", none: "No token is known to be revoked." },
  superseded: { name: "Superseded", none: "No token was replaced by another." },
};

export const familyWords: Record<TokenFamily, { name: string; what: string }> = {
  network_payment: { name: "Network payment", what: "Made by authorizePayment; charged through Klarna's network." },
  network_linking: { name: "Linked account", what: "Made by account linking; a new one may come with each order." },
  v1: { name: "Payments v1", what: "Made by payments v1; ordered and cancelled there." },
  unknown: { name: "Unknown shape", what: "Kept as it is; Gatehouse does not know this shape." },
};

export const sourceWords: Record<TokenSource, string> = {
  typed: "added by hand",
  imported: "imported",
  created: "made here",
  webhook: "from a webhook",
  linked: "from a linked order",
};

/** What a scope allows: a word for rows, a sentence for the pane. */
const scopeWords: Record<string, { name: string; what: string }> = {
  "payment:customer_present": {
    name: "present",
    what: "Charged while the customer is there; Klarna may ask them to confirm.",
  },
  "payment:customer_not_present": {
    name: "not present",
    what: "Charged while nobody can be asked, such as a subscription.",
  },
  "customer:login": { name: "login", what: "Recognises the customer's Klarna account." },
};

export const scopeWord = (scope: string): { name: string; what: string } =>
  scopeWords[scope] ?? { name: scope, what: "A scope that Gatehouse does not know." };

export const scopesText = (scopes: readonly string[]): string =>
  scopes.length === 0 ? "not told" : scopes.map((scope) => scopeWord(scope).name).join(", ");

const kinds: Record<string, string> = {
  "token.add": "Kept here",
  "token.import": "Imported",
  "token.create": "Made",
  "token.charge": "Charged",
  "token.check": "Checked",
  "token.revoke": "Revocation asked",
  "token.copy": "Copied for 60 s",
  "token.cancel": "Request cancelled",
  "token.finalise": "Payment finished",
  "token.webhook": "Told by webhook",
  "token.reconcile": "Compared with Klarna",
  "token.supersede": "Replaced",
};

/** What happened, and what is told of it; a state as its word. */
export function eventText({ kind, told }: TokenEvent): string {
  const what = kinds[kind] ?? kind;
  const word = stateWords[told as TokenState] ?? sourceWords[told as TokenSource] ?? told;
  return word === "" ? what : `${what}: ${word}`;
}

/** The secret part of a hint, which is what tells tokens apart, and the head that everybody knows. */
export function cut(hint: string): [head: string, ends: string] {
  const at = hint.lastIndexOf(":") + 1;
  return [hint.slice(0, at), hint.slice(at)];
}

/** Whether what was typed is the fingerprint; spaces and capitals do not count. */
export function confirms(typed: string, row: TokenRow): boolean {
  const bare = (text: string): string => text.replace(/\s/g, "").toLowerCase();
  return bare(typed) === bare(row.fingerprint);
}

/** Whether a token can still be charged, as far as anybody knows. */
export const isOver = ({ state }: TokenRow): boolean => state === "REVOKED" || state === "SUPERSEDED";
