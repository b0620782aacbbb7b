/**
 * The pretence of the log: its acts, questions, entries and verification. `&alarm=1` makes it a broken one, `&indexed=0.6` one that is
 * still read, `&archived=1200` one whose first entries were moved away, `&verified=1` one that was verified by itself, `&beside=1` one beside which a key
 * was used, `&waiting=3` one into which looks could not be written.
 * Absent on purpose: the made-up acts themselves (`fake_audit_data.ts`) and the language (`fake_audit_query.ts`).
 */
import { without } from "../audit/query";
import type { Backend, VerifyView } from "./backend";
import { actsOf, AUDIT_SIZE, entryText, gapAbove, hashAt } from "./fake_audit_data";
import { facetsOf, faultIn, found, histogramOf } from "./fake_audit_query";
import { failure, wait, type Pretence } from "./fake_pretence";
import type { ActRow, LogAlarmView, WorkView } from "./types";

type Names = "Acts" | "Query" | "Facets" | "Histogram" | "Entry" | "Proof" | "Verify" | "VerifyStop" | "Work";
export type LogCommands = Pick<Backend, `audit${Names}`>;

/** What the parts of the made-up log share. */
export interface AuditHost {
  pretence: Pretence;
  now: () => number;
  answer: () => Promise<void>;
  change: () => void;
  /** How far the long works are. */
  work: { verify: WorkView | null; export: WorkView | null; verdict: VerifyView | null; stop: boolean };
}

/** The acts of the pretence, newest first; a broken log has a gap. */
export function allActs({ pretence, now }: AuditHost): ActRow[] {
  if (pretence.state === "empty") return [];
  const rows = actsOf(pretence.profile, now()).filter(({ seq }) => seq > pretence.archived);
  return pretence.alarm ? rows.flatMap((row, at) => (at === 6 ? [gapAbove(row), row] : [row])) : rows;
}

const verdictOf = ({ pretence, now }: AuditHost): VerifyView => ({
  verdict: pretence.alarm ? "broken" : "intact",
  size: AUDIT_SIZE,
  root: hashAt(1),
  firstBadSeq: pretence.alarm ? AUDIT_SIZE - 12 : null,
  reason: pretence.alarm ? "Entry 4,800 is not what was written: its bytes have another hash than its row says." : null,
  checkedAt: now(),
  tookMs: 38,
  witnessed: {
    size: AUDIT_SIZE - 5,
    time: Math.floor(now() / 3_600_000) * 3_600_000 - 3_420_000,
    by: "a81d03c65e9f2274",
  },
  reviewed: null,
  notices: [],
});

/** What the log's alarm says, where there is one. */
export const alarmOf = ({ alarm, beside }: Pretence): LogAlarmView | null =>
  alarm
    ? {
        what: "anchor",
        message: "The log is 3 entries shorter than its anchor in the keyring says.",
        hint: "Keep the data folder as it is, read what the Audit screen says of it, and tell your auditor.",
      }
    : beside
      ? {
          what: "signing_key",
          message:
            "The key Qm1v-k7Zl8yEwP9n has signed 4,107 times, and the log knows of 4,105: somebody used it without Gatehouse's log.",
          hint: "Rotate it on the screen Keys and destroy it, ask Klarna what was done with it, and tell your auditor.",
        }
      : null;

const STEPS = { verify: "verifying", export: "writing" } as const;

/** Goes on until it is done or stopped, saying how far it is. */
export async function worked(host: AuditHost, name: "verify" | "export", of: number): Promise<void> {
  host.work.stop = false;
  const turns = Math.max(1, Math.min(40, host.pretence.delay * 2));
  for (let turn = 0; turn < turns; turn += 1) {
    host.work[name] = { step: STEPS[name], done: Math.floor((of * turn) / turns), of };
    await wait(host.pretence.delay * 15);
    if (host.work.stop) break;
  }
  host.work[name] = null;
  if (host.work.stop) throw failure("cancelled");
}

function asked(host: AuditHost): Pick<LogCommands, "auditActs" | "auditQuery" | "auditFacets" | "auditHistogram"> {
  const { answer, now, pretence } = host;
  const of = (query: string): ActRow[] => found(allActs(host), query, now());
  return {
    auditActs: async ({ before, limit, query }) => {
      await answer();
      const size = pretence.state === "empty" ? 0 : AUDIT_SIZE;
      const rows = of(query).filter(({ seq }) => before === null || seq < before);
      const page = rows.slice(0, limit);
      const next = rows.length > limit ? (page.at(-1)?.seq ?? null) : null;
      const indexed = Math.floor(size * pretence.indexed);
      return { rows: page, next, size, indexed, first: pretence.archived + 1 };
    },
    auditQuery: (query) => answer().then(() => faultIn(query, now())),
    auditFacets: (query) =>
      answer().then(() => facetsOf((field) => of(without(query, (term) => term.field === field && !term.not)))),
    auditHistogram: ({ query, bars }) => answer().then(() => histogramOf(of(query), bars, now())),
  };
}

/** Makes that part. */
export function logged(host: AuditHost): LogCommands {
  const rowOf = (seq: number): ActRow =>
    allActs(host).find((row) => row.seq === seq || row.outcomeSeq === seq) ?? (allActs(host)[0] as ActRow);
  return {
    ...asked(host),
    auditEntry: async (seq) => {
      await host.answer();
      const row = rowOf(seq);
      const hidden = row.person ? JSON.stringify({ reason: "runs the till", sub: row.person }) : null;
      const hashes = { leaf: hashAt(seq), prev: hashAt(seq - 1) };
      return { seq, ...hashes, bytes: entryText(row, seq), private: hidden, time: row.time };
    },
    auditProof: async (seq) => {
      await host.answer();
      const path = Array.from({ length: 12 }, (_, at) => btoa(hashAt(seq * 31 + at)).slice(0, 43) + "=").join("\n");
      const checkpoint = `gatehouse/b7d1c0ffee5a\n${AUDIT_SIZE}\n${btoa(hashAt(1)).slice(0, 43)}=\n`;
      const extra = btoa(entryText(rowOf(seq), seq));
      return `c2sp.org/tlog-proof@v1\nextra ${extra}\nindex ${seq - 1}\n${path}\n\n${checkpoint}`;
    },
    auditVerify: async () => {
      await host.answer();
      await worked(host, "verify", AUDIT_SIZE);
      return (host.work.verdict = verdictOf(host));
    },
    auditVerifyStop: async () => void (host.work.stop = true),
    auditWork: async () => {
      const { verify, verdict } = host.work;
      const known = host.pretence.verified ? verdictOf(host) : verdict;
      return { verify, export: host.work.export, verdict: known, viewsWaiting: host.pretence.waiting };
    },
  };
}
