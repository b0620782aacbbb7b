/**
 * What can be chosen while a question is typed: names of fields, and the values that are known of them.
 * Absent on purpose: values that nobody told the window; any other can be typed.
 */
import type { Facet } from "../ipc/backend";
import { completed, FIELDS, KNOWN, wanted, type Wanted } from "./query";

export interface Choice {
  /** What is written. */
  value: string;
  /** What is shown beside it. */
  what: string;
}

const MOST = 8;

function valuesOf(place: Wanted, facets: readonly Facet[]): Choice[] {
  const field = place.field;
  if (!field) return [];
  const typed = place.typed.toLowerCase();
  const told = facets.find((facet) => facet.field === field)?.values ?? [];
  const known = (KNOWN[field] ?? []).map((value) => ({ value, label: null as string | null }));
  const all = [...told, ...known.filter(({ value }) => !told.some((one) => one.value === value))];
  return all
    .filter(({ value, label }) => `${value} ${label ?? ""}`.toLowerCase().includes(typed) && value !== place.typed)
    .map(({ value, label }) => ({ value, what: label ?? "" }));
}

/** The choices at a place of a question; none where a free word stands. */
export function choicesAt(text: string, caret: number, facets: readonly Facet[]): { place: Wanted; choices: Choice[] } {
  const place = wanted(text, caret);
  if (place.field) return { place, choices: valuesOf(place, facets).slice(0, MOST) };
  const typed = place.typed.toLowerCase();
  const named = FIELDS.filter(({ name }) => name.startsWith(typed));
  const choices = named.map(({ name, what }) => ({ value: name, what }));
  return { place, choices: text.includes(":") || typed !== "" || text === "" ? choices : [] };
}

/** A choice, written into the question. */
export const chosen = (text: string, place: Wanted, { value }: Choice): { text: string; caret: number } =>
  completed(text, place, value);
