/**
 * Which rows a scrolled box shows where all rows are equally high and one of them may be unfolded. Arithmetic only, like `rows.svelte.ts`:
 * nothing is measured but the one block that is unfolded, so that a list of any length scrolls like an empty one.
 * Absent on purpose: several unfolded rows.
 */
export class UnfoldingRows {
  top = $state(0);
  height = $state(0);
  /** The unfolded row's place, or -1, and how high its block beneath is. */
  open = $state(-1);
  block = $state(0);
  /** Rows drawn above and below those in sight. */
  private readonly extra = 6;

  constructor(
    private readonly count: () => number,
    readonly rowHeight: number,
  ) {}

  private get unfolded(): boolean {
    return this.open >= 0 && this.open < this.count();
  }

  get total(): number {
    return this.count() * this.rowHeight + (this.unfolded ? this.block : 0);
  }

  /** Where a row begins. */
  start(index: number): number {
    return index * this.rowHeight + (this.unfolded && index > this.open ? this.block : 0);
  }

  /** The row at a height; an unfolded block belongs to its row. */
  private at(y: number): number {
    const line = this.rowHeight;
    if (!this.unfolded || y < (this.open + 1) * line) return Math.floor(y / line);
    return Math.max(this.open, Math.floor((y - this.block) / line));
  }

  get first(): number {
    return Math.max(0, Math.min(this.at(this.top) - this.extra, this.count() - 1));
  }

  get last(): number {
    return Math.min(this.count() - 1, this.at(this.top + this.height) + this.extra);
  }

  /** Whole rows that fit: how far a page key goes. */
  get page(): number {
    return Math.max(1, Math.floor(this.height / this.rowHeight) - 1);
  }

  /** The scroll position that shows a row, and what is unfolded beneath it as far as it fits; null when they are in sight. */
  reveal(index: number): number | null {
    const start = this.start(index);
    const own = index === this.open ? this.rowHeight + this.block : this.rowHeight;
    if (start < this.top || own > this.height) return start === this.top ? null : start;
    const end = start + own;
    return end > this.top + this.height ? end - this.height : null;
  }
}
