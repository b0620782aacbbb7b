/**
 * The views of customer tokens; see `types.ts`. A token is a hint and a fingerprint here, and named by its number in the vault.
 * Absent on purpose: the token. It goes inward once, through commands named `secret_*`, and never comes back.
 */

export type TokenFamily = "network_payment" | "network_linking" | "v1" | "unknown";
export type TokenState =
  "ACTIVE" | "REVOKED" | "SUSPENDED" | "PENDING_REVOKE" | "SUPERSEDED" | "UNKNOWN" | "UNREACHABLE";
export type TokenViewName =
  "all" | "active" | "never" | "unreachable" | "unknown" | "pending" | "suspended" | "revoked" | "superseded";
export type TokenSource = "typed" | "imported" | "created" | "webhook" | "linked";

export interface TokenRow {
  id: string;
  /** The known head, and few characters of both ends. */
  hint: string;
  /** 12 hex digits in groups of four, the same as in the log. */
  fingerprint: string;
  family: TokenFamily;
  merchantId: string | null;
  merchantName: string | null;
  merchantReference: string | null;
  reference: string | null;
  scopes: string[];
  customer: string | null;
  subscription: string | null;
  state: TokenState;
  /** Who ended it: `us`, `customer`, `klarna`, or Klarna's own word. */
  endedBy: string | null;
  supersededBy: string | null;
  source: TokenSource;
  createdAt: number | null;
  keptAt: number;
  usedAt: number | null;
  checkedAt: number | null;
}

export interface TokensRequest {
  view: TokenViewName;
  /** The beginning of a reference, a customer id, a subscription id or a fingerprint. */
  text: string;
  merchantId: string | null;
  /** The last row of the page before. */
  before: string | null;
  limit: number;
}

/** A page, newest first; there is no count of what a search finds. */
export interface TokensPage {
  rows: TokenRow[];
  next: string | null;
}

export type TokenCounts = Record<TokenViewName, number>;

/** One thing that this tool knows to have happened to a token. */
export interface TokenEvent {
  time: number;
  /** The kind of the audit entry, such as `token.check`. */
  kind: string;
  outcome: string;
  told: string;
  seq: number | null;
  /** The person's name in the profile's list, or the id of the person's key. */
  who: string | null;
}

/** What is known of a token that was pasted whole. */
export interface TokenFound {
  hint: string;
  fingerprint: string;
  family: TokenFamily;
  environment: string | null;
  mistakenFor: string | null;
  otherEnvironment: boolean;
  kept: TokenRow | null;
  /** The entries of the log that name it, newest first. */
  entries: number[];
}

/** What is told of a token that is to be kept. */
export interface TokenTold {
  merchantId: string | null;
  reference: string | null;
  scopes: string[];
  customer: string | null;
  subscription: string | null;
}

export interface TokenCopied {
  /** When Rust clears the clipboard. */
  until: number;
}

/** A token that Klarna was asked about. */
export interface TokenChecked {
  row: TokenRow;
  /** Why it could not be asked; a sentence. */
  trouble: string | null;
  /** What Klarna says of how it pays. */
  paymentMethod: string | null;
}

export interface TokenRevokeWish {
  id: string;
  /** The fingerprint, typed; Rust demands it outside of the sandbox. */
  confirmation: string;
  reason: string;
}

export interface TokenRevoked {
  row: TokenRow;
  acceptedAt: number;
  /** Whether a second read found it dead. */
  verified: boolean;
  revokedBefore: boolean;
  /** A text for the merchant, to be sent by a person. */
  merchantText: string;
}

export type Presence = "customer_present" | "customer_not_present";
export type Interval = "DAY" | "WEEK" | "MONTH" | "YEAR";

/** Amounts are in the smallest unit of the currency. */
export interface TermsWish {
  currency: string;
  /** Nothing where only a token is made. */
  amount: number | null;
  paymentReference: string | null;
  ondemand: { average: number; count: number; interval: Interval } | null;
  subscription: { reference: string; amount: number | null; interval: Interval | null } | null;
  returnUrl: string | null;
}

export interface TokenCreateWish {
  merchantId: string;
  presence: Presence;
  logIn: boolean;
  reference: string | null;
  customer: string | null;
  terms: TermsWish;
}

export interface TokenChargeWish {
  id: string;
  presence: Presence;
  terms: TermsWish;
  reason: string | null;
}

export type ConsentState = "submitted" | "in_progress" | "completed" | "canceled" | "expired" | "declined" | "other";

/** A customer who was asked; the page's address never comes here. */
export interface ConsentView {
  id: string;
  merchantId: string;
  merchantName: string | null;
  requestId: string;
  state: ConsentState;
  /** Whether the customer may still agree. */
  open: boolean;
  askedAt: number;
  expiresAt: number | null;
  /** Until when the payment is to be finished; null where none waits. */
  finishBy: number | null;
  /** Whether a charge asked, and not the making of a token. */
  charge: boolean;
  pays: boolean;
  paidAt: number | null;
  tokenId: string | null;
}

export interface TokenCharged {
  outcome: "approved" | "step_up" | "declined";
  reason: string | null;
  meaning: string | null;
  transactionId: string | null;
  consent: ConsentView | null;
  seq: number | null;
}

/** Why a charge failed, and what to do; each in a sentence of Rust's. */
export interface ExplainedView {
  pasted: string;
  matter: string;
  cause: string;
  retry: string;
  word: string | null;
  invented: boolean;
  status: number | null;
  reference: string | null;
  parameters: FlawView[];
}

export interface FlawView {
  path: string;
  what: string;
  /** Whether Klarna refuses or ignores it; otherwise it is worth a look. */
  breach: boolean;
}

export type MeantWord = "create" | "charge_present" | "charge_absent" | "finalise";

export interface DeliveryView {
  good: boolean;
  signature: string;
  hint: string | null;
  keyId: string | null;
  age: string;
  /** No older than Klarna repeats deliveries, and not ahead. */
  timely: boolean;
  repeated: boolean;
  eventId: string | null;
  eventType: string | null;
  merchantId: string | null;
  unreadable: string | null;
  otherEnvironment: boolean;
}

export interface DeliveryTaken {
  examined: DeliveryView;
  done: string;
  row: TokenRow | null;
}
