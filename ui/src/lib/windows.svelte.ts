/**
 * A long list that Rust keeps, fetched by windows of rows as they are scrolled to; an answer that a newer question has overtaken is dropped.
 * Absent on purpose: which rows; the list's owner asks for them.
 */
import { toProblem, type Problem } from "../ipc/problem";
import { EqualRows } from "./rows.svelte";

const WINDOW = 100;

export class Windows<R> {
  total = $state(0);
  index = $state(0);
  problem: Problem | null = $state.raw(null);
  readonly rows: EqualRows;
  private parts: Record<number, R[]> = $state.raw({});
  private asked = 0;

  constructor(
    private readonly page: (first: number, count: number) => Promise<{ rows: R[]; total: number }>,
    rowHeight: number,
    around: number,
  ) {
    this.rows = new EqualRows(() => this.total, rowHeight, around);
    this.rows.extra = 4;
  }

  get places(): number[] {
    return Array.from({ length: this.rows.slots }, (_, slot) => this.rows.first + slot);
  }

  at(place: number): R | undefined {
    return this.parts[Math.floor(place / WINDOW)]?.[place % WINDOW];
  }

  /** Another question: its first rows. */
  anew(): void {
    this.asked += 1;
    [this.index, this.rows.top] = [0, 0];
    void this.fetch(0, true);
  }

  /** The same question once more: what is in sight is read again, and stays where it is. */
  again(): void {
    this.asked += 1;
    void this.fetch(Math.floor(this.rows.first / WINDOW), true);
  }

  /** Fetches what is in sight and not here. */
  need(): void {
    const last = Math.floor(this.rows.last / WINDOW);
    for (let part = Math.floor(this.rows.first / WINDOW); part <= last; part += 1)
      if (!this.parts[part] && part * WINDOW < this.total) void this.fetch(part, false);
  }

  private async fetch(part: number, anew: boolean): Promise<void> {
    const mine = this.asked;
    try {
      const page = await this.page(part * WINDOW, WINDOW);
      if (mine !== this.asked) return;
      [this.total, this.problem] = [page.total, null];
      this.parts = anew ? { [part]: page.rows } : { ...this.parts, [part]: page.rows };
    } catch (thrown) {
      if (mine === this.asked) this.problem = toProblem(thrown);
    }
  }
}
