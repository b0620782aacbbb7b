/**
 * The verdict on the log: what Rust found when it looked by itself, or when somebody asked, and how far a look is. It outlives the screen.
 * Absent on purpose: verifying here.
 */
import { backend } from "#backend";
import type { VerifyView, WorkView } from "../ipc/backend";
import { toProblem, type Problem } from "../ipc/problem";

const LOOK = 200;

export class Verification {
  verdict: VerifyView | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  work: WorkView | null = $state.raw(null);
  /** How far a look is that nobody asked for. */
  unasked: WorkView | null = $state.raw(null);
  /** How many looks at the log could not be written into it yet. */
  viewsWaiting = $state(0);
  running = $state(false);
  private next: ReturnType<typeof setTimeout> | undefined;

  async run(): Promise<void> {
    if (this.running) return;
    [this.running, this.problem, this.unasked] = [true, null, null];
    clearTimeout(this.next);
    const looking = setInterval(() => void this.look(), LOOK);
    try {
      this.verdict = await backend.auditVerify();
    } catch (thrown) {
      const problem = toProblem(thrown);
      // What was asked to stop is no failure; the verdict before it stays.
      if (problem.code !== "cancelled") [this.verdict, this.problem] = [null, problem];
    } finally {
      clearInterval(looking);
      [this.running, this.work] = [false, null];
    }
  }

  stop(): void {
    void backend.auditVerifyStop().catch(() => undefined);
  }

  /** Takes over what is known, and follows a look that nobody asked for to its end. */
  async look(): Promise<void> {
    const known = await backend.auditWork().catch(() => null);
    if (!known) return;
    this.viewsWaiting = known.viewsWaiting;
    if (this.running) {
      this.work = known.verify;
      return;
    }
    if (known.verdict && known.verdict.checkedAt >= (this.verdict?.checkedAt ?? 0))
      [this.verdict, this.problem] = [known.verdict, null];
    this.unasked = known.verify;
    clearTimeout(this.next);
    if (known.verify) this.next = setTimeout(() => void this.look(), LOOK);
  }
}

export const verification = new Verification();
