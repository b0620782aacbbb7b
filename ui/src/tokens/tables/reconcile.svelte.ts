/**
 * Where comparing a table stands, as Rust says it, and what a person does about it.
 * Absent on purpose: differences; the list fetches those it shows.
 */
import { backend } from "#backend";
import { notices } from "../../frame/dialogs.svelte";
import type { DifferenceKind, HandWord, ComparisonView } from "../../ipc/backend";
import { toProblem, type Problem } from "../../ipc/problem";

const RATE = "gatehouse.tokens.rate";

class Reconciling {
  view: ComparisonView | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  busy = $state(false);
  ask = $state(true);
  again = $state(false);
  rate = $state(localStorage.getItem(RATE) ?? "2");

  /** Questions a second; null for what is no number from 1 to 50. */
  get perSecond(): number | null {
    const text = this.rate.trim();
    const rate = /^\d{1,2}$/.test(text) ? Number(text) : 0;
    return rate >= 1 && rate <= 50 ? rate : null;
  }

  async look(): Promise<void> {
    try {
      this.view = await backend.tokensReconcileLook();
      this.problem = null;
    } catch (thrown) {
      this.problem = toProblem(thrown);
    }
  }

  begin(again = this.again): Promise<void> {
    const perSecond = this.perSecond ?? 2;
    localStorage.setItem(RATE, String(perSecond));
    return this.act(() => backend.tokensReconcile({ ask: this.ask, perSecond, again }));
  }

  hand = (word: HandWord): Promise<void> => this.act(() => backend.tokensReconcileHold(word));
  forget = (): Promise<void> => this.act(() => backend.tokensReconcileForget());

  save(kind: DifferenceKind | null): Promise<void> {
    return this.act(async () => {
      const file = await backend.tokensReconcileSave(kind);
      if (file !== null) notices.say(`Saved as ${file}. No token is in it.`);
    });
  }

  private async act(what: () => Promise<unknown>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await what();
      await this.look();
    } catch (thrown) {
      const { message, hint } = toProblem(thrown);
      notices.say(`${message} ${hint}`, true);
    } finally {
      this.busy = false;
    }
  }
}

export const reconciling = new Reconciling();
