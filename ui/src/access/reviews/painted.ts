/**
 * Says when a line was on the screen after a key: the benchmark reads the one measure that is kept.
 * "Painted" is the second animation frame after the key was taken, when the first has been drawn.
 */
export function linePainted(event: KeyboardEvent): void {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      performance.clearMeasures("line-painted");
      const detail = { key: event.key };
      performance.measure("line-painted", { start: event.timeStamp, end: performance.now(), detail });
    }),
  );
}
