/**
 * Days of a month for a calendar, all in UTC, as the log counts them. A day is `YYYY-MM-DD`.
 * Absent on purpose: the person's own time zone; an audit has one.
 */
const DAY = 86_400_000;

const at = (day: string): number => Date.parse(`${day}T00:00:00Z`);
export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** The day so many days later. */
export const plusDays = (day: string, days: number): string => dayOf(at(day) + days * DAY);

/** The same day so many months later, or the last one of a shorter month. */
export function plusMonths(day: string, months: number): string {
  const [year = 1970, month = 1, date = 1] = day.split("-").map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return dayOf(Date.UTC(year, month - 1 + months, Math.min(date, last)));
}

export const firstOfMonth = (day: string): string => `${day.slice(0, 7)}-01`;
export const lastOfMonth = (day: string): string => plusDays(plusMonths(firstOfMonth(day), 1), -1);

/** The place in the week: 0 is Monday. */
export const weekday = (day: string): number => (new Date(at(day)).getUTCDay() + 6) % 7;

/** The weeks of a day's month from Monday on; days of other months are null. */
export function weeks(day: string): (string | null)[][] {
  const first = firstOfMonth(day);
  const lead = weekday(first);
  const length = Number(lastOfMonth(day).slice(8));
  const count = Math.ceil((lead + length) / 7);
  return Array.from({ length: count }, (_, week) =>
    Array.from({ length: 7 }, (__, place) => {
      const offset = week * 7 + place - lead;
      return offset < 0 || offset >= length ? null : plusDays(first, offset);
    }),
  );
}

/** Where a key takes the chosen day; null where it means nothing. Nothing lies after the last day. */
export function movedDay(key: string, day: string, last: string): string | null {
  const steps: Record<string, () => string> = {
    ArrowLeft: () => plusDays(day, -1),
    ArrowRight: () => plusDays(day, 1),
    ArrowUp: () => plusDays(day, -7),
    ArrowDown: () => plusDays(day, 7),
    PageUp: () => plusMonths(day, -1),
    PageDown: () => plusMonths(day, 1),
    Home: () => plusDays(day, -weekday(day)),
    End: () => plusDays(day, 6 - weekday(day)),
  };
  const next = steps[key]?.();
  if (next === undefined) return null;
  return next > last ? last : next;
}

const names = new Map<string, Intl.DateTimeFormat>();

function named(day: string, options: Intl.DateTimeFormatOptions, locale?: string): string {
  const key = `${locale ?? ""}${JSON.stringify(options)}`;
  const format = names.get(key) ?? new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options });
  names.set(key, format);
  return format.format(at(day));
}

/** `November 2026`. */
export const monthName = (day: string, locale?: string): string =>
  named(day, { month: "long", year: "numeric" }, locale);

/** `Friday, 20 November 2026`. */
export const dayName = (day: string, locale?: string): string =>
  named(day, { weekday: "long", day: "numeric", month: "long", year: "numeric" }, locale);

/** `20 Nov`. */
export const shortDay = (day: string, locale?: string): string =>
  named(day, { day: "numeric", month: "short" }, locale);

/** `Mo Tu …`, from Monday on. */
export const weekdayNames = (locale?: string): string[] =>
  Array.from({ length: 7 }, (_, place) => named(plusDays("2024-01-01", place), { weekday: "short" }, locale));
