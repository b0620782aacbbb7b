/**
 * The few merchants that the palette shows for what is typed. An answer that a newer key press has overtaken is dropped.
 * Absent on purpose: ranking; the order is Rust's.
 */
import { backend } from "#backend";
import type { MerchantRow } from "../ipc/backend";
import { toProblem, type Problem } from "../ipc/problem";

const SHOWN = 8;

export class Found {
  query = $state("");
  merchants: MerchantRow[] = $state.raw([]);
  problem: Problem | null = $state.raw(null);
  waiting = $state(false);
  private asked = 0;

  search(query: string): void {
    this.query = query;
    void this.ask(query);
  }

  private async ask(query: string): Promise<void> {
    const mine = (this.asked += 1);
    this.waiting = true;
    try {
      const { rows } = await backend.merchantsSearch({ query, first: 0, count: SHOWN });
      if (mine !== this.asked) return;
      [this.merchants, this.problem] = [rows, null];
    } catch (thrown) {
      if (mine === this.asked) this.problem = toProblem(thrown);
    } finally {
      if (mine === this.asked) this.waiting = false;
    }
  }
}
