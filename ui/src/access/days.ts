/**
 * Days as `YYYY-MM-DD` by the calendar in UTC: whether a text is one, and how far two are apart.
 * Absent on purpose: zones and times of day; Klarna takes days.
 */
const DAY = 86_400_000;

const moment = (day: string): number => Date.parse(`${day}T00:00:00Z`);

/** Whether a text is a day that the calendar has. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = moment(text);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** The day that comes so many days later. */
export const dayAfter = (day: string, days: number): string =>
  new Date(moment(day) + days * DAY).toISOString().slice(0, 10);

/** How many days later another one is. */
export const daysBetween = (from: string, to: string): number => Math.round((moment(to) - moment(from)) / DAY);
