/**
 * A value that follows another one only once it rests: the first at once, later ones after 80 ms without a change.
 * Absent on purpose: cancelling what was asked for.
 */
export function settled<V>(read: () => V, rest = 80): { readonly value: V } {
  let value = $state.raw(read());
  let last = 0;
  $effect(() => {
    const next = read();
    const now = performance.now();
    const quiet = now - last > rest * 2;
    last = now;
    if (quiet) {
      value = next;
      return;
    }
    const timer = setTimeout(() => (value = next), rest);
    return () => clearTimeout(timer);
  });
  return {
    get value() {
      return value;
    },
  };
}
