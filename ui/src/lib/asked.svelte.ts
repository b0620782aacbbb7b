/**
 * One thing asked of Rust at a time: whether it is under way, and what went wrong with the last.
 * Absent on purpose: what was answered; whoever asked keeps it.
 */
import { toProblem, type Problem } from "../ipc/problem";

export class Asked {
  busy = $state(false);
  problem: Problem | null = $state.raw(null);

  /** Does nothing while something is under way. */
  async run(act: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    [this.busy, this.problem] = [true, null];
    try {
      await act();
    } catch (thrown) {
      this.problem = toProblem(thrown);
    } finally {
      this.busy = false;
    }
  }
}
