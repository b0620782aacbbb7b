/**
 * The pretence of what is done with the log: days that are reviewed, saved views, exports, witnesses, a backup.
 * Absent on purpose: files; what Rust's dialogs would answer is made up.
 */
import { dayOf, plusDays } from "../audit/month";
import { ofDay } from "../audit/query";
import type { Backend } from "./backend";
import { allActs, worked, type AuditHost, type LogCommands } from "./fake_audit";
import { ACTORS, AUDIT_SIZE, hashAt } from "./fake_audit_data";
import { found } from "./fake_audit_query";
import { failure } from "./fake_pretence";
import type { ActRow, DayReview, DayState, OddView, SavedView } from "./types";

/** What of a backend is about the log, but its reading. */
export type KeepCommands = Omit<Pick<Backend, Extract<keyof Backend, `audit${string}`>>, keyof LogCommands>;

const DAY = 86_400_000;
const named = (row: ActRow): string => row.merchantName ?? row.person ?? row.summary;

/** The act that a rule points to, said with its reason. */
function oddsOf(rows: readonly ActRow[], back: number): OddView[] {
  const odd = (rule: string, row: ActRow | undefined, text: (row: ActRow) => string, query: string): OddView[] =>
    row ? [{ rule, seq: row.seq, text: text(row), time: row.time, query }] : [];
  const early = rows.find(({ time }) => new Date(time).getUTCHours() < 5);
  const revoked = rows.filter(({ kind }) => kind === "access.revoke");
  const refused = rows.filter(({ outcome, phase }) => outcome === "refused" && phase === "act");
  const first = back % 5 === 1 ? rows.find(({ kind }) => kind === "access.grant") : undefined;
  return [
    ...odd(
      "first_kind",
      first,
      (row) => `${row.actorName} granted access to ${named(row)} for the first time.`,
      "act:access.grant",
    ),
    ...odd("odd_hour", early, (row) => `${row.summary} at an hour at which ${row.actorName} never worked before.`, ""),
    ...(revoked.length > 20
      ? odd(
          "burst",
          revoked[0],
          () => `${revoked.length} accesses revoked within nine minutes; a usual day has two.`,
          "act:access.revoke",
        )
      : []),
    ...(refused.length > 4
      ? odd("failure_run", refused[0], () => `${refused.length} acts refused in a row.`, "outcome:refused")
      : []),
  ];
}

class Days {
  private readonly notes = new Map<string, number>();

  constructor(private readonly host: AuditHost) {}

  private get today(): string {
    return dayOf(this.host.now());
  }

  private back(day: string): number {
    return Math.round((Date.parse(this.today) - Date.parse(day)) / DAY);
  }

  private rows(day: string): ActRow[] {
    return found(allActs(this.host), ofDay(day), this.host.now());
  }

  review(day: string): DayReview {
    const [rows, back] = [this.rows(day), this.back(day)];
    const odd = oddsOf(rows, back).map((one) => ({
      ...one,
      query: `${one.query} ${ofDay(day)}`.trim(),
    }));
    const own = this.notes.get(day);
    const usual = back > 3 && back % 9 !== 2 && rows.length > 0;
    const signed = own ? { by: "You", time: own, seq: AUDIT_SIZE + 3 } : null;
    const before = { by: "Sigrid Holm", time: Date.parse(day) + DAY + 28_800_000, seq: (rows[0]?.seq ?? 1) + 9 };
    return {
      day,
      entries: rows.length * 2,
      acts: rows.length,
      odd,
      signed: signed ?? (usual ? before : null),
      over: back > 0,
      zone: "Europe/Stockholm",
    };
  }

  state(day: string): DayState {
    const { entries, odd, signed } = this.review(day);
    return { day, entries, odd: signed ? odd.length : null, signed: signed !== null };
  }

  sign(day: string): DayReview {
    this.notes.set(day, this.host.now());
    return this.review(day);
  }
}

type DayNames = "auditDays" | "auditDay" | "auditSignOff";

