/**
 * The views of people's access; see `types.ts`. Days are `YYYY-MM-DD` in UTC, as Klarna takes them.
 * Absent on purpose: sentences about them. What a fact means to a person is said where it is shown.
 */

export type GrantState = "invited" | "active" | "expiring" | "lapsed" | "revoking" | "revoked" | "unknown";
export type AccessView = "all" | "expiring" | "dormant" | "leavers" | "admins" | "ended";
export type AccessOrder = "newest" | "end" | "role";

export interface GrantView {
  id: string;
  merchantId: string;
  merchantName: string;
  reference: string;
  principal: string;
  person: string;
  onBehalfOf: string;
  staff: boolean;
  roles: string[];
  state: GrantState;
  expiresAt: string | null;
  daysLeft: number | null;
  inactivity: string | null;
  dormant: boolean;
  declared: boolean;
  reason: string | null;
  grantedBy: string;
  grantedAt: number;
  changedAt: number;
  seenAt: number | null;
  revokeAcceptedAt: number | null;
  outBy: number | null;
}

export interface ViewCounts {
  every: number;
  all: number;
  expiring: number;
  dormant: number;
  leavers: number;
  admins: number;
  ended: number;
}

export interface AccessWindow<Row> {
  total: number;
  first: number;
  rows: Row[];
  counts: ViewCounts;
}

export interface AccessPersonRow {
  person: string;
  merchants: number;
  grants: number;
  roles: string[];
  soonestEnd: string | null;
  seenAt: number | null;
  only: string | null;
}

export interface AccessMerchantRow {
  merchantId: string;
  name: string;
  reference: string;
  people: number;
  admins: number;
  soonestEnd: string | null;
  seenAt: number | null;
  only: string | null;
}

export interface AccessRequest {
  view: AccessView;
  role: string | null;
  query: string;
  order: AccessOrder;
  first: number;
  count: number;
}

export interface AccessPersonView {
  principal: string;
  person: string;
  total: number;
  rows: GrantView[];
}

export interface AccessMerchantView {
  merchantId: string;
  name: string;
  reference: string;
  total: number;
  rows: GrantView[];
}

export interface TimelineRequest {
  person: string | null;
  merchantId: string | null;
  before: number | null;
  limit: number;
}

export interface AccessEvent {
  seq: number;
  time: number;
  kind: string;
  merchantId: string | null;
  merchantName: string | null;
  principal: string | null;
  roles: string[];
  expiresAt: string | null;
  by: string;
  byName: string | null;
  reason: string | null;
  outcome: string | null;
  code: string | null;
}

export interface AccessTimeline {
  rows: AccessEvent[];
  next: number | null;
}

export interface GrantWish {
  merchantId: string;
  email: string;
  roles: string[];
  expires: string | null;
  inactivity: string | null;
  asStaff: boolean;
  reason: string | null;
}

export interface RevokeWish {
  merchantId: string;
  principal: string;
  onBehalfOf: string | null;
  reason: string | null;
}

export interface Terms {
  roles: string[];
  expiresAt: string | null;
  inactivity: string | null;
}

export interface ForeseenGrant {
  merchantId: string;
  merchantName: string;
  principal: string;
  change: "new" | "update" | "already_so";
  before: Terms | null;
  after: Terms;
  invitation: boolean;
}

/** An act that can be taken back for a moment, or what became of it. */
export interface HeldView {
  id: string;
  deed: "grant" | "revoke";
  merchantId: string;
  merchantName: string;
  principal: string;
  stage: "held" | "running" | "done" | "failed" | "undone";
  leftMs: number;
  problem: HeldProblem | null;
}

/** As `CommandError`; its code is known to the table of texts. */
export interface HeldProblem {
  code: string;
  message: string;
  hint: string;
  reference: string;
}

export interface UnreadableLine {
  line: number;
  text: string;
  why: string;
}

export interface LeaversView {
  addresses: number;
  repeated: number;
  withoutAccess: string[];
  withoutCount: number;
  unreadable: UnreadableLine[];
  unreadableCount: number;
}
