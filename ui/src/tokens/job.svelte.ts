/**
 * What every job with customer tokens has in the window: where it stands, as Rust says it, and one act at a time about it.
 * Absent on purpose: the job itself, which goes on in Rust while the person looks elsewhere.
 */
import { tick } from "svelte";
import { notices } from "../frame/dialogs.svelte";
import { toProblem, type Problem } from "../ipc/problem";

export abstract class Job<View> {
  view: View | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  busy = $state(false);
  /** Whether the focus is nowhere, for want of a button. */
  private lost = false;

  /** Asks Rust where it stands. */
  protected abstract stands(): Promise<View>;

  async look(): Promise<void> {
    const held = document.activeElement;
    try {
      this.view = await this.stands();
      this.problem = null;
    } catch (thrown) {
      this.problem = toProblem(thrown);
    }
    await this.keysGoOn(held);
  }

  /** Does one thing about it and looks again; what fails is said. */
  protected async act(what: () => Promise<unknown>): Promise<void> {
    if (this.busy) return;
    const held = document.activeElement;
    this.busy = true;
    try {
      await what();
      await this.look();
    } catch (thrown) {
      notices.failed(thrown);
    } finally {
      this.busy = false;
      await this.keysGoOn(held);
    }
  }

  /** Has what came of it written where the person says; nothing is said where they did not. */
  protected written(write: () => Promise<string | null>): Promise<void> {
    return this.act(async () => {
      const file = await write();
      if (file !== null) notices.say(`Saved as ${file}. No token is in it.`);
    });
  }

  /** Where what had the focus can no longer be pressed, the first button that can has it: keys go on from there. */
  private async keysGoOn(held: Element | null): Promise<void> {
    await tick();
    const { body } = document;
    if (document.activeElement === body && (this.lost || held !== body)) {
      const stays = held !== body && held?.isConnected && !held.matches(":disabled");
      const next = stays ? held : document.querySelector("#tokens-content button:not(:disabled)");
      if (next instanceof HTMLElement) next.focus();
    }
    this.lost = document.activeElement === body && (this.lost || held !== body);
  }
}
