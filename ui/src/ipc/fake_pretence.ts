/**
 * What the in-memory backend pretends, read from the page's address, and the pieces of pretending that need no state.
 * Absent on purpose: anything that the app itself uses.
 */
import type { ActRow, CommandError, Environment, ErrorCode } from "./backend";
import { actAt, entryText, sessionsOf } from "./fake_data";
import { errorMessages } from "./error_messages";
import { isKnownCode } from "./problem";
import type {
  ActsView,
  BadRow,
  EntryView,
  ImportView,
  KeyringState,
  MerchantRow,
  OpenView,
  SessionView,
  Theme,
  VerifyView,
} from "./types";

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
  sealed: boolean;
  /** Whether an app lock is set, and whether it is locked. */
  lock: "none" | "open" | "locked";
  /** How the made-up network is set, or what its system says. */
  network: "system" | "proxy" | "pac" | "gnome";
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
    sealed: asked.has("sealed"),
    network: (asked.get("network") ?? "system") as Pretence["network"],
    lock: (asked.get("lock") ?? "none") as Pretence["lock"],
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
  message:
    code === "network_connect"
      ? "Klarna could not be reached at 127.0.0.1:8443, so nothing was asked."
      : `${errorMessages[code].title}.`,
  hint: errorMessages[code].cure,
  reference: "GH-7Q2M-41KX",
});

/** The verdict on the made-up log. */
export const verdictOf = (broken: boolean, now: number): VerifyView => ({
  verdict: broken ? "truncated" : "intact",
  size: AUDIT_SIZE,
  root: "6a1f0c55d2e94b7731c8ad90e6f24b1d",
  firstBadSeq: broken ? AUDIT_SIZE - 12 : null,
  reason: broken ? "The anchor in the keyring is 3 entries ahead of the log." : null,
  checkedAt: now,
  tookMs: 38,
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

/** The acts below a number that a filter keeps. */
export function actsBefore(
  before: number | null,
  limit: number,
  query: string,
  environment: Environment,
  broken: boolean,
  now: number,
): ActsView {
  const rows: ActRow[] = [];
  let seq = before ?? AUDIT_SIZE + 1;
  while (rows.length < limit && seq > 2) {
    seq -= 2;
    const row = actAt(seq, environment, now, AUDIT_SIZE);
    if (broken && seq === AUDIT_SIZE - 11) rows.push(gapBelow(row));
    if (keeps(row, query)) rows.push(row);
  }
  return { rows, next: seq > 2 ? seq : null, size: AUDIT_SIZE };
}

/** One entry of the made-up log. */
export const entryView = (seq: number, now: number): EntryView => ({
  seq,
  leaf: "5be3886a1f0c55d2",
  prev: "9f2c41d07a5be388",
  bytes: entryText(seq),
  private: '{"sub":"nora.lind@acme.example"}',
  time: now,
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
