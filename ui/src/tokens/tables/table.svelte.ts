/**
 * The table of tokens that waits in Rust, and how it comes: chosen, dropped, pasted.
 * Absent on purpose: what is in it; the window learns its name and its length.
 */
import { backend } from "#backend";
import type { Topic } from "../../ipc/backend";
import { toProblem, type Problem } from "../../ipc/problem";

class Table {
  /** Whether a file is held over the window. */
  over = $state(false);
  pasting = $state(false);
  problem: Problem | null = $state.raw(null);
  busy = $state(false);

  choose = (): Promise<boolean> => this.take(() => backend.tokenTableOpen());
  drop = (): Promise<boolean> => this.take(() => backend.tokenTableDropped());

  async paste(text: string): Promise<boolean> {
    const taken = await this.take(() => backend.secretTokenTable(text));
    if (taken) this.pasting = false;
    return taken;
  }

  /** What Rust hears of files over the window; whether one was dropped. */
  hear(topics: readonly Topic[]): boolean {
    if (topics.includes("over")) this.over = true;
    if (topics.includes("away") || topics.includes("dropped")) this.over = false;
    return topics.includes("dropped");
  }

  private async take(how: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    [this.busy, this.problem] = [true, null];
    try {
      return (await how()) !== null;
    } catch (thrown) {
      this.problem = toProblem(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }
}

export const table = new Table();
