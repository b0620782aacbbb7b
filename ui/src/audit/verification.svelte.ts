/**
 * Asks Rust to verify the whole log, once at a time, and holds its verdict.
 * Absent on purpose: verifying here.
 */
import { backend } from "#backend";
import type { VerifyView } from "../ipc/backend";
import { toProblem, type Problem } from "../ipc/problem";

export class Verification {
  verdict: VerifyView | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  running = $state(false);

  async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    this.problem = null;
    try {
      this.verdict = await backend.auditVerify();
    } catch (thrown) {
      this.verdict = null;
      this.problem = toProblem(thrown);
    } finally {
      this.running = false;
    }
  }
}
