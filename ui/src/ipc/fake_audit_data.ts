/**
 * A made-up log of 4,812 entries over four months: working days, quiet week-ends, a burst, an odd hour, refusals, some hostile names.
 * Absent on purpose: hashes that hold; what is verified is made up too.
 */
import type { ActRow, Environment, Outcome } from "./backend";
import { merchantAt, profileOf } from "./fake_data";

export const AUDIT_SIZE = 4812;
const MINUTE = 60_000;
const DAY = 86_400_000;

export const ACTORS = [
  { id: "5f2c9a1e40b7d863", name: "Nora Lind" },
  { id: "a81d03c65e9f2274", name: "Jonas Weiß" },
  { id: "c3907be1d4426a58", name: "Elif Öztürk" },
  { id: "07ee51b2f6ad9c30", name: "Sigrid Holm" },
] as const;

interface Kind {
  kind: string;
  words: string;
  weight: number;
  note?: boolean;
  merchant?: boolean;
  person?: boolean;
  plan?: boolean;
}

export const KINDS: readonly Kind[] = [
  { kind: "portal.open", words: "Portal opened", weight: 44, merchant: true },
  { kind: "access.grant", words: "Access granted", weight: 12, merchant: true, person: true, plan: true },
  { kind: "portal.revoke", words: "Portal session revoked", weight: 10, merchant: true },
  { kind: "app.unlock", words: "Gatehouse was unlocked", weight: 7, note: true },
  { kind: "access.revoke", words: "Access revoked", weight: 6, merchant: true, person: true },
  { kind: "app.start", words: "Gatehouse was started", weight: 4, note: true },
  { kind: "portal.copy", words: "Portal link copied", weight: 4, merchant: true },
  { kind: "audit.view", words: "Log viewed", weight: 3, note: true },
  { kind: "access.update", words: "Access changed", weight: 3, merchant: true, person: true },
  { kind: "role.denied", words: "Refused for want of a role", weight: 2, note: true },
  { kind: "audit.verify", words: "Log verified", weight: 2, note: true },
  { kind: "merchants.import", words: "Merchants imported", weight: 1, note: true },
  { kind: "credential.issue", words: "Certificate issued", weight: 1 },
  { kind: "policy.change", words: "Policy changed", weight: 1, note: true },
];
const REVOKE = KINDS.find(({ kind }) => kind === "access.revoke") as Kind;
const WHEEL = KINDS.flatMap((kind) => Array.from({ length: kind.weight }, () => kind));
const PEOPLE = [
  "ann.berg@bageri-asa.example",
  "bo.ek@cafe-groesse.example",
  "cleo@nordic-bikes.example",
  "ops@delta.example",
];
const pick = <T>(from: readonly T[], at: number): T => from[at % from.length] as T;
/** Numbers that look like chance and are the same each time. */
const dice = (seed: number): number => Math.imul(seed ^ (seed >>> 7), 2_654_435_761) >>> 0;

/** The moments of one day's acts, latest first; the newest day ends now. */
function moments(back: number, now: number): number[] {
  const midnight = Math.floor(now / DAY) * DAY - back * DAY;
  const weekend = [0, 6].includes(new Date(midnight).getUTCDay());
  const many = weekend ? dice(back) % 4 : 20 + (dice(back * 7) % 16);
  const times = Array.from({ length: many }, (_, at) => midnight + (450 + (dice(back * 97 + at) % 560)) * MINUTE);
  if (back % 11 === 5) times.push(midnight + 192 * MINUTE);
  if (back === 4) for (let at = 0; at < 58; at += 1) times.push(midnight + 790 * MINUTE + at * 9_000);
  return times.filter((time) => time <= now - 90_000).sort((a, b) => b - a);
}

interface Made {
  seq: number;
  time: number;
  index: number;
  back: number;
}

function outcomeOf({ index, back }: Made, kind: Kind): Outcome | null {
  if (kind.kind === "role.denied") return "refused";
  if (kind.note) return kind.kind === "app.unlock" && index % 9 === 3 ? "refused" : null;
  if (index === 9) return "unknown";
  return dice(index * 31) % 17 === 0 || (back === 8 && index % 3 === 0) ? "refused" : "succeeded";
}

