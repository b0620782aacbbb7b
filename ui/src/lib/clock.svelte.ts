/**
 * The time that views show. It ticks once a second, and only while something looks at it.
 * It reads the wall clock anew at each tick, so a machine that slept shows the right time at once.
 * Absent on purpose: truth. What has expired is said by Rust.
 */
import { createSubscriber } from "svelte/reactivity";

class Clock {
  private readonly read: () => number;
  private readonly look: () => void;

  constructor(read: () => number, every: number) {
    this.read = read;
    this.look = createSubscriber((update) => {
      const timer = setInterval(update, every);
      document.addEventListener("visibilitychange", update);
      return () => {
        clearInterval(timer);
        document.removeEventListener("visibilitychange", update);
      };
    });
  }

  /** Milliseconds since 1970; a template that reads it is run again each second. */
  get now(): number {
    this.look();
    return this.read();
  }
}

/** Ticks each second: countdowns. */
export const clock = new Clock(() => Date.now(), 1000);

/** Ticks twice a minute: "2 min" in long lists. */
export const minutes = new Clock(() => Date.now(), 30_000);
