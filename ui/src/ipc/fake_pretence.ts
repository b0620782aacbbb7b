/**
 * What the in-memory backend pretends, read from the page's address, and the pieces of pretending that need no state.
 * Absent on purpose: anything that the app itself uses.
 */
import type { ActRow, CommandError, Environment, ErrorCode } from "./backend";
import { isKnownCode } from "./problem";
import type { KeyringState, Theme } from "./types";

/** What a page pretends. */
export interface Pretence {
  state: "full" | "empty" | "loading" | "error" | "first";
  profile: Environment;
  theme: Theme;
  delay: number;
  fail: ErrorCode | null;
  merchants: number;
  alarm: boolean;
  keyring: KeyringState;
}

/** Reads the pretence from an address's query. */
export function pretenceFrom(search: string): Pretence {
  const asked = new URLSearchParams(search);
  const fail = asked.get("fail");
  return {
    state: (asked.get("state") ?? "full") as Pretence["state"],
    profile: (asked.get("profile") ?? "sandbox") as Environment,
    theme: (asked.get("theme") ?? "system") as Theme,
    delay: Number(asked.get("delay") ?? 1),
    fail: isKnownCode(fail) ? fail : null,
    merchants: Number(asked.get("merchants") ?? 100_000),
    alarm: asked.has("alarm"),
    keyring: (asked.get("keyring") ?? "ok") as KeyringState,
  };
}

/** How many entries the made-up log has. */
export const AUDIT_SIZE = 4812;
export const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
/** For the state in which no answer comes. */
export const forever = new Promise<never>(() => undefined);

/** What every question is answered with in the state of failure. */
export const failure = (code: ErrorCode): CommandError => ({
  code,
  message: "Klarna could not be reached at 127.0.0.1:8443, so nothing was asked.",
  hint: "Check that you are online, then try again.",
  reference: "GH-7Q2M-41KX",
});

/** Whether an act has every word of a filter. */
export function keeps(row: ActRow, query: string): boolean {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const text = `${row.kind} ${row.summary} ${row.merchantName ?? ""} ${row.actor} outcome:${row.outcome ?? ""} #${row.seq}`;
  return words.every((word) => text.toLowerCase().includes(word));
}

/** The row that stands for numbers that are missing above an act. */
export function gapBelow(row: ActRow): ActRow {
  return {
    ...row,
    seq: row.seq + 2,
    outcomeSeq: null,
    outcome: null,
    phase: "note",
    missing: { from: row.seq + 2, to: row.seq + 4 },
  };
}
