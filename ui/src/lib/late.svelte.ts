/**
 * Nothing is shown for the first 300 ms of a wait; then what is waited for is said.
 * Absent on purpose: spinners.
 */
export const SOON = 300;

/** Turns true once `waiting()` has been true for 300 ms without a break. Call it while a component is made. */
export function late(waiting: () => boolean, after = SOON): { readonly yes: boolean } {
  let yes = $state(false);
  $effect(() => {
    if (!waiting()) {
      yes = false;
      return;
    }
    const timer = setTimeout(() => (yes = true), after);
    return () => clearTimeout(timer);
  });
  return {
    get yes() {
      return yes;
    },
  };
}
