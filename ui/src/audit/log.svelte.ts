/**
 * The acts as the screen sees them: pages by keyset, newest first, older ones as they are scrolled to.
 * Acts without an outcome are held apart, so that they stand on top however old they are.
 * Absent on purpose: page numbers (the log grows at the top) and any judgement; gaps come as rows from Rust.
 */
import { backend } from "#backend";
import type { ActRow, ActsView } from "../ipc/backend";
import { toProblem, type Problem } from "../ipc/problem";
import { Pages } from "./pages";

const PAGE = 100;
const MOST_OPEN = 50;
const WAITING = "outcome:open outcome:unknown";

export class Log {
  /** The question whose answer is shown. */
  query = $state("");
  open: ActRow[] = $state.raw([]);
  size = $state(0);
  indexed = $state(0);
  first = $state(1);
  problem: Problem | null = $state.raw(null);
  answered = $state(false);
  loading = $state(false);
  /** How often it was asked anew: whoever scrolls begins at the top then. */
  turn = $state(0);
  /** Acts below those that wait, as far as they were read. */
  private loaded = $state(0);
  private version = $state(0);
  private pages = new Pages<ActRow>();
  private next: number | null = $state(null);
  private asked = 0;
  private readonly underWay = new Set<number>();

  /** Whether the end of what the question means was reached. */
  get ended(): boolean {
    return this.answered && this.next === null;
  }

  /** Entries up to here were moved into archives; said at the end of the list. */
  get archived(): number {
    return this.ended && this.first > 1 ? this.first - 1 : 0;
  }

  /** How many rows there are to scroll: those that wait, those that were read, and what is said at the end. */
  get count(): number {
    return this.open.length + this.loaded + (this.archived > 0 ? 1 : 0);
  }

  get empty(): boolean {
    return this.loaded === 0 && this.open.length === 0;
  }

  /** The act at a place; null while it is read again, and for the row at the end. */
  row(index: number): ActRow | null {
    void this.version;
    return this.open[index] ?? this.pages.row(index - this.open.length);
  }

  isArchive(index: number): boolean {
    return this.archived > 0 && index === this.count - 1;
  }

  /** Asks anew from the top. What is shown stays until the answer is here, or for good when there is none. */
  async load(query: string): Promise<void> {
    const mine = (this.asked += 1);
    this.loading = true;
    const [page, waiting] = await Promise.allSettled([
      backend.auditActs({ before: null, limit: PAGE, query }),
      query === "" ? this.waiting() : Promise.resolve({ rows: [] as ActRow[] }),
    ]);
    if (mine !== this.asked) return;
    this.loading = false;
    if (page.status === "rejected") {
      this.problem = toProblem(page.reason);
      return;
    }
    this.query = query;
    this.open = waiting.status === "fulfilled" ? waiting.value.rows.filter(({ missing }) => missing === null) : [];
    this.pages = new Pages();
    this.turn += 1;
    this.take(page.value, null);
  }

  /** Forgets everything, such as another profile's log. */
  forget(): void {
    this.asked += 1;
    [this.open, this.pages, this.next, this.loaded] = [[], new Pages(), null, 0];
    [this.answered, this.problem, this.loading] = [false, null, false];
    this.version += 1;
  }

  /** Acts that wait. No look of its own: what has a place to begin at is no new question to the log. */
  private waiting(): Promise<{ rows: ActRow[] }> {
    return backend.auditActs({ before: Number.MAX_SAFE_INTEGER, limit: MOST_OPEN, query: WAITING });
  }

  /** Reads what is needed for the rows in sight: pages that were let go, and the next older one near the end. */
  need(first: number, last: number): void {
    void this.version;
    const before = this.open.length;
    for (const { page, before: from } of this.pages.missing(first - before, last - before)) void this.again(page, from);
    if (last >= this.count - 20) void this.more();
  }

  private async more(): Promise<void> {
    const { next } = this;
    if (this.loading || next === null) return;
    await this.ask(next, (page) => this.take(page, next));
  }

  private async again(page: number, from: number | null): Promise<void> {
    if (this.underWay.has(page)) return;
    this.underWay.add(page);
    await this.ask(from, ({ rows }) => {
      this.pages.put(page, this.apart(rows));
      this.version += 1;
    });
    this.underWay.delete(page);
  }

  private async ask(before: number | null, take: (page: ActsView) => void): Promise<void> {
    const mine = this.asked;
    this.loading = true;
    try {
      const page = await backend.auditActs({ before, limit: PAGE, query: this.query });
      if (mine === this.asked) take(page);
    } catch (thrown) {
      if (mine === this.asked) this.problem = toProblem(thrown);
    } finally {
      if (mine === this.asked) this.loading = false;
    }
  }

  private apart(rows: ActRow[]): ActRow[] {
    const waiting = new Set(this.open.map(({ seq }) => seq));
    return rows.filter(({ seq, missing }) => missing !== null || !waiting.has(seq));
  }

  private take(page: ActsView, before: number | null): void {
    this.pages.add(before, this.apart(page.rows));
    this.loaded = this.pages.total;
    [this.next, this.size, this.indexed, this.first] = [page.next, page.size, page.indexed, page.first];
    [this.problem, this.answered] = [null, true];
    this.version += 1;
  }
}
