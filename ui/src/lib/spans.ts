/**
 * Cuts a text into matched and unmatched pieces by the offsets that Rust sent (UTF-16, half open).
 * Offsets that overlap, run backwards or leave the text are mended rather than trusted.
 * Absent on purpose: searching. What matched is decided by Rust.
 */
import type { Matched, MatchedField, MerchantRow } from "../ipc/backend";
import { visible } from "./visible";

export interface Piece {
  text: string;
  hit: boolean;
}

type Range = Pick<Matched, "start" | "end">;

/** Returns the pieces in order; joined they are the visible form of the text. */
export function pieces(text: string, ranges: readonly Range[]): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    const from = Math.max(at, Math.min(start, text.length));
    const to = Math.min(end, text.length);
    if (to <= from) continue;
    if (from > at) found.push({ text: visible(text.slice(at, from)), hit: false });
    found.push({ text: visible(text.slice(from, to)), hit: true });
    at = to;
  }
  if (at < text.length || found.length === 0) found.push({ text: visible(text.slice(at)), hit: false });
  return found;
}

/** The ranges of one field of a row. */
export const rangesOf = (row: MerchantRow, field: MatchedField): Range[] =>
  row.matched.filter((match) => match.field === field);

/** The text that a field's offsets count in. */
export const fieldText = (row: MerchantRow, field: MatchedField): string =>
  field === "tag" ? row.tags.join(" ") : row[field];

/** Finds every place of a typed word in a text of our own (names of acts and screens). */
export function rangesIn(text: string, query: string): Range[] {
  const wanted = query.trim().toLowerCase();
  const start = wanted ? text.toLowerCase().indexOf(wanted) : -1;
  return start < 0 ? [] : [{ start, end: start + wanted.length }];
}
