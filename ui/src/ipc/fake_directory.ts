/**
 * The stand-in's merchants: rows are made when they are looked at, names are searched once per query.
 * Absent on purpose: ranking. The real order comes from Rust.
 */
import type { CommandError } from "./backend";
import { merchantAt } from "./fake_data";
import type { Environment, Matched, MerchantRow, SearchRequest, SearchView } from "./types";

const FIELDS = ["name", "reference", "id", "country"] as const;

export class FakeDirectory {
  private readonly changes = new Map<number, Partial<MerchantRow>>();
  private readonly known = new Map<string, number>();
  private readonly asked = new Map<string, number>();
  private haystack: string[] | null = null;

  constructor(
    readonly size: number,
    private readonly environment: Environment,
    private readonly start: number,
  ) {}

  search({ query, first, count }: SearchRequest): SearchView {
    const began = performance.now();
    const wanted = query.trim().toLowerCase();
    const found = wanted ? this.find(wanted) : null;
    const total = found?.length ?? this.size;
    const rows: MerchantRow[] = [];
    for (let place = first; place < Math.min(first + count, total); place += 1) {
      const row = this.at(found ? (found[place] as number) : place);
      rows.push(wanted ? { ...row, matched: matchedIn(row, wanted) } : row);
    }
    return { total, of: this.size, first, rows, tookUs: Math.round((performance.now() - began) * 1000) };
  }

  get(id: string): MerchantRow {
    const index = this.known.get(id);
    if (index !== undefined) return this.at(index);
    for (let other = 0; other < this.size; other += 1) if (this.at(other).id === id) return this.at(other);
    const unknown: CommandError = { code: "merchant_unknown", message: "", hint: "", reference: "" };
    throw unknown;
  }

  pin(id: string, pinned: boolean): void {
    this.change(id, { pinned });
  }

  /** Klarna says what it always says; a merchant that it was not asked about becomes operational. */
  refreshed(id: string, at: number): MerchantRow {
    this.asked.set(id, at);
    const { state } = this.get(id);
    return this.change(id, { state: state === "UNKNOWN" ? "OPERATIONAL" : state });
  }

  refreshedAt({ id, state }: MerchantRow, usual: number): number | null {
    return this.asked.get(id) ?? (state === "UNKNOWN" ? null : usual);
  }

  opened(id: string, openedAt: number): MerchantRow {
    return this.change(id, { openedAt });
  }

  private at(index: number): MerchantRow {
    const row = { ...merchantAt(index, this.environment, this.start), ...this.changes.get(index) };
    this.known.set(row.id, index);
    return row;
  }

  private change(id: string, change: Partial<MerchantRow>): MerchantRow {
    const row = this.get(id);
    const index = this.known.get(id) as number;
    this.changes.set(index, { ...this.changes.get(index), ...change });
    return { ...row, ...change };
  }

  private find(wanted: string): number[] {
    this.haystack ??= Array.from({ length: this.size }, (_, index) => {
      const row = merchantAt(index, this.environment, this.start);
      return `${row.name}\n${row.reference}\n${row.id}\n${row.tags.join("\n")}`.toLowerCase();
    });
    const found: number[] = [];
    this.haystack.forEach((hay, index) => {
      if (hay.includes(wanted)) found.push(index);
    });
    return found;
  }
}

function matchedIn(row: MerchantRow, wanted: string): Matched[] {
  const matched: Matched[] = [];
  for (const field of FIELDS) {
    const start = row[field].toLowerCase().indexOf(wanted);
    if (start >= 0) matched.push({ field, start, end: start + wanted.length });
  }
  const tag = row.tags.find((one) => one.includes(wanted));
  if (tag && matched.length === 0)
    matched.push({ field: "tag", start: tag.indexOf(wanted), end: tag.indexOf(wanted) + wanted.length });
  return matched;
}
