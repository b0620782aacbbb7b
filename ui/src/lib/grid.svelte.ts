/**
 * What the grids of equal rows share: the selection is scrolled to, keys move it, and the focus stays on its row while slots are used
 * again. Made while a component starts.
 * Absent on purpose: what stands in a row, and what Enter does.
 */
import { tick, untrack } from "svelte";
import { moved } from "../merchants/move";
import { EqualRows } from "./rows.svelte";

/** The height of a grid's head. */
const HEAD = 28;

/** What a grid is of. */
export interface Listed {
  readonly index: number;
  readonly total: number;
  select(index: number): void;
}

export interface GridShape {
  /** What the id of a row begins with, before its index. */
  row: string;
  rowHeight: number;
  /** How much of the window is not the grid. */
  around: number;
  /** Read to be told of a new question, whose first row is shown. */
  question?: () => unknown;
}

export class Grid {
  readonly rows: EqualRows;
  box: HTMLElement | undefined = $state();

  constructor(
    private readonly list: Listed,
    private readonly shape: GridShape,
  ) {
    this.rows = new EqualRows(() => list.total, shape.rowHeight, shape.around);
    // Scrolling by hand is left alone.
    $effect(() => {
      const at = list.index;
      shape.question?.();
      const hidden = this.rows.height === 0;
      if (this.box && !hidden) untrack(() => this.reveal(at));
    });
    // On the grid while its row is not drawn.
    $effect(() => {
      void this.rows.first;
      const { index } = list;
      if (this.box?.contains(document.activeElement)) void this.focusRow(index);
    });
  }

  /** The rows that are drawn, each in its slot. */
  get places(): number[] {
    return Array.from({ length: this.rows.slots }, (_, slot) => this.rows.first + slot);
  }

  /** The grid is so high, its head included. */
  measured(height: number | null | undefined): void {
    this.rows.height = Math.max(0, (height ?? 0) - HEAD);
  }

  /** Moves the selection, where the key is one for that. */
  press(event: KeyboardEvent): void {
    const next = moved(event.key, { index: this.list.index, total: this.list.total, page: this.rows.page });
    if (next === null || event.altKey || event.ctrlKey) return;
    event.preventDefault();
    this.list.select(next);
  }

  /** The index of the row that an event is about; the rows that stand for what is still read have none. */
  at(event: Event): number | null {
    const found = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-index]") : null;
    const index = found ? Number(found.dataset.index) : this.list.total;
    return index < this.list.total ? index : null;
  }

  private reveal(index: number): void {
    const { rows, box } = this;
    const top = rows.reveal(index);
    if (!box || top === null) return;
    rows.top = Math.max(0, Math.min(top, rows.total - rows.height));
    const wanted = rows.top;
    // The spacer gets its height in this same update; before that the box would not scroll so far.
    void tick().then(() => (box.scrollTop = wanted));
  }

  private async focusRow(index: number): Promise<void> {
    await tick();
    (document.getElementById(`${this.shape.row}-${index}`) ?? this.box)?.focus({ preventScroll: true });
  }
}