function rowOf(made: Made, kind: Kind, environment: Environment, now: number): ActRow {
  const { seq, time, index } = made;
  const merchant = kind.merchant ? merchantAt(dice(index * 13) % 40, environment, now) : null;
  const outcome = outcomeOf(made, kind);
  const actor = pick(ACTORS, dice(index * 3) % 7);
  const refused = outcome === "refused" && !kind.note;
  return {
    ...{ seq, outcomeSeq: kind.note || outcome === "unknown" ? null : seq + 1, time, outcome, kind: kind.kind },
    actId: `01990f3a-0000-7000-8000-${String(seq).padStart(12, "0")}`,
    phase: kind.note ? "note" : "act",
    ...{ environment, profile: profileOf(environment).name },
    ...{ merchantId: merchant?.id ?? null, merchantName: merchant?.name ?? null },
    ...{ actor: actor.id, actorName: actor.name },
    person: kind.person ? pick(PEOPLE, index) : null,
    plan: kind.plan && index % 5 === 0 ? `77ab${"41c9".repeat(15)}` : null,
    summary: kind.kind === "portal.open" && index % 8 === 1 ? `${kind.words} as ${pick(PEOPLE, index)}` : kind.words,
    code: refused ? (kind.merchant ? "merchant_not_operational" : "role_missing") : null,
    http: refused ? 403 : outcome === "succeeded" ? 201 : null,
    missing: null,
  };
}

function made(environment: Environment, now: number): ActRow[] {
  const rows: ActRow[] = [];
  let seq = AUDIT_SIZE + 1;
  for (let back = 0; seq > 2; back += 1)
    for (const time of moments(back, now)) {
      const index = rows.length;
      const kind = back === 4 && Math.floor((time % DAY) / MINUTE) >= 790 ? REVOKE : pick(WHEEL, dice(index + 5));
      seq -= kind.note || index === 9 ? 1 : 2;
      if (seq < 2) break;
      rows.push(rowOf({ seq, time, index, back }, kind, environment, now));
    }
  return rows;
}

let kept: { of: string; rows: ActRow[] } | null = null;

/** All acts, newest first; made once a minute. */
export function actsOf(environment: Environment, now: number): ActRow[] {
  const of = `${environment} ${Math.floor(now / MINUTE)}`;
  if (kept?.of !== of) kept = { of, rows: made(environment, now) };
  return kept.rows;
}

/** The row that stands for numbers that are missing above an act. */
export const gapAbove = (row: ActRow): ActRow => ({
  ...row,
  ...{ seq: row.seq + 4, outcomeSeq: null, outcome: null, phase: "note", kind: "", actId: "" },
  missing: { from: row.seq + 2, to: row.seq + 4 },
});

/** The exact text of an entry. */
export function entryText(row: ActRow, seq: number): string {
  const outcome = seq === row.outcomeSeq;
  const body: Record<string, unknown> = {
    act: row.actId,
    actor: { key_id: row.actor, role: "operator", session: "s-1a2b" },
    device: { app: "0.1.0", id: "d-77", os: "linux" },
    env: row.environment,
    kind: row.kind,
    log: "b7d1c0ffee5a5a5a5a5a5a5a5a5a5a5a",
    ...(row.merchantId ? { merchant: row.merchantId } : {}),
    mono: 184_223 + seq,
    phase: row.phase === "note" ? "note" : outcome ? "outcome" : "intent",
    ...(row.plan ? { plan_sha256: row.plan } : {}),
    prev: hashAt(seq - 1),
    profile: row.profile,
    ...(outcome && row.outcome ? { result: { attempts: 1, http: row.http, outcome: row.outcome } } : {}),
    seq,
    time: new Date(row.time + (outcome ? 184 : 0)).toISOString(),
    v: 1,
  };
  return JSON.stringify(body);
}

/** Something that looks like an entry's hash. */
export function hashAt(seq: number): string {
  let text = "";
  for (let part = 0; part < 8; part += 1)
    text += dice(seq * 8 + part + 77)
      .toString(16)
      .padStart(8, "0");
  return text;
}
