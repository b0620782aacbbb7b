/**
 * The pretence of access reviews: one that is being decided, a colleague's, and one that is concluded; their lines are made from numbers.
 * Absent on purpose: Rust's rules, but those that a page shows: undecided lines refuse a sign-off.
 */
import type { Backend } from "./backend";
import { failure, type Pretence } from "./fake_pretence";
import type { LinesWord, ReviewDecision, ReviewLineView, ReviewView, VerdictWord } from "./types";

/** What of a backend is about reviews. */
export type ReviewCommands = Pick<Backend, Extract<keyof Backend, `review${string}`>>;

interface Needs {
  pretence: Pretence;
  now: () => number;
  answer: () => Promise<void>;
}

const DAY = 86_400_000;
const FIRST = ["anna", "bertil", "chloé", "δημήτρης", "eva", "фёдор", "greta", "hugo"];
const SHOPS = ["Bageri Åsa", "Café Größe", "Δέλτα ΑΕ", "Кафе Мир", "Blumen & Söhne", "Old Harbour Books"];
const REASONS = ["runs the till", "new shop manager", null, "integration until the launch", "holiday cover"];
const STATES = ["active", "active", "expiring", "invited", "lapsed"];
const pick = <T>(from: readonly T[], at: number): T => from[at % from.length] as T;

function lineAt(line: number, now: number): ReviewLineView {
  const seen = line % 4 === 3 ? null : now - ((line * 7) % 190) * DAY;
  const state = pick(STATES, line * 3);
  return {
    line,
    merchantId: `krn:partner:global:account:test:MB${String(100_000 + line)}`,
    merchantName: pick(SHOPS, Math.floor((line - 1) / 3)),
    reference: `SE-${String(400 + Math.floor((line - 1) / 3)).padStart(5, "0")}`,
    principal: `${pick(FIRST, line)}.${line}@merchant.example`,
    staff: line % 11 === 0,
    roles: line % 5 === 0 ? ["merchant:admin"] : ["merchant:developer"],
    state,
    declared: line % 9 === 0,
    reason: pick(REASONS, line),
    grantedBy: line % 3 === 0 ? "account.manager@acquirer.example" : "Sigrid Lind",
    grantedAt: now - (30 + line) * DAY,
    changedAt: now - (20 + line) * DAY,
    seenAt: seen,
    expiresAt: state === "expiring" ? new Date(now + 9 * DAY).toISOString().slice(0, 10) : null,
    inactivity: line % 2 === 0 ? "P90D" : null,
    selfReview: line % 3 === 0,
    verdict: null,
    decisions: [],
  };
}

class FakeReview {
  private readonly decided = new Map<number, ReviewDecision[]>();

  constructor(
    readonly view: ReviewView,
    private readonly now: number,
    upTo: number,
  ) {
    for (let line = 1; line <= upTo; line += 1) this.decide(line, line % 13 === 0 ? "revoke" : "keep", null);
  }

  decide(line: number, verdict: VerdictWord | null, note: string | null): void {
    const before = this.verdict(line);
    const others = (this.decided.get(line) ?? []).filter(({ own }) => !own);
    const own = { reviewer: "you", own: true, note, selfReview: line % 3 === 0 };
    this.decided.set(line, verdict ? [...others, { ...own, verdict }] : others);
    const after = this.verdict(line);
    const { progress } = this.view;
    progress.decided += Number(after !== null) - Number(before !== null);
    progress.revoked += Number(after === "revoke") - Number(before === "revoke");
  }

  lines(filter: LinesWord): number[] {
    const wanted = { all: undefined, undecided: null, kept: "keep", revoked: "revoke" }[filter];
    const all = Array.from({ length: this.view.progress.lines }, (_, at) => at + 1);
    return wanted === undefined ? all : all.filter((line) => this.verdict(line) === wanted);
  }

  at(line: number): ReviewLineView {
    return { ...lineAt(line, this.now), verdict: this.verdict(line), decisions: this.decided.get(line) ?? [] };
  }

  private verdict(line: number): VerdictWord | null {
    const found = (this.decided.get(line) ?? []).map(({ verdict }) => verdict);
    return found.includes("revoke") ? "revoke" : (found[0] ?? null);
  }
}

