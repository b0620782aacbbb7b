/**
 * Answers questions to the made-up log: enough of the language for pages and unit tests.
 * Absent on purpose: the language itself, which is Rust's (crates/audit/src/query).
 */
import { FIELDS, KNOWN, terms, type Term } from "../audit/query";
import type { ActRow, Bar, Facet, FacetField, FacetValue, Histogram, QueryFault } from "./backend";
import { KINDS } from "./fake_audit_data";

const DAY = 86_400_000;
const BOUNDS = ["since", "until"];

/** A moment, as `since:` and `until:` take it. */
function moment(text: string, now: number): number | null {
  const today = Math.floor(now / DAY) * DAY;
  if (text === "today") return today;
  if (text === "yesterday") return today - DAY;
  const back = /^(\d+)d$/.exec(text);
  if (back) return now - Number(back[1]) * DAY;
  const time = Date.parse(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);
  return /^\d{4}-/.test(text) && !Number.isNaN(time) ? time : null;
}

function faultOf({ field, value }: Term, now: number): string | null {
  const known = FIELDS.map(({ name }) => `${name}:`).join(" ");
  if (field !== null && !FIELDS.some(({ name }) => name === field))
    return `There is no field ${field}:. Write one of ${known}, or put the word into quotes.`;
  if (field !== null && value === "") return `Nothing stands after ${field}:. Write a value there.`;
  if (field === "outcome" && !KNOWN.outcome?.includes(value))
    return `${value} is no outcome. Write succeeded, refused, unknown or open.`;
  if (BOUNDS.includes(field ?? "") && moment(value, now) === null)
    return `${value} is no time. Write a day such as 2026-11-20, a time such as 2026-11-20T14:00:00Z, 7d, today or yesterday.`;
  return null;
}

/** What is wrong with a question. */
export function faultIn(text: string, now: number): QueryFault | null {
  for (const term of terms(text)) {
    const message = faultOf(term, now);
    if (message) return { at: term.start, len: term.end - term.start, message };
  }
  return null;
}

const has = (text: string | null, part: string): boolean => (text ?? "").toLowerCase().includes(part.toLowerCase());

function meets(row: ActRow, { field, value }: Term, now: number): boolean {
  switch (field) {
    case "act":
      return row.kind === value || row.kind.startsWith(`${value.replace(/\.\*$/, "")}.`);
    case "actor":
      return row.actor.startsWith(value);
    case "merchant":
      return row.merchantId === value || row.merchantId?.endsWith(`:${value}`) === true;
    case "env":
      return row.environment === value;
    case "profile":
      return row.profile === value;
    case "outcome":
      return row.outcome === value;
    case "person":
      return has(row.person, value);
    case "plan":
      return row.plan?.startsWith(value) ?? false;
    case "id":
      return row.actId === value;
    case "since":
      return row.time >= (moment(value, now) ?? 0);
    case "until":
      return (
        row.time < (moment(value, now) ?? Infinity) + (/^(\d{4}-\d\d-\d\d|today|yesterday)$/.test(value) ? DAY : 1)
      );
    default:
      return [row.kind, row.summary, row.merchantName, row.actorName, row.person, `#${row.seq}`].some((text) =>
        has(text, value),
      );
  }
}

/** The acts that a question means: any of a field's values, all fields. */
export function found(rows: readonly ActRow[], text: string, now: number): ActRow[] {
  const all = terms(text);
  const groups = new Map<string, Term[]>();
  all.forEach((term, at) => {
    const apart = term.field === null || term.not || BOUNDS.includes(term.field);
    const key = apart ? `${at}` : (term.field ?? "");
    groups.set(key, [...(groups.get(key) ?? []), term]);
  });
  const wanted = [...groups.values()];
  return rows.filter((row) => wanted.every((group) => group.some((term) => meets(row, term, now) !== term.not)));
}

function facet(rows: readonly ActRow[], field: FacetField, of: (row: ActRow) => [string | null, string | null]): Facet {
  const counts = new Map<string, FacetValue>();
  for (const row of rows) {
    const [value, label] = of(row);
    if (value === null || value === "") continue;
    const known = counts.get(value) ?? { value, label, count: 0 };
    counts.set(value, { ...known, count: known.count + 1 });
  }
  const sorted = [...counts.values()].sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  return { field, values: sorted.slice(0, 8), more: sorted.length > 8 };
}

/** How many acts there are of each value of each field; each is counted without its own conditions. */
export function facetsOf(rows: (without: FacetField) => readonly ActRow[]): Facet[] {
  const words = new Map(KINDS.map(({ kind, words }) => [kind, words]));
  const values: Record<FacetField, (row: ActRow) => [string | null, string | null]> = {
    outcome: ({ outcome }) => [outcome, null],
    act: ({ kind }) => [kind, words.get(kind) ?? null],
    actor: ({ actor, actorName }) => [actor, actorName],
    merchant: ({ merchantId, merchantName }) => [merchantId, merchantName],
    env: ({ environment }) => [environment, null],
    profile: ({ profile }) => [profile, null],
  };
  const fields = Object.entries(values) as [FacetField, (row: ActRow) => [string | null, string | null]][];
  return fields.map(([field, of]) => facet(rows(field), field, of));
}

const STEPS = [1, 5, 15, 30, 60, 180, 360, 720, 1440, 2880, 4320, 7200, 10080].map((minutes) => minutes * 60_000);

/** The acts over time, in about as many bars as asked for. */
export function histogramOf(rows: readonly ActRow[], bars: number, now: number): Histogram {
  const times = rows.map(({ time }) => time);
  const [newest, oldest] = [times[0] ?? now, times.at(-1) ?? now - DAY];
  const step = STEPS.find((one) => (newest - oldest) / one < bars) ?? DAY * 30;
  const from = Math.floor(oldest / step) * step;
  const count = Math.floor((newest - from) / step) + 1;
  const found: Bar[] = Array.from({ length: count }, () => ({ succeeded: 0, refused: 0, unknown: 0, notes: 0 }));
  for (const row of rows) {
    const bar = found[Math.floor((row.time - from) / step)];
    const part = row.outcome === null ? "notes" : row.outcome === "open" ? "unknown" : row.outcome;
    if (bar) bar[part] += 1;
  }
  return { from, step, bars: found };
}
