/**
 * The login bridge as this window sees it: what Rust answered last, whether its page is open, which tab is shown.
 * Absent on purpose: what was changed and not saved; Rust keeps it, so that leaving the page loses nothing.
 */
import { tick } from "svelte";
import { backend } from "#backend";
import { notices } from "../frame/dialogs.svelte";
import type { BridgeView } from "../ipc/backend";
import { toProblem, type Problem } from "../ipc/problem";
import { Asked } from "../lib/asked.svelte";
import { page as words } from "./messages";

export type Tab = "people" | "claims" | "try" | "klarna";

/** What had the focus goes away with a step; the next one has it. */
export async function focusOn(id: string): Promise<void> {
  await tick();
  document.getElementById(id)?.focus();
}

class Bridge {
  open = $state(false);
  tab: Tab = $state("people");
  view: BridgeView | null = $state.raw(null);
  /** Whether Rust has answered at all. */
  known = $state(false);
  problem: Problem | null = $state.raw(null);
  /** Counts up with every change of the table, so that its rows are read again. */
  version = $state(0);
  readonly saving = new Asked();

  /** Reads the files; `again` forgets what was changed here. */
  async load(again = false): Promise<void> {
    try {
      this.show(await backend.bridgeShow(again));
      [this.problem, this.saving.problem] = [null, null];
    } catch (thrown) {
      this.problem = toProblem(thrown);
    }
  }

  /** Another file, by the system's own dialog. */
  async choose(): Promise<void> {
    try {
      const view = await backend.bridgeChoose();
      if (!view) return;
      this.show(view);
      [this.problem, this.open, this.tab] = [null, true, "people"];
    } catch (thrown) {
      this.problem = toProblem(thrown);
    }
  }

  async forget(): Promise<void> {
    await this.saving.run(async () => {
      await backend.bridgeForget();
      this.show(null);
      this.open = false;
    });
    await focusOn("bridge-choose");
  }

  /** Back to the settings; the focus is on the way that led here. */
  async leave(): Promise<void> {
    this.open = false;
    await focusOn("bridge-open");
  }

  async save(): Promise<void> {
    await this.saving.run(async () => {
      this.show(await backend.bridgeSave());
      notices.say(words.saved);
    });
  }

  show(view: BridgeView | null): void {
    [this.view, this.known] = [view, true];
    this.version += 1;
  }
}

export const bridge = new Bridge();
