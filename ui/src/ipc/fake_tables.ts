/**
 * The pretence of tables of tokens: a made-up table that is compared at a pace, with differences of every kind.
 * `fake:tell` events stand in for what Rust hears of the window, such as a file that is held over it. Absent on purpose: reading a table.
 */
import type { Backend, CommandError, Topic } from "./backend";
import { failure, type Pretence } from "./fake_pretence";
import { imported, type ImportCommands } from "./fake_import";
import { tokenAt, VAULT } from "./fake_tokens_data";
import type { DifferenceKind, DifferenceRow, HandWord, ComparisonView, TokenTableView } from "./types";

/** What of a backend is about tables of tokens. */
export type TableCommands = Pick<
  Backend,
  Extract<keyof Backend, `tokensReconcile${string}` | `tokenTable${string}` | "secretTokenTable">
>;

interface Needs {
  pretence: Pretence;
  now: () => number;
  answer: () => Promise<void>;
  change: (...topics: Topic[]) => void;
}

const ROWS = 9_412;
const COUNTS: [DifferenceKind, number][] = [
  ["ended_but_billed", 14],
  ["charged_after_end", 2],
  ["missing_here", 231],
  ["missing_there", 58],
  ["doubled", 9],
  ["wrong_environment", 3],
  ["differs", 21],
  ["unreachable", 6],
  ["unusable", 4],
];
const WHATS: Record<DifferenceKind, string> = {
  ended_but_billed: "It is REVOKED here, and the table still has it.",
  charged_after_end: 'The payment "inv-2026-0042" was sent after the token had ended.',
  missing_here: "The vault does not have krn:customer-token:eu1:a1b2…7890.",
  missing_there: "The vault has it, and the table does not.",
  doubled: "The same token stands on line 17 already.",
  wrong_environment: "This token is of the live environment, and this profile is not.",
  differs: 'The table names the reference "crm-0042".',
  unreachable: "Klarna asked for a pause again and again.",
  unusable: "The row has neither a token nor a reference.",
};
const KNOWN: readonly DifferenceKind[] = [
  "ended_but_billed",
  "charged_after_end",
  "missing_there",
  "doubled",
  "differs",
];
const STEPS = 12;

/** What other parts know of the table that waits. */
export interface Waiting {
  table: () => TokenTableView | null;
  forget: () => void;
}

class FakeTables {
  view: ComparisonView = { table: null, far: null, found: null, problem: null };
  private at = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly needs: Needs) {}

  take(file: string, size: number): TokenTableView {
    const table = { file, size };
    this.view = { ...this.view, table, problem: null };
    this.needs.change("jobs");
    return table;
  }

  begin(ask: boolean): void {
    const { file } = this.view.table as TokenTableView;
    this.at = 0;
    const far = { file, done: 0, total: ask ? ROWS : 0, asked: 0, held: false, stopping: false };
    this.view = { ...this.view, far, found: null, problem: null };
    this.go();
  }

  hand(word: HandWord): void {
    const { far } = this.view;
    if (!far) return;
    clearTimeout(this.timer);
    if (word === "stop") return this.end(true);
    this.view = { ...this.view, far: { ...far, held: word === "hold" } };
    if (word === "hold") this.needs.change("jobs");
    else this.go();
  }

  forget(): void {
    clearTimeout(this.timer);
    this.view = { table: null, far: null, found: null, problem: null };
    this.needs.change("jobs");
  }

  rows(kind: DifferenceKind | null): DifferenceRow[] {
    const { pretence, now } = this.needs;
    return COUNTS.filter(([one]) => kind === null || one === kind).flatMap(([one, many]) =>
      Array.from({ length: many }, (_, at) => {
        const row = tokenAt(at * 7 + 3, pretence.profile, now());
        const ended = one === "ended_but_billed" || one === "charged_after_end";
        const told = KNOWN.includes(one)
          ? { ...row, tokenId: String(VAULT - at * 7 - 3), state: ended ? ("REVOKED" as const) : row.state }
          : { tokenId: null, fingerprint: null, reference: null, merchantName: null, state: null };
        const { tokenId, fingerprint, reference, merchantName, state } = told;
        const line = one === "missing_there" ? null : 17 + at * 31;
        return { ...{ tokenId, fingerprint, reference, merchantName, state }, kind: one, line, what: WHATS[one] };
      }),
    );
  }

  private go(): void {
    const { far } = this.view;
    this.needs.change("jobs");
    if (!far) return;
    if (this.at >= STEPS) return this.end(false);
    this.at += 1;
    const done = Math.round((far.total * this.at) / STEPS);
    this.timer = setTimeout(() => {
      this.view = { ...this.view, far: { ...far, done, asked: Math.round(done * 0.97) } };
      this.go();
    }, this.needs.pretence.delay * 250);
  }

  private end(stopped: boolean): void {
    const { far } = this.view;
    if (!far) return;
    if (this.needs.pretence.fail) {
      const problem: CommandError = failure(this.needs.pretence.fail);
      this.view = { ...this.view, far: null, problem };
    } else {
      const kinds = COUNTS.map(([kind, count]) => ({ kind, count }));
      const counted = { rows: ROWS, alike: ROWS - 348, asked: far.asked };
      const found = { file: far.file, at: this.needs.now(), ...counted, stopped, kinds };
      this.view = { ...this.view, far: null, found };
    }
    this.needs.change("jobs", "tokens");
  }
}

/** Makes that part. */
export function tabled(needs: Needs): TableCommands & ImportCommands {
  const tables = new FakeTables(needs);
  const { answer, change } = needs;
  document.addEventListener("fake:tell", (event) => {
    if (event instanceof CustomEvent) change(event.detail as Topic);
  });
  const waiting: Waiting = { table: () => tables.view.table, forget: () => tables.forget() };
  return {
    ...imported(needs, waiting),
    tokenTableOpen: () => answer().then(() => tables.take("billing-tokens-2026-11.csv", 1_284_022)),
    tokenTableDropped: () => answer().then(() => tables.take("billing-tokens-2026-11.csv", 1_284_022)),
    secretTokenTable: (text) => answer().then(() => tables.take("what was pasted", text.length)),
    tokensReconcile: ({ ask }) => Promise.resolve(tables.begin(ask)),
    tokensReconcileLook: () => answerUnlessFailing(needs).then(() => tables.view),
    tokensReconcileHold: (word) => Promise.resolve(tables.hand(word)),
    tokensReconcileRows: async ({ kind, first, count }) => {
      await answer();
      const rows = tables.rows(kind);
      return { rows: rows.slice(first, first + count), total: rows.length };
    },
    tokensReconcileSave: () => answer().then(() => "gatehouse-token-differences.csv"),
    tokensReconcileForget: () => Promise.resolve(tables.forget()),
  };
}

/** A chosen failure is the job's own, so looking at it goes well. */
const answerUnlessFailing = ({ pretence, answer }: Needs): Promise<void> =>
  pretence.fail ? Promise.resolve() : answer();
