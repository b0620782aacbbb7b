/**
 * The views that cross IPC, as the contract names them. Times are milliseconds since 1970 UTC; ids are strings; counts are numbers.
 * Written by hand as the UI's own words; `tauri.ts` proves at compile time that the generated bindings fit them.
 * Absent on purpose: links, tokens, keys. None of them ever reaches the window.
 */
import type { ActRow } from "./types_audit";

export type * from "./types_access";
export type * from "./types_bridge";
export type * from "./types_reviews";
export type * from "./types_audit";
export type * from "./types_changes";
export type * from "./types_linking";
export type * from "./types_network";
export type * from "./types_plans";
export type * from "./types_prove";
export type * from "./types_setup";
export type * from "./types_tables";
export type * from "./types_tokens";

export type Environment = "live" | "test" | "sandbox";
export type Theme = "system" | "light" | "dark";
export type KeyringState = "ok" | "absent" | "locked" | "denied" | "slow" | "crashed" | "unknown";
export type LockCause = "start" | "idle" | "absolute" | "sleep" | "clock" | "asked";

export interface LockView {
  set: boolean;
  locked: LockCause | null;
  idleMinutes: number | null;
  absoluteHours: number | null;
  waitSeconds: number;
}

export interface PersonView {
  name: string;
  fingerprint: string;
  roles: string[];
  own: boolean;
}

export interface PersonsView {
  listed: boolean;
  ownRoles: string[];
  persons: PersonView[];
}

/** Whose account the person's own opens name. */
export type OnBehalfOf = "acquirer" | "merchant";

export interface ProfileRow {
  name: string;
  environment: Environment;
  account: string;
  accountName: string;
}

export interface KeyCheck {
  name: string;
  passed: boolean;
  detail: string;
}

export interface KeyView {
  usage: string;
  keyId: string;
  store: string;
  subjectCn: string;
  issuer: string;
  serial: string;
  sha256: string;
  notBefore: number;
  notAfter: number;
  daysLeft: number;
  checks: KeyCheck[];
}

/** What a browser keeps apart, each in a browser profile of its own. */
export type BrowserApart = "nothing" | "environment" | "merchant";

/** So many other persons must agree, each with one of these roles. */
export interface ApprovalRule {
  approvers: number;
  roles: string[];
  /** It begins above so many. */
  over: number;
}

export type ApprovalSubject = "bulkGrants" | "bulkRevokes" | "tokenCopies" | "adminOnLive";
export type Approvals = Record<ApprovalSubject, ApprovalRule>;

export interface ProfileView extends ProfileRow {
  user: string;
  apiUrl: string;
  onBehalfOf: string;
  defaultRoles: string[];
  reasonRequired: boolean;
  unsignedAllowed: boolean;
  browser: string;
  browserApart: string;
  /** To which hosts a portal link may lead, beside this computer for a sandbox. */
  allowedHosts: string[];
  approvals: Approvals;
  keyStore: "keyring" | "file";
  signing: KeyView | null;
  mtls: KeyView | null;
  suggestedMerchant: MerchantRow | null;
}

/** Why the audit log wants attention, whatever the person is doing. */
export interface LogAlarmView {
  what: "anchor" | "entries" | "signing_key";
  message: string;
  hint: string;
}

export interface AppStateView {
  firstRun: boolean;
  version: string;
  dataDir: string;
  profiles: ProfileRow[];
  active: ProfileView | null;
  liveSessions: number;
  unresolved: number;
  keyring: KeyringState;
  logAlarm: LogAlarmView | null;
  theme: Theme;
  lock: LockView;
}

export interface SettingsChange {
  theme?: Theme;
  user?: string;
  defaultRoles?: string[];
  onBehalfOf?: OnBehalfOf;
  reasonRequired?: boolean;
  unsignedAllowed?: boolean;
  browser?: string;
  browserApart?: BrowserApart;
  allowedHosts?: string[];
  bulkGrants?: ApprovalRule;
  bulkRevokes?: ApprovalRule;
  tokenCopies?: ApprovalRule;
  adminOnLive?: ApprovalRule;
}

export type MerchantState = "OPERATIONAL" | "PARTIALLY_OPERATIONAL" | "DISABLED" | "UNKNOWN";
export type MatchedField = "name" | "reference" | "id" | "tag" | "country";

/** Where a query was found: UTF-16 offsets within the named field. */
export interface Matched {
  field: MatchedField;
  start: number;
  end: number;
}

export interface MerchantRow {
  id: string;
  name: string;
  reference: string;
  state: MerchantState;
  country: string;
  tags: string[];
  pinned: boolean;
  openedAt: number | null;
  matched: Matched[];
}

export interface SearchRequest {
  query: string;
  first: number;
  count: number;
}

export interface SearchView {
  total: number;
  of: number;
  first: number;
  rows: MerchantRow[];
  tookUs: number;
}

export interface AheadRequest {
  query: string;
  count: number;
}

export interface Foreseen {
  query: string;
  found: SearchView;
}

export interface MerchantDetail {
  row: MerchantRow;
  refreshedAt: number | null;
  account: string;
  people: number;
  sessions: SessionView[];
  timeline: ActRow[];
}

export interface BadRow {
  line: number;
  column: string;
  value: string;
  message: string;
}

export interface ImportView {
  file: string;
  added: number;
  updated: number;
  unchanged: number;
  bad: BadRow[];
  badTotal: number;
}

export interface OpenRequest {
  merchantId: string;
  openAs: string | null;
  reason: string | null;
  roles: string[] | null;
  unsigned: boolean;
}

export interface OpenView {
  sessionId: string;
  deepLinkId: string;
  merchantId: string;
  expiresAt: number;
  intentSeq: number;
  outcomeSeq: number;
  actId: string;
}

export type SessionState = "waiting" | "used" | "revoking" | "ended";

export interface SessionView {
  id: string;
  deepLinkId: string;
  merchantId: string;
  merchantName: string;
  reference: string;
  principal: string;
  openAs: boolean;
  roles: string[];
  unsigned: boolean;
  state: SessionState;
  createdAt: number;
  linkDeadAt: number;
  fetchedAt: number | null;
  expiresAt: number;
  revokedAt: number | null;
  outBy: number | null;
  browser: string;
  ended: null | "expired" | "revoked" | "link_not_used";
}

export interface RevokedAll {
  revoked: number;
  failed: number;
}

export interface DoctorLine {
  part: string;
  state: "ok" | "warn" | "bad" | "skipped";
  message: string;
  hint: string;
}

export interface DoctorView {
  lines: DoctorLine[];
}

export interface ReconcileView {
  resolved: number;
  unresolved: number;
}

export type Step =
  "recorded" | "signed" | "asked" | "link" | "browser-asked" | "opened" | "link-dead" | "setup" | "failed";

export interface ActProgress {
  actId: string;
  merchantId: string | null;
  step: Step;
  text: string;
  ms: number;
}
