/**
 * The text of a question to the log, as a person edits it and as facets, bars and links write it: terms, places, additions.
 * Absent on purpose: answering or judging it. Rust does, and says which word it does not understand.
 */
export const FIELDS = [
  { name: "actor", what: "who did it, by the person key's id" },
  { name: "act", what: "a kind, or a topic such as access.*" },
  { name: "merchant", what: "an account, or its last part" },
  { name: "env", what: "live, test, sandbox" },
  { name: "outcome", what: "succeeded, refused, unknown, open" },
  { name: "since", what: "a day, a time, or 7d" },
  { name: "until", what: "a day, a time, or 7d" },
  { name: "profile", what: "a profile's name" },
  { name: "person", what: "whose access it was, by address or name" },
  { name: "plan", what: "a plan's hash, or how it begins" },
  { name: "id", what: "an act's id, or any other" },
] as const;

export type FieldName = (typeof FIELDS)[number]["name"];

/** What is known of a field without asking. */
export const KNOWN: Partial<Record<FieldName, readonly string[]>> = {
  env: ["live", "test", "sandbox"],
  outcome: ["succeeded", "refused", "unknown", "open"],
  since: ["today", "yesterday", "7d", "30d"],
  until: ["today", "yesterday", "7d"],
};

/** One word of a question: `field:value`, free words have no field. */
export interface Term {
  field: string | null;
  value: string;
  not: boolean;
  start: number;
  end: number;
}

/** A value without its quotes; in them a backslash stands before a quote or another backslash. */
const unquoted = (value: string): string =>
  value.startsWith('"')
    ? value
        .slice(1)
        .replace(/"$/, "")
        .replace(/\\(["\\])/g, "$1")
    : value;

/** Where the word that begins at a place ends; quotes hold words together, an open quote reaches to the end. */
function wordEnd(text: string, start: number): number {
  let inside = false;
  for (let at = start; at < text.length; at += 1) {
    if (inside && text[at] === "\\") at += 1;
    else if (text[at] === '"') inside = !inside;
    else if (!inside && /\s/.test(text.charAt(at))) return at;
  }
  return text.length;
}

/** Cuts a question into its terms. */
export function terms(text: string): Term[] {
  const found: Term[] = [];
  for (let at = 0; at < text.length; at += 1) {
    if (/\s/.test(text.charAt(at))) continue;
    const end = wordEnd(text, at);
    const [, minus, field, value] = /^(-?)(?:([a-z]+):)?([\s\S]*)$/i.exec(text.slice(at, end)) ?? [];
    const plain = unquoted(value ?? "");
    found.push({ field: field?.toLowerCase() ?? null, value: plain, not: minus === "-", start: at, end });
    at = end;
  }
  return found;
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** A value as it stands in a question; quotes go where they are needed. */
export const quoted = (value: string): string =>
  value === "" || /[\s"\\]/.test(value) ? `"${value.replace(/["\\]/g, "\\$&")}"` : value;

/** One term, written. */
export const term = (field: FieldName, value: string): string => `${field}:${quoted(value)}`;

/** Whether a question asks for just this value of a field. */
export const asks = (text: string, field: FieldName, value: string): boolean =>
  terms(text).some((one) => one.field === field && !one.not && same(one.value, value));

/** Takes terms out of a question; what is left keeps its order. */
export function without(text: string, drop: (term: Term) => boolean): string {
  let left = text;
  for (const one of terms(text).reverse()) if (drop(one)) left = left.slice(0, one.start) + left.slice(one.end);
  return left.replace(/\s+/g, " ").trim();
}

/** Puts a value of a field into a question, or takes it out where it stands there. */
export function toggled(text: string, field: FieldName, value: string): string {
  if (asks(text, field, value))
    return without(text, (one) => one.field === field && !one.not && same(one.value, value));
  const rest = without(text, (one) => one.field === field && one.not && same(one.value, value));
  return `${rest} ${term(field, value)}`.trim();
}

/** Adds what a link asks for, unless it is asked for already. */
export const narrowed = (text: string, field: FieldName, value: string): string =>
  asks(text, field, value) ? text : toggled(text, field, value);

/** Whether a question is bounded in time. */
export const isBounded = (text: string): boolean =>
  terms(text).some(({ field }) => field === "since" || field === "until");

/** Takes the bounds in time out. */
export const unbounded = (text: string): string => without(text, ({ field }) => field === "since" || field === "until");

const DAY = 86_400_000;
const iso = (time: number): string => new Date(time).toISOString().replace(".000Z", "Z");

/** Bounds a question in time: from a moment up to, and without, another. `until:` means its moment, or its day, as well. */
export function between(text: string, from: number, to: number): string {
  const days = from % DAY === 0 && to % DAY === 0;
  const [since, until] = days ? [iso(from).slice(0, 10), iso(to - DAY).slice(0, 10)] : [iso(from), iso(to - 1)];
  return `${unbounded(text)} since:${since} until:${until}`.trim();
}

/** What is asked for to see one day. */
export const ofDay = (day: string): string => `since:${day} until:${day}`;

/** What could stand where the caret is. */
export interface Wanted {
  /** The part of the text that a choice replaces. */
  start: number;
  end: number;
  /** The field whose value is typed; null while a field's name, or a free word, is. */
  field: FieldName | null;
  typed: string;
  not: boolean;
}

const fieldNamed = (name: string | null): FieldName | null => FIELDS.find((field) => field.name === name)?.name ?? null;

/** What is being typed at a place of a question. */
export function wanted(text: string, caret: number): Wanted {
  const at = terms(text).find(({ start, end }) => start < caret && caret <= end);
  if (!at) return { start: caret, end: caret, field: null, typed: "", not: false };
  const typed = text.slice(at.start, caret).replace(/^-/, "");
  const [before, ...after] = typed.split(":");
  const field = after.length > 0 ? fieldNamed((before ?? "").toLowerCase()) : null;
  const value = field ? unquoted(after.join(":")) : typed;
  return { start: at.start, end: at.end, field, typed: value, not: at.not };
}

/** A choice, put where it was typed; answers the text and where the caret goes. */
export function completed(text: string, place: Wanted, choice: string): { text: string; caret: number } {
  const minus = place.not ? "-" : "";
  const written = place.field ? `${minus}${term(place.field, choice)} ` : `${minus}${choice}:`;
  const rest = text.slice(place.end).replace(/^ /, "");
  return { text: text.slice(0, place.start) + written + rest, caret: place.start + written.length };
}
