/**
 * TanStack's virtual core through runes, for lists whose rows have different heights.
 * Absent on purpose: scrollend and overflow-anchor, which WebKitGTK does not have.
 */
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualItem,
} from "@tanstack/virtual-core";
import { untrack } from "svelte";
import type { Attachment } from "svelte/attachments";

interface Wanted {
  count: number;
  rowHeight: number;
  key: (index: number) => string | number;
}

export class Virtual {
  private box: HTMLElement | null = $state.raw(null);
  private version = $state(0);
  private readonly core: Virtualizer<HTMLElement, HTMLElement>;

  /** Must be made while a component is made: its effects live as long as that component. */
  constructor(wanted: () => Wanted) {
    this.core = new Virtualizer(this.options(wanted()));
    $effect(() => {
      if (this.box) return untrack(() => this.core._didMount());
    });
    $effect.pre(() => {
      const options = this.options(wanted());
      void this.box;
      untrack(() => {
        this.core.setOptions(options);
        this.core._willUpdate();
        this.version += 1;
      });
    });
  }

  get items(): VirtualItem[] {
    void this.version;
    return this.core.getVirtualItems();
  }

  get height(): number {
    void this.version;
    return this.core.getTotalSize();
  }

  /** Put on the scrolled box. */
  readonly scrolled: Attachment<HTMLElement> = (node) => {
    this.box = node;
    return () => (this.box = null);
  };

  /** Put on each row, beside `data-index`: its height is measured. */
  readonly measured: Attachment<HTMLElement> = (node) => {
    this.core.measureElement(node);
    return () => this.core.measureElement(null);
  };

  reveal(index: number): void {
    this.core.scrollToIndex(index, { align: "auto" });
  }

  private options({
    count,
    rowHeight,
    key,
  }: Wanted): ConstructorParameters<typeof Virtualizer<HTMLElement, HTMLElement>>[0] {
    return {
      count,
      getItemKey: key,
      estimateSize: () => rowHeight,
      getScrollElement: () => this.box,
      observeElementRect,
      observeElementOffset,
      scrollToFn: elementScroll,
      overscan: 8,
      useScrollendEvent: false,
      onChange: () => untrack(() => (this.version += 1)),
    };
  }
}
