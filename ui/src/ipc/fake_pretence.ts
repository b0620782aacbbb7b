/**
 * What the in-memory backend pretends, read from the page's address, and the pieces of pretending that need no state.
 * Absent on purpose: anything that the app itself uses.
 */
import type { CommandError, Environment, ErrorCode } from "./backend";
import { AUDIT_SIZE } from "./fake_audit_data";
import { sessionsOf } from "./fake_data";
import { errorMessages } from "./error_messages";
import { isKnownCode } from "./problem";
import type { BadRow, ImportView, KeyringState, MerchantRow, OpenView, SessionView, Theme } from "./types";

/** What a page pretends. */
export interface Pretence {
  state: "full" | "empty" | "loading" | "error" | "first";
  profile: Environment;
  theme: Theme;
  delay: number;
  fail: ErrorCode | null;
  merchants: number;
  alarm: boolean;
  /** How much of the made-up log the lists have read, and how many of its first entries were moved into an archive. */
  indexed: number;
  archived: number;
  /** Whether it was verified by itself, whether a key was used beside it, and how many looks could not be written into it. */
  verified: boolean;
  beside: boolean;
  waiting: number;
  keyring: KeyringState;
  sealed: boolean;
  /** Whether an app lock is set, and whether it is locked. */
  lock: "none" | "open" | "locked";
  /** How the made-up network is set, or what its system says. */
  network: "system" | "proxy" | "pac" | "gnome";
  /** Which login bridge there is: none, one without SAML, one with it, without a table, with a table that is gone, with a bad row, with files that somebody else changes, with a save that was cut off. */
  bridge: "none" | "button" | "saml" | "tableless" | "lost" | "flawed" | "moved" | "cut";
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
    indexed: Number(asked.get("indexed") ?? 1),
    archived: Number(asked.get("archived") ?? 0),
    verified: asked.has("verified"),
    beside: asked.has("beside"),
    waiting: Number(asked.get("waiting") ?? 0),
    sealed: asked.has("sealed"),
    network: (asked.get("network") ?? "system") as Pretence["network"],
    bridge: (asked.get("bridge") ?? "saml") as Pretence["bridge"],
    lock: (asked.get("lock") ?? "none") as Pretence["lock"],
    keyring: (asked.get("keyring") ?? "ok") as KeyringState,
  };
}

export const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
/** For the state in which no answer comes. */
export const forever = new Promise<never>(() => undefined);

/** What every question is answered with in the state of failure. */
export const failure = (code: ErrorCode): CommandError => ({
  code,
  message:
    code === "network_connect"
      ? "Klarna could not be reached at 127.0.0.1:8443, so nothing was asked."
      : `${errorMessages[code].title}.`,
  hint: errorMessages[code].cure,
  reference: "GH-7Q2M-41KX",
});

/** How long a made-up session lives. */
export const SESSION_LIFE = 8 * 3_600_000;

/** A session whose link was made a moment ago. */
export function freshSession(
  id: string,
  row: MerchantRow,
  openAs: string | null,
  environment: Environment,
  at: number,
): SessionView {
  const [pattern] = sessionsOf(environment, at);
  const fresh = {
    ...(pattern as SessionView),
    id,
    merchantId: row.id,
    merchantName: row.name,
    reference: row.reference,
  };
  const times = { createdAt: at, linkDeadAt: at + 60_000, fetchedAt: null, expiresAt: at + SESSION_LIFE };
  const who = openAs ? { principal: openAs, openAs: true } : {};
  return { ...fresh, ...times, ...who, state: "waiting" };
}

const badRow = (line: number): BadRow => ({
  line,
  column: "partner_account_id",
  value: "krn:oops",
  message: "It is no account id.",
});

/** What an import of the made-up file comes to. */
export const IMPORTED: ImportView = {
  file: "merchants.csv",
  added: 412,
  updated: 6,
  unchanged: 80,
  bad: [badRow(3), badRow(17)],
  badTotal: 2,
};

/** What opening answers. */
export function openView(actId: string, id: string, merchantId: string, at: number): OpenView {
  const seqs = { intentSeq: AUDIT_SIZE + 1, outcomeSeq: AUDIT_SIZE + 2 };
  return { sessionId: id, deepLinkId: id, merchantId, expiresAt: at + SESSION_LIFE, ...seqs, actId };
}
