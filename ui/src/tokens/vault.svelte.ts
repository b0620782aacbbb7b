/**
 * The vault as the table sees it: pages by keyset, newest first, later ones as they are scrolled to; and which token is selected.
 * An answer that a newer question has overtaken is dropped. Absent on purpose: a count of what a search finds, which nobody knows.
 */
import { backend } from "#backend";
import type { TokenCounts, TokenRow, TokensPage, TokenViewName } from "../ipc/backend";
import { toProblem, type Problem } from "../ipc/problem";

const PAGE = 100;
const MOST = 500;
const AHEAD = 40;

export class Vault {
  view: TokenViewName = $state("all");
  query = $state("");
  /** Only this merchant's. */
  merchant: { id: string; name: string } | null = $state.raw(null);
  counts: TokenCounts | null = $state.raw(null);
  index = $state(0);
  selected: TokenRow | null = $state.raw(null);
  /** Chosen beside the list, such as one that was found by its token. */
  chosen: TokenRow | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  /** Whether rows of the question that is asked now are here. */
  answered = $state(false);
  private rows: TokenRow[] = $state.raw([]);
  private next: string | null = $state.raw(null);
  private asked = 0;
  private fetching = false;

  get subject(): TokenRow | null {
    return this.chosen ?? this.selected;
  }

  /** Rows to scroll; one more stands for the page that is not here yet. */
  get total(): number {
    return this.rows.length + (this.next === null ? 0 : 1);
  }

  /** How many there are altogether, where that is known. */
  get known(): number | null {
    if (this.next === null) return this.rows.length;
    return this.query.trim() === "" && !this.merchant && this.counts ? this.counts[this.view] : null;
  }

  get isEmpty(): boolean {
    return this.answered && this.counts?.all === 0 && this.query === "" && !this.merchant;
  }

  row(index: number): TokenRow | null {
    return this.rows[index] ?? null;
  }

  go(change: Partial<Pick<Vault, "view" | "query" | "merchant">>): void {
    Object.assign(this, change);
    [this.chosen, this.index] = [null, 0];
    void this.load();
  }

  /** Shows a token, whatever the list shows. */
  show(row: TokenRow): void {
    this.chosen = row;
  }

  select(index: number): void {
    this.index = Math.min(index, Math.max(0, this.rows.length - 1));
    this.selected = this.row(this.index);
    this.chosen = null;
  }

  /** Asks again for what is shown; the selection stays with its token. */
  refresh(): void {
    void this.load(true);
    const { chosen } = this;
    if (chosen) void this.look(chosen.id);
  }

  /** Fetches the next page when the end comes near. */
  need(last: number): void {
    if (this.next !== null && last + AHEAD >= this.rows.length) void this.fetch();
  }

  private async look(id: string): Promise<void> {
    try {
      const row = await backend.tokenShow(id);
      if (this.chosen?.id === id) this.chosen = row;
    } catch {
      // It may be of the profile that was left; the list says what there is.
      if (this.chosen?.id === id) this.chosen = null;
    }
  }

  private ask(before: string | null, limit: number): Promise<TokensPage> {
    const { view, query, merchant } = this;
    return backend.tokensPage({ view, text: query.trim(), merchantId: merchant?.id ?? null, before, limit });
  }

  private async load(follow = false): Promise<void> {
    const mine = (this.asked += 1);
    if (!follow) this.answered = false;
    const limit = follow ? Math.min(MOST, Math.max(PAGE, this.rows.length)) : PAGE;
    try {
      const [page, counts] = await Promise.all([this.ask(null, limit), backend.tokensCounts()]);
      if (mine !== this.asked) return;
      [this.problem, this.answered, this.counts] = [null, true, counts];
      [this.rows, this.next] = [page.rows, page.next];
      const kept = follow ? page.rows.findIndex((row) => row.id === this.selected?.id) : 0;
      this.index = kept >= 0 ? kept : Math.max(0, Math.min(this.index, page.rows.length - 1));
      this.selected = this.row(this.index);
    } catch (thrown) {
      if (mine === this.asked) this.problem = toProblem(thrown);
    }
  }

  private async fetch(): Promise<void> {
    const { asked, next } = this;
    if (this.fetching || next === null) return;
    this.fetching = true;
    try {
      const page = await this.ask(next, PAGE);
      if (asked === this.asked) [this.rows, this.next] = [[...this.rows, ...page.rows], page.next];
    } catch (thrown) {
      if (asked === this.asked) this.problem = toProblem(thrown);
    } finally {
      this.fetching = false;
    }
  }
}

export const vault = new Vault();
