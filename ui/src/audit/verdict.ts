/**
 * The verdict line in words: what was verified, what others have witnessed, what neither holds for yet.
 * Absent on purpose: any claim that a verdict does not make.
 */
import type { VerifyView } from "../ipc/backend";
import { count } from "../lib/format";

const clock = (time: number, now: number): string => {
  const iso = new Date(time).toISOString();
  const today = iso.slice(0, 10) === new Date(now).toISOString().slice(0, 10);
  return today ? `${iso.slice(11, 16)} UTC` : `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
};

/** `Verified to #4,812 · witnessed to #4,807 14:03 UTC · 5 not yet witnessed`, then what came since. */
export function verdictLine(verdict: VerifyView, size: number, now: number): string {
  const { witnessed } = verdict;
  const parts = [`Verified to #${count(verdict.size)}`];
  if (witnessed) {
    parts.push(`witnessed to #${count(witnessed.size)} ${clock(witnessed.time, now)}`);
    const rest = verdict.size - witnessed.size;
    if (rest > 0) parts.push(`${count(rest)} not yet witnessed`);
  } else if (verdict.size > 0) parts.push("not witnessed");
  if (size > verdict.size) parts.push(`${count(size - verdict.size)} since`);
  return parts.join(" · ");
}
