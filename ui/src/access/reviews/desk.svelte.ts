/**
 * A review as it is decided: windows of lines by 100, and decisions that are painted at once and sent in order behind.
 * What could not be sent for now stays in its review's queue, is said, and is sent again when asked; nothing is lost by leaving the screen.
 * What Rust refused is put back and said, and holds nothing up. A line that is decided keeps its place until the filter is chosen anew, so
 * that the next key press means the line below.
 * Absent on purpose: rules and counts; Rust's answer is the truth as soon as nothing waits.
 */
import { backend } from "#backend";
import type {
  LinesWord,
  ReviewLineView,
  ReviewLinesRequest,
  ReviewView,
  ReviewWindow,
  VerdictWord,
} from "../../ipc/backend";
import { app } from "../../frame/app_state.svelte";
import { notices } from "../../frame/dialogs.svelte";
import { toProblem, type Problem } from "../../ipc/problem";
import { plural } from "../../lib/format";
import { Outbox, type Sent } from "./outbox.svelte";

const WINDOW = 100;

export const ownOf = (row: ReviewLineView | null): ReviewLineView["decisions"][number] | null =>
  row?.decisions.find(({ own }) => own) ?? null;

/** What decisions come to: any revoke wins. */
export function comesTo(decisions: ReviewLineView["decisions"]): VerdictWord | null {
  if (decisions.some(({ verdict }) => verdict === "revoke")) return "revoke";
  return decisions.length > 0 ? "keep" : null;
}

export class Desk {
  review: ReviewView | null = $state.raw(null);
  filter: LinesWord = $state("all");
  total = $state(0);
  index = $state(0);
  answered = $state(false);
  problem: Problem | null = $state.raw(null);
  private version = $state(0);
  private readonly windows = new Map<number, ReviewLineView[]>();
  private readonly underWay = new Set<number>();
  private readonly moved = new Set<number>();
  private readonly done: { index: number; line: number }[] = [];
  private readonly outbox = new Outbox({
    settled: (id, progress) => {
      if (this.review?.id === id) this.review = { ...this.review, progress };
    },
    refused: (sent, problem) => this.putBack(sent, problem),
  });
  private profile: string | undefined;
  private asked = 0;

  get current(): ReviewLineView | null {
    return this.row(this.index);
  }

  get open(): boolean {
    return this.review?.state === "open";
  }

  /** What is decided and not durable yet. */
  get waiting(): number {
    return this.outbox.waiting(this.review?.id);
  }

  /** Why nothing more is sent. */
  get held(): Problem | null {
    return this.outbox.held(this.review?.id);
  }

  row(index: number): ReviewLineView | null {
    void this.version;
    return this.windows.get(Math.floor(index / WINDOW))?.[index % WINDOW] ?? null;
  }

  /** Shows a review from its first undecided line on. */
  async show(review: ReviewView, filter: LinesWord = "all"): Promise<void> {
    const mine = (this.asked += 1);
    this.profile = app.state?.active?.name;
    [this.review, this.filter, this.problem, this.answered] = [review, filter, null, false];
    this.windows.clear();
    this.moved.clear();
    this.underWay.clear();
    this.done.length = 0;
    try {
      await this.flush();
      const start = filter === "all" ? await this.firstUndecided(review.id) : 0;
      const window = await this.ask(filter, Math.floor(start / WINDOW) * WINDOW);
      if (mine !== this.asked) return;
      this.windows.set(Math.floor(start / WINDOW), window.rows);
      [this.review, this.total, this.answered] = [window.review, window.total, true];
      this.index = Math.max(0, Math.min(start, window.total - 1));
      this.version += 1;
    } catch (thrown) {
      if (mine === this.asked) this.problem = toProblem(thrown);
    }
  }

  leave(): void {
    this.asked += 1;
    this.review = null;
  }

  /** Leaves a review of another profile than the one in use. */
  leaveIfOf(profile: string | undefined): void {
    if (this.review && this.profile !== profile) this.leave();
  }

  need(first: number, last: number): void {
    void this.version;
    const end = Math.min(last, this.total - 1);
    for (let at = Math.floor(first / WINDOW); at <= Math.floor(end / WINDOW); at += 1)
      if (!this.windows.has(at)) void this.fetch(at);
  }

