/**
 * The views of account linking; see `types.ts`.
 * Absent on purpose: password, client token, authorization token. They go inward through commands named `secret_*`, or never come here.
 */
import type { TokenRow } from "./types_tokens";

export type Region = "europe" | "north_america" | "oceania";

export interface LinkingTerms {
  text: string;
  accepted: boolean;
  hosts: { region: string; host: string }[];
}

export interface PaymentsLogin {
  region: string;
  user: string;
  host: string;
}

/** Amounts are in the smallest unit of the currency. */
export interface OrderWish {
  country: string;
  locale: string | null;
  currency: string;
  reference: string | null;
  lines: { name: string; quantity: number; unitPrice: number }[];
}

export interface LinkingWish {
  merchantId: string | null;
  /** The stored token of a returning customer, by its number in the vault. */
  tokenId: string | null;
  customer: string | null;
  order: OrderWish;
}

/** What became of the token with the order: come, the same, another one in its place, or none. */
export type LinkingWord = "linked" | "same" | "replaced" | "opted_out";

export interface LinkingSession {
  id: string;
  sessionId: string;
  merchantId: string | null;
  merchantName: string | null;
  /** The stored token that went with it. */
  sent: TokenRow | null;
  /** The token that its order brought. */
  brought: TokenRow | null;
  customer: string | null;
  country: string | null;
  currency: string;
  amount: number | null;
  reference: string | null;
  startedAt: number;
  openUntil: number;
  orderId: string | null;
  orderedAt: number | null;
  linking: string | null;
}

export interface LinkedOrder {
  session: LinkingSession;
  fraudStatus: string | null;
  /** What became of the token, in a sentence of Rust's. */
  meaning: string;
  token: TokenRow | null;
}

/** A call as it would be sent, every secret a variable's name. */
export interface CallView {
  step: string;
  method: string;
  url: string;
  curl: string;
  json: string;
}

export interface LinkingCalls {
  /** In the order in which they are made. */
  calls: CallView[];
  /** What the session is about now. */
  order: OrderWish;
}

/** What a form may ask for. */
export interface DataPackage {
  name: string;
  members: { name: string; holds: string }[];
}

export interface DataPart {
  package: string;
  /** The entry of the package's list, from 0. */
  entry: number;
  member: string;
  value: string;
}

export interface BuiltData {
  /** As it stands in a session's update: its body is a text. */
  attachment: string;
  body: string;
}

/** The part of the backend that is about account linking. */
export interface LinkingBackend {
  linkingTerms(): Promise<LinkingTerms>;
  linkingTermsAccept(): Promise<LinkingTerms>;
  linkingLogin(): Promise<PaymentsLogin | null>;
  linkingSessions(): Promise<LinkingSession[]>;
  linkingStart(wish: LinkingWish): Promise<LinkingSession>;
  /** Rust hands the purchase's page to the browser; whether the browser came for it, within a minute. */
  linkingOpen(id: string): Promise<boolean>;
  /** Drawn by what makes the real calls; nothing is sent. */
  linkingCalls(id: string): Promise<LinkingCalls>;
  linkingCall(wish: LinkingWish): Promise<CallView>;
  /** Null leaves the order as it is; merchant data may hold tokens, so it goes in and is wiped. */
  secretLinkingUpdate(id: string, order: OrderWish | null, merchantData: string | null): Promise<LinkingSession>;
  emdPackages(): Promise<DataPackage[]>;
  emdBuild(parts: DataPart[]): Promise<BuiltData>;
  /** The password goes into the key store and never comes back. */
  secretLinkingLogin(region: string, user: string, password: string): Promise<PaymentsLogin>;
  /** Places the order with the authorization token, which goes in and never comes back. */
  secretLinkingOrder(id: string, authorization: string): Promise<LinkedOrder>;
}
