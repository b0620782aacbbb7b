/**
 * The pretence of an import: a made-up table that is looked over and taken in by steps.
 * Absent on purpose: what the vault shows afterwards; its rows are a pattern.
 */
import type { Backend, Topic } from "./backend";
import type { Waiting } from "./fake_tables";
import { failure, type Pretence } from "./fake_pretence";
import { tokenAt } from "./fake_tokens_data";
import type { Fate, HandWord, PlannedRowView, TableFar, TokenImportView } from "./types";

/** What of a backend is about imports. */
export type ImportCommands = Pick<Backend, Extract<keyof Backend, `tokensImport${string}`>>;

interface Needs {
  pretence: Pretence;
  now: () => number;
  answer: () => Promise<void>;
  change: (...topics: Topic[]) => void;
}

const ROWS = 100_000;
const FATES: [Fate, number][] = [
  ["added", 98_412],
  ["updated", 131],
  ["bad", 12],
  ["known", 1_440],
  ["repeated", 5],
];
const SHOWN = 500;
const BAD = [
  "customer_token is empty. Give the whole token, or leave the row out.",
  "This token is of the live environment, and this profile is not. Import it into a profile of that environment.",
  "No merchant is called MB6KIE9X. Refresh the merchants, or correct the row.",
];
const STEPS = 10;

class FakeImport {
  view: Omit<TokenImportView, "table"> = { planning: null, plan: null, far: null, done: null, problem: null };
  private at = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly needs: Needs,
    private readonly waiting: Waiting,
  ) {}

  begin(kind: "planning" | "far"): void {
    this.at = 0;
    const file = this.waiting.table()?.file ?? "";
    const far = { file, done: 0, total: ROWS, bad: 0, held: false, stopping: false };
    this.view = { ...this.view, planning: null, far: null, done: null, problem: null, [kind]: far };
    this.go();
  }

  hand(word: HandWord): void {
    const kind = this.kind();
    if (!kind) return;
    clearTimeout(this.timer);
    if (word === "stop") return this.end(kind, true);
    this.view = { ...this.view, [kind]: { ...(this.view[kind] as TableFar), held: word === "hold" } };
    if (word === "hold") this.needs.change("jobs");
    else this.go();
  }

  forget(): void {
    clearTimeout(this.timer);
    this.view = { planning: null, plan: null, far: null, done: null, problem: null };
    this.waiting.forget();
  }

  rows(fate: Fate | null): PlannedRowView[] {
    const { pretence, now } = this.needs;
    const all = FATES.filter(([one]) => fate === null || one === fate).flatMap(([one, many]) =>
      Array.from({ length: Math.min(many, SHOWN) }, (_, at): PlannedRowView => {
        const line = 2 + at * 11 + FATES.findIndex(([it]) => it === one) * 2;
        if (one === "bad")
          return {
            ...{ line, fate: one, hint: null, reference: null, merchantName: null },
            what: BAD[at % BAD.length] ?? "",
          };
        const { hint, reference, merchantName } = tokenAt(at * 3 + 1, pretence.profile, now());
        const what =
          one === "updated" && at % 40 === 3 ? "The vault knows another merchant, which stays as it is." : null;
        return { ...{ line, fate: one, reference, merchantName, what }, hint: one === "repeated" ? null : hint };
      }),
    );
    return all.sort((a, b) => a.line - b.line);
  }

  private kind(): "planning" | "far" | null {
    return this.view.planning ? "planning" : this.view.far ? "far" : null;
  }

  private go(): void {
    const kind = this.kind();
    this.needs.change("jobs");
    if (!kind) return;
    if (this.at >= STEPS) return this.end(kind, false);
    this.at += 1;
    const done = (ROWS * this.at) / STEPS;
    const next = { ...(this.view[kind] as TableFar), done, bad: Math.round((12 * this.at) / STEPS) };
    this.timer = setTimeout(() => {
      this.view = { ...this.view, [kind]: next };
      this.go();
    }, this.needs.pretence.delay * 250);
  }

  private end(kind: "planning" | "far", stopped: boolean): void {
    const file = this.waiting.table()?.file ?? "";
    if (this.needs.pretence.fail) {
      this.view = { ...this.view, [kind]: null, problem: failure(this.needs.pretence.fail) };
    } else if (kind === "planning") {
      const fates = FATES.map(([fate, count]) => ({ fate, count, shown: Math.min(count, SHOWN) }));
      this.view = { ...this.view, planning: null, plan: { fates, differing: 4, ignored: ["note"], stopped } };
    } else {
      const part = stopped ? 0.3 : 1;
      const [added = 0, updated = 0, bad = 0, unchanged = 0, repeated = 0] = FATES.map(([, many]) =>
        Math.round(many * part),
      );
      const done = { file, added, updated, unchanged, repeated, bad, stopped };
      this.view = { ...this.view, far: null, plan: null, done };
    }
    this.needs.change("jobs", "tokens", "audit");
  }
}

/** Makes that part. */
export function imported(needs: Needs, waiting: Waiting): ImportCommands {
  const work = new FakeImport(needs, waiting);
  const { pretence, answer } = needs;
  return {
    tokensImportPlan: () => Promise.resolve(work.begin("planning")),
    tokensImport: () => Promise.resolve(work.begin("far")),
    tokensImportLook: async () => {
      if (!pretence.fail) await answer();
      return { table: waiting.table(), ...work.view };
    },
    tokensImportRows: async ({ fate, first, count }) => {
      await answer();
      const rows = work.rows(fate);
      return { rows: rows.slice(first, first + count), total: rows.length };
    },
    tokensImportHold: (word) => Promise.resolve(work.hand(word)),
    tokensImportForget: () => Promise.resolve(work.forget()),
  };
}