function made(id: string, name: string, lines: number, now: number, upTo = 0): FakeReview {
  const view: ReviewView = {
    id,
    name,
    own: true,
    state: "open",
    scope: "all",
    merchantId: null,
    progress: { lines, decided: 0, revoked: 0 },
    startedAt: now - 2 * DAY,
    due: new Date(now + 12 * DAY).toISOString().slice(0, 10),
    snapshotSha256: "9f2b41c07d53a1e88c0f6d2a9b7e4410c5d3f1a2e6b8970415263748596a7b8c",
    signedOffAt: null,
    planSha256: null,
    concludedAt: null,
  };
  return new FakeReview(view, now, upTo);
}

function full(now: number): FakeReview[] {
  const task = made("review-task", "Admins, from Sigrid", 48, now, 48);
  Object.assign(task.view, { own: false, scope: "admins" });
  const old = made("review-old", "Spring 2026", 860, now, 860);
  const times = { startedAt: now - 200 * DAY, signedOffAt: now - 190 * DAY, concludedAt: now - 189 * DAY, due: null };
  Object.assign(old.view, { state: "concluded", planSha256: "77ab", ...times });
  return [made("review-now", "Autumn 2026", 900, now, 412), task, old];
}

/** The made-up reviews, and how one is found and changed. */
class Shelf {
  reviews: FakeReview[];

  constructor(private readonly needs: Needs) {
    this.reviews = needs.pretence.state === "full" ? full(needs.now()) : [];
  }

  readonly of = async (id: string): Promise<FakeReview> => {
    await this.needs.answer();
    return this.reviews.find(({ view }) => view.id === id) ?? Promise.reject(failure("review_missing"));
  };
}

const changed = (review: FakeReview, change: Partial<ReviewView>): ReviewView =>
  structuredClone(Object.assign(review.view, change));

/** Makes that part. */
export function reviewed(needs: Needs): ReviewCommands {
  const shelf = new Shelf(needs);
  return { ...lines(shelf, needs), ...ends(shelf, needs) };
}

type Lines = "reviewsList" | "reviewStart" | "reviewLines" | "reviewDecide";

function lines(shelf: Shelf, { pretence, now, answer }: Needs): Pick<ReviewCommands, Lines> {
  const { of } = shelf;
  return {
    reviewsList: async () => {
      await answer();
      const due = pretence.state === "full" ? (shelf.reviews[0]?.view.due ?? null) : null;
      return { reviews: shelf.reviews.map(({ view }) => structuredClone(view)), nextDue: due };
    },
    reviewStart: async ({ name, scope, merchantId, due }) => {
      await answer();
      if (name.trim() === "") throw failure("input_invalid");
      const review = made(`review-${shelf.reviews.length + 1}`, name, 900, now());
      Object.assign(review.view, { scope, merchantId: merchantId ?? null, due: due ?? null, startedAt: now() });
      shelf.reviews = [review, ...shelf.reviews];
      return structuredClone(review.view);
    },
    reviewLines: async ({ id, filter, first, count }) => {
      const review = await of(id);
      const found = review.lines(filter);
      const rows = found.slice(first, first + count).map((line) => review.at(line));
      return { review: structuredClone(review.view), total: found.length, first, rows };
    },
    reviewDecide: async ({ id, line, verdict, note }) => {
      const review = await of(id);
      review.decide(line, verdict ?? null, note ?? null);
      return { ...review.view.progress };
    },
  };
}

function ends({ of }: Shelf, { now, answer }: Needs): Omit<ReviewCommands, Lines> {
  return {
    reviewExportTask: (id) => of(id).then(({ view }) => `${view.name}-task.jsonl`),
    reviewImport: () => answer().then(() => null),
    reviewHandIn: async (id) => `${changed(await of(id), { state: "handed_in" }).name}-decisions.jsonl`,
    reviewSignOff: async ({ id, typed, undecidedRevoke }) => {
      const review = await of(id);
      if (typed.trim() !== review.view.name) throw failure("input_invalid");
      const { progress } = review.view;
      if (progress.decided < progress.lines && !undecidedRevoke) throw failure("review_undecided");
      for (const line of review.lines("undecided")) review.decide(line, "revoke", null);
      return changed(review, { state: "signed_off", signedOffAt: now(), planSha256: "5d41" });
    },
    reviewPlan: async (id) => changed(await of(id), { planSha256: "5d42" }),
    reviewConclude: async (id, asItStands) => {
      const review = await of(id);
      if (!asItStands && review.view.progress.revoked > 0) throw failure("review_outstanding");
      return changed(review, { state: "concluded", concludedAt: now() });
    },
    reviewExport: (id) => of(id).then(({ view }) => `${view.name}-evidence.zip`),
  };
}
