/**
 * The merchants as the list sees them: windows of rows by 100, for the query that is typed, held while they are near.
 * Answers that a newer key press has overtaken are dropped; the last ones are kept, so that deleting a letter asks nobody.
 * Absent on purpose: searching, ranking, and holding all rows.
 */
import { backend } from "#backend";
import type { MerchantRow, SearchView } from "../ipc/backend";
import { FIRST_ROWS, firstRows } from "../ipc/first";
import { toProblem, type Problem } from "../ipc/problem";
import { Recent } from "../lib/recent";
import { Foresight } from "./foresight";

export const WINDOW = 100;
const KEPT_WINDOWS = 24;
const KEPT_QUERIES = 40;
const FIRST_QUIET = 500;

/** Where the rows on the screen came from; the benchmark reads it. */
export type Source = "rust" | "memory" | "ahead";

export class Directory {
  query = $state("");
  /** The query whose rows are shown; differs from `query` while Rust is asked. */
  shown: string | null = $state(null);
  total = $state(0);
  of = $state(0);
  index = $state(0);
  selected: MerchantRow | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  source: Source = "rust";
  private version = $state(0);
  private windows = new Recent<number, MerchantRow[]>(KEPT_WINDOWS);
  private answers = new Recent<string, SearchView>(KEPT_QUERIES);
  private readonly foresight = new Foresight();
  private asked = 0;
  private asking = false;
  private stale = new Set<number>();
  private readonly underWay = new Set<string>();
  private pending: (() => void) | null = null;

  get waiting(): boolean {
    return this.shown !== this.query && this.problem === null;
  }

  /** Takes the answer that was asked for before the first picture. */
  start(): void {
    this.asked += 1;
    if (firstRows instanceof Promise) void this.settle("", firstRows, this.asked);
    else this.keep("", firstRows, "rust");
    // The first picture comes before what may be typed into it.
    this.foresight.from("", FIRST_QUIET);
  }

  /** Shows what matches. An answer from memory is shown in the same task. */
  search(query: string): void {
    this.takeBack();
    this.query = query;
    const mine = (this.asked += 1);
    const known = this.answers.get(query);
    const foreseen = this.foresight.get(query);
    if (known) this.show(query, known, "memory");
    else if (foreseen) this.keep(query, foreseen, "ahead");
    else void this.settle(query, backend.merchantsSearch({ query, first: 0, count: FIRST_ROWS }), mine);
  }

  /** Runs `act` once the rows of the typed query are shown: now, or when they come. The last one counts; a failure drops it. */
  onceShown(act: () => void): void {
    if (this.shown === this.query) act();
    else if (this.asking) this.pending = act;
  }

  /** Drops what waits for rows: what it was meant for is no longer what will be shown. */
  takeBack(): void {
    this.pending = null;
  }

  /** Asks again, for the same query, because something changed. The selection follows its merchant if its rows are shown. */
  refresh(): void {
    this.answers.clear();
    this.foresight.clear();
    const { query } = this;
    const answer = backend.merchantsSearch({ query, first: 0, count: Math.max(FIRST_ROWS, WINDOW) });
    void this.settle(query, answer, (this.asked += 1), this.shown === query);
  }

  /** The row at a place, or null while it is not here yet. */
  row(index: number): MerchantRow | null {
    void this.version;
    return this.windows.get(Math.floor(index / WINDOW))?.[index % WINDOW] ?? null;
  }

  /** Where a merchant stands among the rows that are here, or null. */
  place(id: string): number | null {
    for (const at of this.windows.keys()) {
      const found = this.windows.get(at)?.findIndex((row) => row.id === id) ?? -1;
      if (found >= 0) return at * WINDOW + found;
    }
    return null;
  }

  /** Asks for the windows that the places `first` to `last` need and that are not here. */
  need(first: number, last: number): void {
    void this.version;
    const end = Math.min(last, this.total - 1);
    for (let at = Math.floor(first / WINDOW); at <= Math.floor(end / WINDOW); at += 1) {
      const wanted = Math.min(WINDOW, this.total - at * WINDOW);
      const upTo = Math.min(wanted, end - at * WINDOW + 1);
      if ((this.windows.get(at)?.length ?? 0) < upTo || this.stale.has(at)) void this.fetch(at);
    }
  }

  select(index: number): void {
    this.index = index;
    this.selected = this.row(index);
  }

  private async fetch(at: number): Promise<void> {
    const { asked, query } = this;
    const mark = `${asked}:${at}`;
    if (this.underWay.has(mark)) return;
    this.underWay.add(mark);
    try {
      const answer = await backend.merchantsSearch({ query, first: at * WINDOW, count: WINDOW });
      if (asked !== this.asked) return;
      this.windows.set(at, answer.rows);
      this.stale.delete(at);
      this.version += 1;
      if (!this.selected) this.select(this.index);
    } catch (thrown) {
      if (asked === this.asked) this.problem = toProblem(thrown);
    } finally {
      this.underWay.delete(mark);
    }
  }

  private async settle(query: string, answer: Promise<SearchView>, mine: number, follow = false): Promise<void> {
    this.asking = true;
    try {
      const view = await answer;
      if (mine !== this.asked) return;
      this.keep(query, view, "rust", follow);
    } catch (thrown) {
      if (mine === this.asked) this.fail(thrown);
    }
  }

  private keep(query: string, view: SearchView, source: Source, follow = false): void {
    this.answers.set(query, view);
    this.show(query, view, source, follow);
  }

  private fail(thrown: unknown): void {
    this.asking = false;
    this.problem = toProblem(thrown);
    this.takeBack();
  }

  private show(query: string, view: SearchView, source: Source, follow = false): void {
    this.problem = null;
    this.asking = false;
    this.source = source;
    // After a change the rows in sight stay until the new ones are here.
    this.stale = new Set(follow ? this.windows.keys() : []);
    if (!follow) this.windows.clear();
    this.windows.set(0, view.rows);
    this.stale.delete(0);
    this.total = view.total;
    this.of = view.of;
    this.shown = query;
    this.version += 1;
    if (view.total > 0) this.foresight.from(query);
    if (follow) this.follow(view.rows);
    else this.select(0);
    const act = this.pending;
    this.takeBack();
    act?.();
  }

  private follow(rows: readonly MerchantRow[]): void {
    const id = this.selected?.id;
    const index = rows.findIndex((row) => row.id === id);
    if (index >= 0) this.select(index);
    else if (this.index >= this.total || !this.selected) this.select(Math.max(0, Math.min(this.index, this.total - 1)));
  }
}

export const directory = new Directory();
