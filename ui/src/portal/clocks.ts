/**
 * What a session's clock says, from the times that Rust gave. Revocation is told as what is known: accepted, and certainly out by.
 * Absent on purpose: deciding that a session has ended.
 */
import type { SessionView } from "../ipc/backend";
import { clockTime, left } from "../lib/format";
import { endedWords } from "./messages";

export interface Clock {
  text: string;
  /** What is left of the time that counts, between 0 and 1; null where nothing runs. */
  part: number | null;
}

const HOURS_8 = 8 * 3_600_000;

export function sessionClock(session: SessionView, now: number): Clock {
  switch (session.state) {
    case "waiting":
      return waiting(session, now);
    case "used":
      if (session.expiresAt <= now) return { text: "time is up", part: 0 };
      return { text: `${left(session.expiresAt, now)} left`, part: (session.expiresAt - now) / HOURS_8 };
    case "revoking":
      return { text: revoking(session), part: null };
    case "ended":
      return { text: session.ended ? endedWords[session.ended] : "Ended", part: null };
  }
}

function waiting({ linkDeadAt }: SessionView, now: number): Clock {
  if (linkDeadAt <= now) return { text: "link is dead", part: 0 };
  return { text: `link good for ${left(linkDeadAt, now)}`, part: (linkDeadAt - now) / 60_000 };
}

function revoking({ revokedAt, outBy }: SessionView): string {
  const accepted = revokedAt === null ? "" : `Accepted ${clockTime(revokedAt)}. `;
  return outBy === null ? accepted.trim() : `${accepted}Certainly out by ${clockTime(outBy)}.`;
}

/** The moments at which a countdown is said aloud. */
export const SPOKEN = [60, 30, 10] as const;

/** The sentence to say when a session passes one of those moments between two looks at the clock, or null. */
export function spoken(session: SessionView, before: number, now: number): string | null {
  const end = session.state === "waiting" ? session.linkDeadAt : session.state === "used" ? session.expiresAt : null;
  if (end === null) return null;
  const passed = SPOKEN.find((seconds) => end - before > seconds * 1000 && end - now <= seconds * 1000 && end > now);
  if (passed === undefined) return null;
  const what = session.state === "waiting" ? "the link" : "the session";
  return `${session.merchantName}: ${passed} seconds left of ${what}.`;
}
