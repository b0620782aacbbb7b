/**
 * The views of access reviews; see `types.ts`.
 * Absent on purpose: sentences about them. What a fact means to a person is said where it is shown.
 */

export type VerdictWord = "keep" | "revoke";
export type ReviewState = "open" | "handed_in" | "signed_off" | "concluded";
export type ScopeWord = "all" | "merchant" | "admins";
export type LinesWord = "all" | "undecided" | "kept" | "revoked";

export interface ReviewProgress {
  lines: number;
  decided: number;
  revoked: number;
}

export interface ReviewView {
  id: string;
  name: string;
  own: boolean;
  state: ReviewState;
  scope: ScopeWord;
  merchantId: string | null;
  progress: ReviewProgress;
  startedAt: number;
  due: string | null;
  snapshotSha256: string;
  signedOffAt: number | null;
  planSha256: string | null;
  concludedAt: number | null;
}

export interface ReviewsView {
  reviews: ReviewView[];
  nextDue: string | null;
}

export interface ReviewDecision {
  reviewer: string;
  own: boolean;
  verdict: VerdictWord;
  note: string | null;
  selfReview: boolean;
}

export interface ReviewLineView {
  line: number;
  merchantId: string;
  merchantName: string;
  reference: string;
  principal: string;
  staff: boolean;
  roles: string[];
  state: string;
  declared: boolean;
  reason: string | null;
  grantedBy: string;
  grantedAt: number;
  changedAt: number;
  seenAt: number | null;
  expiresAt: string | null;
  inactivity: string | null;
  selfReview: boolean;
  verdict: VerdictWord | null;
  decisions: ReviewDecision[];
}

export interface ReviewWindow {
  review: ReviewView;
  total: number;
  first: number;
  rows: ReviewLineView[];
}

export interface ReviewLinesRequest {
  id: string;
  filter: LinesWord;
  first: number;
  count: number;
}

export interface ReviewWish {
  name: string;
  scope: ScopeWord;
  merchantId?: string | null;
  due?: string | null;
}

export interface DecisionWish {
  id: string;
  line: number;
  verdict?: VerdictWord | null;
  note?: string | null;
}

export interface SignOffWish {
  id: string;
  typed: string;
  undecidedRevoke: boolean;
  reason?: string | null;
}
