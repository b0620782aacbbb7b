/**
 * Says when rows were on the screen: the benchmark reads these marks, nothing else does.
 * "Painted" is the second animation frame after the rows were put into the page, when the first has been drawn.
 */
import type { Source } from "./directory.svelte";

let first = true;
let typed = 0;

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
  performance.mark("list-painted");
  document.documentElement.dataset.ready = "list";
}

/** One measure is kept: from the key press to its rows on the screen. */
function measure(start: number, query: string, source: Source): void {
  performance.clearMeasures("rows-painted");
  performance.measure("rows-painted", { start, end: performance.now(), detail: { query, source } });
  document.documentElement.dataset.painted = query;
}
