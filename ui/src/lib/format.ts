/**
 * Times, durations, counts and ids as people read them. The moment and the locale come in as parameters, so tests need no clock.
 * Absent on purpose: Temporal, which WebKitGTK does not have.
 */
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const cache = new Map<string, Intl.DateTimeFormat>();

function formatter(locale: string | undefined, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale ?? ""}${JSON.stringify(options)}`;
  let found = cache.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(locale, options);
    cache.set(key, found);
  }
  return found;
}

/** Shortens how long ago something was: `now`, `2 min`, `3 h`, `yesterday`, `6 days`, then the date. */
export function ago(then: number | null, now: number, locale?: string): string {
  if (then === null) return "–";
  const past = now - then;
  if (past < 45 * SECOND) return "now";
  if (past < HOUR) return `${Math.max(1, Math.round(past / MINUTE))} min`;
  if (past < DAY) return `${Math.floor(past / HOUR)} h`;
  if (past < 2 * DAY) return "yesterday";
  if (past < 7 * DAY) return `${Math.floor(past / DAY)} days`;
  const year = new Date(then).getFullYear() !== new Date(now).getFullYear();
  return formatter(locale, { day: "numeric", month: "short", ...(year ? { year: "numeric" } : {}) }).format(then);
}

/** The same as the end of a sentence: `just now`, `2 min ago`, `yesterday`, `on 12 Oct`. */
export function since(then: number, now: number, locale?: string): string {
  const short = ago(then, now, locale);
  if (short === "now") return "just now";
  if (short === "yesterday") return short;
  return now - then < 7 * DAY ? `${short} ago` : `on ${short}`;
}

/** Says how much is left in the two largest units: `7 h 41 m`, `4 m 10 s`, `42 s`; never below zero. */
export function left(until: number, now: number): string {
  const rest = Math.max(0, until - now);
  if (rest >= DAY) return `${Math.floor(rest / DAY)} d ${Math.floor((rest % DAY) / HOUR)} h`;
  if (rest >= HOUR) return `${Math.floor(rest / HOUR)} h ${Math.floor((rest % HOUR) / MINUTE)} m`;
  if (rest >= 10 * MINUTE) return `${Math.floor(rest / MINUTE)} m`;
  if (rest >= MINUTE) return `${Math.floor(rest / MINUTE)} m ${Math.floor((rest % MINUTE) / SECOND)} s`;
  return `${Math.ceil(rest / SECOND)} s`;
}

/** The exact moment in the person's locale and zone, for hover and focus. */
export const exact = (time: number, locale?: string): string =>
  formatter(locale, { dateStyle: "medium", timeStyle: "medium" }).format(time);

/** Hours and minutes in the person's zone. */
export const clockTime = (time: number, locale?: string): string =>
  formatter(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(time);

/** A date in the person's locale. */
export const date = (time: number, locale?: string): string => formatter(locale, { dateStyle: "medium" }).format(time);

/** The audit log's own form: UTC, to the second. */
export const utc = (time: number): string => `${new Date(time).toISOString().slice(0, 19).replace("T", " ")}Z`;

/** UTC hours, minutes and seconds, for rows that stand under a day. */
export const utcClock = (time: number): string => new Date(time).toISOString().slice(11, 19);

/** A count with a comma before each three digits; the first use of Intl's numbers costs as much as twenty rows. */
export const count = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ",");

/** `1 session`, `3 sessions`. */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** The last segment of a KRN or the last eight characters of another id. */
export function tail(id: string): string {
  const segment = id.slice(id.lastIndexOf(":") + 1);
  return id.includes(":") ? segment : segment.slice(-8);
}
