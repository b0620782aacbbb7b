/**
 * The acts as the screen sees them: pages by keyset, newest first, older ones as they are scrolled to.
 * Acts without an outcome are held apart, so that they stand on top however old they are.
 * Absent on purpose: page numbers (the log grows at the top) and any judgement; gaps come as rows from Rust.
 */
import { backend } from "#backend";
import type { ActRow, ActsView } from "../ipc/backend";
import { toProblem, type Problem } from "../ipc/problem";

const PAGE = 100;
const MOST_OPEN = 50;

const isOpen = ({ outcome, missing }: ActRow): boolean =>
  missing === null && (outcome === "open" || outcome === "unknown");

export class Log {
  query = $state("");
  open: ActRow[] = $state.raw([]);
  size = $state(0);
  problem: Problem | null = $state.raw(null);
  answered = $state(false);
  loading = $state(false);
  private loaded: ActRow[] = $state.raw([]);
  private next: number | null = null;
  private asked = 0;

  /** What stands below the acts that wait: everything else, newest first. */
  get rows(): ActRow[] {
    const apart = new Set(this.open.map(({ seq }) => seq));
    return apart.size === 0 ? this.loaded : this.loaded.filter(({ seq }) => !apart.has(seq));
  }

  get empty(): boolean {
    return this.loaded.length === 0 && this.open.length === 0;
  }

  /** Asks anew from the top. What is shown stays until the answer is here. */
  async load(query = this.query): Promise<void> {
    this.query = query;
    const mine = (this.asked += 1);
    this.loading = true;
    const [page, waiting] = await Promise.allSettled([
      backend.auditActs({ before: null, limit: PAGE, query }),
      backend.auditActs({ before: null, limit: MOST_OPEN, query: "unknown" }),
    ]);
    if (mine !== this.asked) return;
    this.loading = false;
    if (page.status === "rejected") {
      this.problem = toProblem(page.reason);
      return;
    }
    this.take(page.value, []);
    this.open = query === "" ? this.unresolved(waiting.status === "fulfilled" ? waiting.value.rows : []) : [];
  }

  /** Every act without an outcome that is known of, however old; each once. */
  private unresolved(found: readonly ActRow[]): ActRow[] {
    const bySeq = new Map([...this.loaded, ...found].filter(isOpen).map((row) => [row.seq, row]));
    return [...bySeq.values()].sort((a, b) => b.seq - a.seq);
  }

  /** Fetches the next older page, once at a time. */
  async more(): Promise<void> {
    if (this.loading || this.next === null) return;
    const mine = this.asked;
    this.loading = true;
    try {
      const page = await backend.auditActs({ before: this.next, limit: PAGE, query: this.query });
      if (mine === this.asked) this.take(page, this.loaded);
    } catch (thrown) {
      if (mine === this.asked) this.problem = toProblem(thrown);
    } finally {
      if (mine === this.asked) this.loading = false;
    }
  }

  private take(page: ActsView, before: ActRow[]): void {
    this.loaded = [...before, ...page.rows];
    this.next = page.next;
    this.size = page.size;
    this.problem = null;
    this.answered = true;
  }
}
