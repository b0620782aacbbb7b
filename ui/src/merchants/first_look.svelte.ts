/**
 * The first look at merchants that Klarna was never asked about: one is asked about in the background, once in a run of the app,
 * one at a time, so that its state becomes known by looking at it. Absent on purpose: notices. A failure is a quiet line in the pane.
 */
import { backend } from "#backend";
import { SvelteMap } from "svelte/reactivity";
import type { MerchantDetail } from "../ipc/backend";
import { toProblem, type Problem } from "../ipc/problem";
import { acts } from "../portal/acts.svelte";

/** How long a merchant rests selected before Klarna is asked about it. */
export const REST = 400;

export class FirstLook {
  /** Why a merchant could not be asked about, by id. */
  readonly problems = new SvelteMap<string, Problem>();
  private busy = $state(false);
  private readonly asked = new Set<string>();

  /** Whether Klarna is to be asked about this merchant now. */
  wants({ row, refreshedAt }: Pick<MerchantDetail, "row" | "refreshedAt">): boolean {
    const idle = !this.busy && acts.running.length === 0;
    return idle && !this.asked.has(row.id) && (row.state === "UNKNOWN" || refreshedAt === null);
  }

  /** Asks Klarna about a merchant. Rust says that the merchants changed; nothing is to be done with the answer. */
  async ask(id: string): Promise<void> {
    this.asked.add(id);
    this.busy = true;
    try {
      await backend.merchantRefresh(id);
    } catch (thrown) {
      this.problems.set(id, toProblem(thrown));
    } finally {
      this.busy = false;
    }
  }
}

export const firstLook = new FirstLook();

/** Takes the first look at the merchant that rests in the pane. Call it while a component is made. */
export function looks(read: () => Pick<MerchantDetail, "row" | "refreshedAt"> | null, look = firstLook): void {
  const id = $derived.by(() => {
    const seen = read();
    return seen && look.wants(seen) ? seen.row.id : null;
  });
  $effect(() => {
    const resting = id;
    if (resting === null) return;
    const timer = setTimeout(() => void look.ask(resting), REST);
    return () => clearTimeout(timer);
  });
}
