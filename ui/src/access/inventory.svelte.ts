/**
 * The inventory as the table sees it: windows of rows by 100, of the way in, view and words that are chosen; held while they are near.
 * An answer that a newer question has overtaken is dropped. Absent on purpose: filtering, sorting, counting; Rust does it.
 */
import { backend } from "#backend";
import type {
  AccessMerchantRow,
  AccessPersonRow,
  AccessRequest,
  AccessView,
  AccessWindow,
  GrantView,
  LeaversView,
  ViewCounts,
} from "../ipc/backend";
import { toProblem, type Problem } from "../ipc/problem";
import { Recent } from "../lib/recent";

export type Way = "person" | "merchant" | "role";
export type Row =
  | { kind: "person"; row: AccessPersonRow }
  | { kind: "merchant"; row: AccessMerchantRow }
  | { kind: "role"; row: GrantView };

/** Whom the pane shows. */
export type Subject = { kind: "person"; person: string } | { kind: "merchant"; merchantId: string };

const WINDOW = 100;
const KEPT = 24;
const KEY = "gatehouse.people.way";
const WAYS: readonly Way[] = ["person", "merchant", "role"];

export const keyOf = (row: Row): string =>
  row.kind === "person" ? row.row.person : row.kind === "merchant" ? row.row.merchantId : row.row.id;

export const subjectOf = (row: Row | null): Subject | null => {
  if (!row) return null;
  if (row.kind === "merchant") return { kind: "merchant", merchantId: row.row.merchantId };
  return { kind: "person", person: row.row.person };
};

export class Inventory {
  way: Way = $state(WAYS.find((way) => way === localStorage.getItem(KEY)) ?? "person");
  view: AccessView = $state("all");
  role: string | null = $state(null);
  query = $state("");
  total = $state(0);
  counts: ViewCounts | null = $state.raw(null);
  index = $state(0);
  selected: Row | null = $state.raw(null);
  /** Chosen beside the list, such as a merchant that another screen leads to. */
  chosen: Subject | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  /** Whether rows of the question that is asked now are here. */
  answered = $state(false);
  leavers: LeaversView | null = $state.raw(null);
  private version = $state(0);
  private windows = new Recent<number, Row[]>(KEPT);
  private asked = 0;
  private stale = new Set<number>();
  private readonly underWay = new Set<string>();

  get subject(): Subject | null {
    return this.chosen ?? subjectOf(this.selected);
  }

  get isEmpty(): boolean {
    return this.answered && this.counts?.every === 0 && this.query === "" && this.role === null;
  }

  go(change: Partial<Pick<Inventory, "way" | "view" | "role" | "query">>): void {
    Object.assign(this, change);
    if (change.way) localStorage.setItem(KEY, change.way);
    this.chosen = null;
    void this.load();
  }

  /** Shows a merchant's or person's page, whatever the list shows. */
  show(subject: Subject): void {
    this.chosen = subject;
  }

  /** Asks again for what is shown; the selection stays with its row. */
  refresh(): void {
    void this.load(true);
  }

  row(index: number): Row | null {
    void this.version;
    return this.windows.get(Math.floor(index / WINDOW))?.[index % WINDOW] ?? null;
  }

  need(first: number, last: number): void {
    void this.version;
    const end = Math.min(last, this.total - 1);
    for (let at = Math.floor(first / WINDOW); at <= Math.floor(end / WINDOW); at += 1)
      if (!this.windows.get(at) || this.stale.has(at)) void this.fetch(at);
  }

  select(index: number): void {
    this.index = index;
    this.selected = this.row(index);
    this.chosen = null;
  }

  private async load(follow = false): Promise<void> {
    const mine = (this.asked += 1);
    if (!follow) this.answered = false;
    try {
      const window = await this.ask(0);
      if (mine !== this.asked) return;
      this.take(window, follow);
    } catch (thrown) {
      if (mine === this.asked) this.problem = toProblem(thrown);
    }
  }

  private take({ total, counts, rows }: AccessWindow<Row>, follow: boolean): void {
    [this.problem, this.answered, this.total, this.counts] = [null, true, total, counts];
    this.stale = new Set(follow ? this.windows.keys() : []);
    if (!follow) this.windows.clear();
    this.windows.set(0, rows);
    this.stale.delete(0);
    this.version += 1;
    const kept = follow && this.selected ? keyOf(this.selected) : null;
    const found = kept === null ? 0 : rows.findIndex((row) => keyOf(row) === kept);
    if (found >= 0) this.index = found;
    else this.index = Math.max(0, Math.min(this.index, total - 1));
    this.selected = this.row(this.index) ?? (follow && total > 0 ? this.selected : null);
  }

  private async fetch(at: number): Promise<void> {
    const { asked } = this;
    const mark = `${asked}:${at}`;
    if (this.underWay.has(mark)) return;
    this.underWay.add(mark);
    try {
      const { rows } = await this.ask(at * WINDOW);
      if (asked !== this.asked) return;
      this.windows.set(at, rows);
      this.stale.delete(at);
      this.version += 1;
      if (this.selected === null || Math.floor(this.index / WINDOW) === at) this.selected = this.row(this.index);
    } catch (thrown) {
      if (asked === this.asked) this.problem = toProblem(thrown);
    } finally {
      this.underWay.delete(mark);
    }
  }

  private async ask(first: number): Promise<AccessWindow<Row>> {
    const { way, view, role, query } = this;
    const order = view === "expiring" ? ("end" as const) : way === "role" ? ("role" as const) : ("newest" as const);
    const request: AccessRequest = { view, role, query, order, first, count: WINDOW };
    if (way === "person") return tagged("person", await backend.accessPersons(request));
    if (way === "merchant") return tagged("merchant", await backend.accessMerchants(request));
    return tagged("role", await backend.accessPage(request));
  }
}

function tagged<R>(kind: Way, window: AccessWindow<R>): AccessWindow<Row> {
  return { ...window, rows: window.rows.map((row) => ({ kind, row }) as Row) };
}

export const inventory = new Inventory();
