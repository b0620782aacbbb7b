/**
 * Pages of a list that is read by keyset: where each began stays known, its rows only while they are near. So a list of any length
 * takes the memory of a few pages, and what was left is read again from the same place.
 * Absent on purpose: asking; and numbers of pages on the screen (the log grows at the top).
 */
import { Recent } from "../lib/recent";

interface Page {
  before: number | null;
  start: number;
  count: number;
}

export class Pages<Row> {
  private readonly pages: Page[] = [];
  private readonly kept: Recent<number, Row[]>;

  constructor(most = 24) {
    this.kept = new Recent(most);
  }

  get total(): number {
    const last = this.pages.at(-1);
    return last ? last.start + last.count : 0;
  }

  get first(): readonly Row[] {
    return this.kept.get(0) ?? [];
  }

  /** Puts the next older page at the end. */
  add(before: number | null, rows: Row[]): void {
    this.kept.set(this.pages.length, rows);
    this.pages.push({ before, start: this.total, count: rows.length });
  }

  /** Puts rows back that were let go; more than there were are not shown. */
  put(page: number, rows: Row[]): void {
    const known = this.pages[page];
    if (known) this.kept.set(page, rows.slice(0, known.count));
  }

  row(index: number): Row | null {
    const page = this.pageOf(index);
    const start = this.pages[page]?.start ?? 0;
    return this.kept.get(page)?.[index - start] ?? null;
  }

  /** The pages between two rows whose rows were let go, with where each began. */
  missing(first: number, last: number): { page: number; before: number | null; count: number }[] {
    const found = [];
    for (let page = this.pageOf(Math.max(0, first)); page < this.pages.length; page += 1) {
      const { start, before, count } = this.pages[page] as Page;
      if (start > last) break;
      if (!this.kept.get(page)) found.push({ page, before, count });
    }
    return found;
  }

  /** The page that a row is on, by halving. */
  private pageOf(index: number): number {
    let [low, high] = [0, this.pages.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.pages[middle]?.start ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
