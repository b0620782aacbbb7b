/**
 * The bars of the histogram: how high each part is, what a bar is called, where the axis says a day. Pure, so that it is tested without a page.
 * Absent on purpose: a library of charts.
 */
import type { Bar, Histogram } from "../ipc/backend";
import { count, plural } from "../lib/format";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const PARTS = ["succeeded", "notes", "refused", "unknown"] as const;
export type Part = (typeof PARTS)[number];

export const partWords: Record<Part, string> = {
  succeeded: "done",
  notes: "noted",
  refused: "refused",
  unknown: "unknown",
};

export const sum = (bar: Bar): number => bar.succeeded + bar.refused + bar.unknown + bar.notes;

/** The outline of one part of all bars, for a drawing of 1 by 1 a bar and 100 high; parts stand on one another. */
export function outline(bars: readonly Bar[], part: Part): string {
  const most = Math.max(1, ...bars.map(sum));
  const below = PARTS.slice(0, PARTS.indexOf(part));
  const boxes = bars.map((bar, at) => {
    if (bar[part] === 0) return "";
    const base = below.reduce((total, one) => total + bar[one], 0);
    // What is there is seen, be it one in a thousand.
    const high = Math.max(3, (bar[part] * 100) / most);
    const y = Math.max(0, 100 - (base * 100) / most - high);
    return `M${at + 0.1} ${y.toFixed(1)}h0.8v${high.toFixed(1)}h-0.8z`;
  });
  return boxes.join("");
}

const iso = (time: number): string => new Date(time).toISOString();
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const dayText = (time: number): string => {
  const date = new Date(time);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()] ?? ""}`;
};

/** When a bar begins, as exact as its width asks. */
export function startText(time: number, step: number): string {
  return step >= DAY ? dayText(time) : `${dayText(time)} ${iso(time).slice(11, 16)}`;
}

/** From when to when some bars reach. */
export function spanText({ from, step }: Histogram, first: number, last: number): string {
  const [start, end] = [from + first * step, from + (last + 1) * step];
  if (step >= DAY && end - start === DAY) return dayText(start);
  if (step >= DAY) return `${dayText(start)} to ${dayText(end - DAY)}`;
  const same = iso(start).slice(0, 10) === iso(end - 1).slice(0, 10);
  return `${startText(start, step)} to ${same ? iso(end).slice(11, 16) : startText(end, step)}`;
}

/** What some bars hold, in words. */
export function heldText(bars: readonly Bar[]): string {
  const total = bars.reduce((all, bar) => all + sum(bar), 0);
  const parts = (["refused", "unknown"] as const).flatMap((part) => {
    const many = bars.reduce((all, bar) => all + bar[part], 0);
    return many > 0 ? [`${count(many)} ${partWords[part]}`] : [];
  });
  return [plural(total, "act"), ...parts].join(", ");
}

/** How wide a bar is, in words. */
export function stepText(step: number): string {
  if (step % DAY === 0) return step === DAY ? "a day" : `${step / DAY} days`;
  if (step % HOUR === 0) return step === HOUR ? "an hour" : `${step / HOUR} hours`;
  return step === MINUTE ? "a minute" : `${Math.round(step / MINUTE)} minutes`;
}

/** At most so many places of the axis, each with its text. */
export function ticks({ from, step, bars }: Histogram, most = 6): { at: number; text: string }[] {
  const each = Math.max(1, Math.ceil(bars.length / most));
  const found = [];
  for (let at = 0; at < bars.length; at += each) found.push({ at, text: startText(from + at * step, step) });
  // A text that begins at the very end of a long axis would reach beyond it.
  return found.filter(({ at }) => bars.length < 12 || at / bars.length < 0.9);
}