function reviewed(host: AuditHost): Pick<KeepCommands, DayNames> {
  const days = new Days(host);
  return {
    auditDays: async (from, to) => {
      await host.answer();
      const states: DayState[] = [];
      for (let day = from; day <= to; day = plusDays(day, 1)) states.push(days.state(day));
      return states;
    },
    auditDay: (day) => host.answer().then(() => days.review(day)),
    auditSignOff: async (day) => {
      await host.answer();
      if (!days.review(day).over) throw failure("input_invalid");
      return days.sign(day);
    },
  };
}

const VIEWS: SavedView[] = [
  { id: "v1", name: "Refused on live", query: "outcome:refused env:live", pinned: true },
  { id: "v2", name: "Access changes, 30 days", query: "act:access since:30d", pinned: true },
  { id: "v3", name: "Keys and certificates", query: "act:key act:credential", pinned: false },
];

type ViewNames = "auditViews" | "auditViewSave" | "auditViewRemove";

function viewed(host: AuditHost): Pick<KeepCommands, ViewNames> {
  let list = host.pretence.state === "full" ? [...VIEWS] : [];
  return {
    auditViews: () => host.answer().then(() => list),
    auditViewSave: async ({ id, ...rest }) => {
      await host.answer();
      if (rest.name.trim() === "") throw failure("input_invalid");
      const view = { ...rest, id: id ?? `v${list.length + 9}` };
      list = id ? list.map((one) => (one.id === id ? view : one)) : [...list, view];
      return list;
    },
    auditViewRemove: async (id) => {
      await host.answer();
      return (list = list.filter((one) => one.id !== id));
    },
  };
}

function witnessed(host: AuditHost): Omit<KeepCommands, DayNames | ViewNames> {
  const full = host.pretence.state === "full";
  const at = host.now() - 5 * 3_600_000;
  return {
    auditExport: async ({ format }) => {
      await host.answer();
      await worked(host, "export", AUDIT_SIZE);
      const file = `gatehouse-audit.${format === "bundle" ? "zip" : format === "ocsf" ? "ocsf.jsonl" : format}`;
      return { file, place: `/home/nora/Documents/${file}`, entries: AUDIT_SIZE, bytes: 4_183_221, sha256: hashAt(5) };
    },
    auditExportStop: async () => void (host.work.stop = true),
    auditExportShow: () => host.answer(),
    auditWitnesses: async () => {
      await host.answer();
      const [, jonas, , sigrid] = ACTORS;
      const row = (of: { id: string; name: string }, size: number, time: number) => ({ ...of, key: of.id, size, time });
      const witnesses = full ? [row(jonas, AUDIT_SIZE - 5, at), row(sigrid, AUDIT_SIZE - 412, at - 6 * DAY)] : [];
      const kept = full ? [{ log: "c41b77aa0d5e93f26b81d0c4e7a95f30", size: 2204, time: at - DAY }] : [];
      return { size: full ? AUDIT_SIZE : 0, fingerprint: full ? hashAt(3) : "", witnesses, kept, alarms: [] };
    },
    auditWitnessAsk: () => host.answer().then(() => "acme-4812.witness"),
    auditWitnessSign: async () => {
      await host.answer();
      return { log: "5e0d22c9b8a1f7346d90e5b1c2a78f43", size: 911, first: { key: hashAt(9) }, file: null };
    },
    auditWitnessTrust: async () => {
      await host.answer();
      return { log: "5e0d22c9b8a1f7346d90e5b1c2a78f43", size: 911, first: null, file: "witness-911.cosignature" };
    },
    auditWitnessTake: () => host.answer().then(() => ({ by: "Jonas Weiß", size: AUDIT_SIZE })),
    auditBackup: async () => {
      await host.answer();
      await worked(host, "export", AUDIT_SIZE);
      return { file: "audit-2026-11-21.db", size: AUDIT_SIZE };
    },
  };
}

/** Makes that part. */
export const keeping = (host: AuditHost): KeepCommands => ({ ...reviewed(host), ...viewed(host), ...witnessed(host) });
