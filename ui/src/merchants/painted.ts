/**
 * Says when rows were on the screen: the benchmark reads the marks, and what the first picture does not need waits for it.
 * "Painted" is the second animation frame after the rows were put into the page, when the first has been drawn.
 */
import type { Source } from "./directory.svelte";

/** An empty list or a failure has no rows to wait for. */
const PATIENCE = 500;

let first = true;
let typed = 0;
let drawn: () => void;

/** Settled when the first rows are on the screen: what the first picture does not need waits for it. */
export const firstPicture = new Promise<void>((settle) => {
  drawn = settle;
  setTimeout(settle, PATIENCE);
});

/** Remembers when the key was pressed that asks for the next rows. */
export function typedAt(time: number): void {
  typed = time;
}

/** Call after the rows of an answer are in the page. */
export function rowsPlaced(query: string, source: Source): void {
  const start = typed;
  typed = 0;
  if (!first && start === 0) return;
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      if (first) markFirst();
      if (start > 0) measure(start, query, source);
    }),
  );
}

function markFirst(): void {
  first = false;
  // Where a first picture stood, its script has set the other mark before; where none did, it never comes first.
  performance.mark("app-stands");
  if (performance.getEntriesByName("list-painted").length === 0) performance.mark("list-painted");
  document.documentElement.dataset.ready = "list";
  drawn();
}

/** One measure is kept: from the key press to its rows on the screen. */
function measure(start: number, query: string, source: Source): void {
  performance.clearMeasures("rows-painted");
  performance.measure("rows-painted", { start, end: performance.now(), detail: { query, source } });
  document.documentElement.dataset.painted = query;
}