  go(index: number): void {
    this.index = Math.max(0, Math.min(index, this.total - 1));
  }

  /** Decides the line that is looked at, and goes to the next. */
  decide(verdict: VerdictWord, note: string | null): void {
    const row = this.current;
    if (!row || !this.open) return;
    this.done.push({ index: this.index, line: row.line });
    this.put(this.index, row, verdict, note);
    this.go(this.index + 1);
  }

  /** Takes the decision back that was made last, and goes back to its line. */
  undo(): void {
    if (!this.open) return;
    const last = this.done.pop();
    if (last) this.go(last.index);
    const row = this.current;
    if (row && ownOf(row)) this.put(this.index, row, null, null);
  }

  /** Sends what could not be sent. */
  retry(): void {
    if (this.review) this.outbox.retry(this.review.id);
  }

  /** Waits until everything that was decided is durable, or is held back. */
  async flush(): Promise<void> {
    if (this.review) await this.outbox.flush(this.review.id);
  }

  private put(index: number, row: ReviewLineView, verdict: VerdictWord | null, note: string | null): void {
    const { review } = this;
    if (!review) return;
    const others = row.decisions.filter(({ own }) => !own);
    const mine = verdict ? [{ reviewer: "", own: true, verdict, note, selfReview: row.selfReview }] : [];
    const decisions = [...others, ...mine];
    const after = { ...row, decisions, verdict: comesTo(decisions) };
    this.paint(index, row, after);
    this.outbox.put({ id: review.id, line: row.line, verdict, note, index, before: row, after });
  }

  private paint(index: number, from: ReviewLineView, to: ReviewLineView): void {
    const { review } = this;
    if (!review) return;
    const window = this.windows.get(Math.floor(index / WINDOW));
    if (window) window[index % WINDOW] = to;
    if (to.verdict !== from.verdict) this.moved.add(index);
    const { lines, decided, revoked } = review.progress;
    const progress = {
      lines,
      decided: decided + Number(to.verdict !== null) - Number(from.verdict !== null),
      revoked: revoked + Number(to.verdict === "revoke") - Number(from.verdict === "revoke"),
    };
    this.review = { ...review, progress };
    this.version += 1;
  }

  /** What Rust refused is shown as it was, unless it was decided again since, and told; then the review is read anew: it may be closed. */
  private putBack(sent: readonly Sent[], { message, hint }: Problem): void {
    const many = sent.length === 1 ? "was" : "were";
    notices.say(`${plural(sent.length, "decision")} ${many} not taken and put back. ${message} ${hint}`, true);
    for (const { index, before, after } of [...sent].reverse())
      if (this.row(index) === after) this.paint(index, after, before);
    if (sent[0]?.id === this.review?.id) void this.readAnew();
  }

  private async readAnew(): Promise<void> {
    const { asked } = this;
    try {
      const { review } = await backend.reviewLines({ id: this.review?.id ?? "", filter: "all", first: 0, count: 1 });
      if (asked === this.asked && this.waiting === 0) this.review = review;
    } catch (thrown) {
      if (asked === this.asked) this.problem = toProblem(thrown);
    }
  }

  private async fetch(at: number): Promise<void> {
    const { asked, filter } = this;
    if (this.underWay.has(at)) return;
    this.underWay.add(at);
    try {
      // Rust's list has lost the lines that were decided since; what is asked for is counted without them.
      await this.flush();
      const gone = filter === "all" ? 0 : [...this.moved].filter((index) => index < at * WINDOW).length;
      const { rows } = await this.ask(filter, Math.max(0, at * WINDOW - gone));
      if (asked !== this.asked) return;
      this.windows.set(at, rows);
      this.version += 1;
    } catch (thrown) {
      if (asked === this.asked) this.problem = toProblem(thrown);
    } finally {
      this.underWay.delete(at);
    }
  }

  private async firstUndecided(id: string): Promise<number> {
    const { rows } = await backend.reviewLines({ id, filter: "undecided", first: 0, count: 1 });
    return (rows[0]?.line ?? 1) - 1;
  }

  private ask(filter: LinesWord, first: number): Promise<ReviewWindow> {
    const request: ReviewLinesRequest = { id: this.review?.id ?? "", filter, first, count: WINDOW };
    return backend.reviewLines(request);
  }
}

export const desk = new Desk();
