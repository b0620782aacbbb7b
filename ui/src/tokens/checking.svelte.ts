/**
 * The check that is under way, and what went wrong with the last one of each token. One at a time: Klarna's limits are not known.
 * Absent on purpose: the answer; Rust keeps it, and says that it changed.
 */
import { backend } from "#backend";
import { notices } from "../frame/dialogs.svelte";
import type { TokenRow } from "../ipc/backend";
import { toProblem, type Problem } from "../ipc/problem";
import { stateWords } from "./words";

class Checking {
  id: string | null = $state(null);
  failed: { id: string; problem: Problem } | null = $state.raw(null);

  async run({ id }: TokenRow): Promise<void> {
    if (this.id !== null) return;
    [this.id, this.failed] = [id, null];
    try {
      const { row, trouble } = await backend.tokenCheck(id);
      notices.say(trouble ?? `Klarna was asked: ${stateWords[row.state]}.`, trouble !== null);
    } catch (thrown) {
      this.failed = { id, problem: toProblem(thrown) };
    } finally {
      this.id = null;
    }
  }
}

export const checking = new Checking();
