/**
 * The one export or backup that this window makes at a time: how far it is, and what became of it. It goes on while its sheet is closed.
 * Absent on purpose: where it is written; Rust asks, and says.
 */
import { backend } from "#backend";
import type { BackedUpView, ExportedView, ExportFormat, ExportRequest, WorkView } from "../ipc/backend";
import { toProblem, type Problem } from "../ipc/problem";

const LOOK = 200;

export const formats: readonly { id: ExportFormat; name: string; what: string }[] = [
  { id: "csv", name: "Table (CSV)", what: "For a spreadsheet; cells that look like formulas are made harmless" },
  { id: "jsonl", name: "Exact entries (JSON Lines)", what: "The very bytes that are hashed, one entry a line" },
  { id: "ocsf", name: "OCSF 1.8.0", what: "For a SIEM; one event an entry, with its leaf hash" },
  { id: "bundle", name: "Evidence bundle", what: "Entries, proofs, keys, a verifier in Python and a page to print" },
];

/** What the export comes to, said before the button. */
export function consequence({ format, query, redact }: ExportRequest): string {
  const what = query === "" ? "Every entry of the log" : "Every entry of the acts that answer this question";
  const plain = "It holds no names, addresses or free text; the proofs still hold.";
  const named = "Names, addresses and free text are part of it where the log still has them.";
  const how = redact || format === "jsonl" ? plain : named;
  return `${what} is written to the file you choose. ${how} That it was exported, and by which question, stands in the log.`;
}

class Exporting {
  running: ExportRequest | null = $state.raw(null);
  /** A backup is being made, which is the same work to Rust: one of both at a time. */
  backingUp = $state(false);
  work: WorkView | null = $state.raw(null);
  done: ExportedView | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);

  async run(request: ExportRequest): Promise<void> {
    if (this.running) return;
    [this.running, this.done, this.problem] = [request, null, null];
    try {
      this.done = await this.followed(() => backend.auditExport(request));
    } catch (thrown) {
      const problem = toProblem(thrown);
      if (problem.code !== "cancelled") this.problem = problem;
    } finally {
      this.running = null;
    }
  }

  /** Backs the log up; null when no place was chosen, or when it was called off. */
  async backUp(): Promise<BackedUpView | null> {
    this.backingUp = true;
    try {
      return await this.followed(() => backend.auditBackup());
    } catch (thrown) {
      if (toProblem(thrown).code === "cancelled") return null;
      throw thrown;
    } finally {
      this.backingUp = false;
    }
  }

  stop(): void {
    void backend.auditExportStop().catch(() => undefined);
  }

  forget(): void {
    [this.done, this.problem] = [null, null];
  }

  private async followed<T>(what: () => Promise<T>): Promise<T> {
    const looking = setInterval(() => void this.look(), LOOK);
    try {
      return await what();
    } finally {
      clearInterval(looking);
      this.work = null;
    }
  }

  private async look(): Promise<void> {
    const known = await backend.auditWork().catch(() => null);
    if (this.running || this.backingUp) this.work = known?.export ?? null;
  }
}

export const exporting = new Exporting();
