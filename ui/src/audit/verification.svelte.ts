/**
 * Asks Rust to verify the whole log, once at a time, and holds its verdict and how far it is. It outlives the screen.
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
  running = $state(false);

  async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    this.problem = null;
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

  private async look(): Promise<void> {
    const { verify } = await backend.auditWork();
    if (this.running) this.work = verify;
  }
}

export const verification = new Verification();
