/**
 * Where comparing a table stands, as Rust says it, and what a person does about it.
 * Absent on purpose: differences; the list fetches those it shows.
 */
import { backend } from "#backend";
import type { DifferenceKind, HandWord, ComparisonView } from "../../ipc/backend";
import { Job } from "../job.svelte";

const RATE = "gatehouse.tokens.rate";

class Reconciling extends Job<ComparisonView> {
  ask = $state(true);
  again = $state(false);
  rate = $state(localStorage.getItem(RATE) ?? "2");

  protected stands(): Promise<ComparisonView> {
    return backend.tokensReconcileLook();
  }

  /** Questions a second; null for what is no number from 1 to 50. */
  get perSecond(): number | null {
    const text = this.rate.trim();
    const rate = /^\d{1,2}$/.test(text) ? Number(text) : 0;
    return rate >= 1 && rate <= 50 ? rate : null;
  }

  begin(again = this.again): Promise<void> {
    const perSecond = this.perSecond ?? 2;
    localStorage.setItem(RATE, String(perSecond));
    return this.act(() => backend.tokensReconcile({ ask: this.ask, perSecond, again }));
  }

  hand = (word: HandWord): Promise<void> => this.act(() => backend.tokensReconcileHold(word));
  forget = (): Promise<void> => this.act(() => backend.tokensReconcileForget());
  save = (kind: DifferenceKind | null): Promise<void> => this.written(() => backend.tokensReconcileSave(kind));
}

export const reconciling = new Reconciling();
