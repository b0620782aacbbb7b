/**
 * Which rows of equal height a scrolled box shows. Arithmetic only: a change of the count costs nothing, where a measuring
 * virtualiser walks all 100,000 rows (1.6 to 5 ms, more than the whole search).
 * Absent on purpose: rows of different heights; the audit list uses virtual-core for those.
 */
export class EqualRows {
  top = $state(0);
  /** Rows drawn above and below those in sight; none in the first picture, which they would only hold up. */
  extra = $state(0);
  height = $state(0);

  constructor(
    private readonly count: () => number,
    readonly rowHeight: number,
    /** How much of the window is not the box: until the box has been measured, the first rows wait for no layout. */
    around: number,
  ) {
    this.height = Math.max(0, window.innerHeight - around);
  }

  /** Whole rows that fit: how far a page key goes. */
  get page(): number {
    return Math.max(1, Math.floor(this.height / this.rowHeight) - 1);
  }

  get first(): number {
    const slots = this.slots;
    const wanted = Math.floor(this.top / this.rowHeight) - this.extra;
    return Math.max(0, Math.min(wanted, this.count() - slots));
  }

  /**
   * How many rows are drawn; constant while scrolling, so that their elements are reused. Never more than the window has room for:
   * while the style sheet is not there yet, the box is as high as all of its 100,000 rows.
   */
  get slots(): number {
    const seen = Math.min(this.height, window.innerHeight);
    return Math.min(this.count(), Math.ceil(seen / this.rowHeight) + 2 * this.extra);
  }

  get last(): number {
    return this.first + this.slots - 1;
  }

  get total(): number {
    return this.count() * this.rowHeight;
  }

  /** The scroll position that shows a row whole, or null when it is whole already. */
  reveal(index: number): number | null {
    const start = index * this.rowHeight;
    if (start < this.top) return start;
    const end = start + this.rowHeight;
    return end > this.top + this.height ? end - this.height : null;
  }
}
