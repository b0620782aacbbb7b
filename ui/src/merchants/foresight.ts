/**
 * The rows that the next key will most likely ask for, fetched while nobody types: rows that come with the key's own frame
 * are on the screen one frame sooner than rows that Rust is asked for then.
 * Absent on purpose: guessing. Rust counts which letters can follow; what is not among them is asked for as always.
 */
import { backend } from "#backend";
import type { SearchView } from "../ipc/backend";

/** Rows of each: what a window of usual height shows. */
const ROWS = 34;
/** So long nobody has typed; people type a key in 80 to 200 ms. */
export const QUIET = 30;

export class Foresight {
  private found = new Map<string, SearchView>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;

  get(query: string): SearchView | undefined {
    return this.found.get(query.toLowerCase());
  }

  /** Looks ahead from this query once it has been quiet for a while; what was foreseen before is kept until then. */
  from(query: string, wait = QUIET): void {
    clearTimeout(this.timer);
    const mine = (this.asked += 1);
    this.timer = setTimeout(() => void this.ask(query, mine), wait);
  }

  /** Forgets everything: the merchants changed. */
  clear(): void {
    clearTimeout(this.timer);
    this.asked += 1;
    this.found.clear();
  }

  private async ask(query: string, mine: number): Promise<void> {
    const found = await backend.merchantsAhead({ query, count: ROWS }).catch(() => []);
    if (mine !== this.asked) return;
    this.found = new Map(found.map((one) => [one.query.toLowerCase(), one.found]));
  }
}
