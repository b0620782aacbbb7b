/**
 * The pretence of people's access: what is asked of the made-up ledger, and acts that are held for five seconds.
 * Absent on purpose: Rust's rules; an address without `@` and a day that has come are refused, so that a sheet can show it.
 */
import type { Backend, Topic } from "./backend";
import { dayAt, eventsOf, FakeLedger } from "./fake_ledger";
import { failure, wait, type Pretence } from "./fake_pretence";
import type { AccessRequest, AccessWindow, GrantWish, HeldView, LeaversView, RevokeWish } from "./types";

const HOLD = 5_000;
const ADDRESS = /^[^@\s]+@[^@\s]+\.\w+$/;

/** What of a backend is about people's access. */
export type AccessCommands = Pick<Backend, Exclude<Extract<keyof Backend, `access${string}`>, "accessDeclare">>;

interface Needs {
  pretence: Pretence;
  now: () => number;
  answer: () => Promise<void>;
  change: (...topics: Topic[]) => void;
}

/** Makes that part. */
export function accessed(needs: Needs): AccessCommands {
  const ledger = new FakeLedger(needs.pretence, needs.now());
  return { ...looks(ledger, needs), ...changes(ledger, needs) };
}

type Changes = "accessForesee" | "accessForeseeRevoke" | "accessGrant" | "accessRevoke" | "accessUndo" | "accessHeld";

function looks(ledger: FakeLedger, { answer }: Needs): Omit<AccessCommands, Changes> {
  let leavers = new Set<string>();
  const cut = <Row>(request: AccessRequest, rows: (found: number[]) => Row[]): AccessWindow<Row> => {
    const { found, counts } = ledger.find(request, leavers);
    const all = rows(found);
    const { first, count } = request;
    return { total: all.length, first, rows: all.slice(first, first + count), counts };
  };
  return {
    accessPage: async (request) => {
      await answer();
      const window = cut(request, (found) => found);
      return { ...window, rows: window.rows.map((index) => ledger.at(index)) };
    },
    accessPersons: (request) => answer().then(() => cut(request, (found) => ledger.persons(found, request))),
    accessMerchants: (request) => answer().then(() => cut(request, (found) => ledger.merchants(found, request))),
    accessPerson: async (email) => {
      await answer();
      const person = email.trim().toLowerCase();
      const rows = ledger.of((row) => row.person === person);
      return { principal: email.trim(), person, total: rows.length, rows };
    },
    accessMerchant: async (id) => {
      await answer();
      return ledger.merchant(id);
    },
    accessTimeline: async ({ person, merchantId, limit }) => {
      await answer();
      const rows = ledger.of((row) => (person ? row.person === person.toLowerCase() : row.merchantId === merchantId));
      return { rows: rows.flatMap(eventsOf).slice(0, limit), next: null };
    },
    accessLeavers: async (text) => {
      await answer();
      const lines = text.split("\n").map((line) => line.trim().toLowerCase());
      leavers = new Set(lines.filter((line) => ADDRESS.test(line)));
      return leaversOf(text, leavers, ledger);
    },
    accessLeaversOpen: () => answer().then(() => null),
  };
}

function changes(ledger: FakeLedger, needs: Needs): Pick<AccessCommands, Changes> {
  const { answer, change, now } = needs;
  const held: HeldView[] = [];
  return {
    accessForesee: async (wish) => {
      await answer();
      if (!ADDRESS.test(wish.email.trim()))
        throw { ...failure("email_invalid"), hint: "Give an address like name@example.com." };
      if (wish.expires && wish.expires <= dayAt(now()))
        throw { ...failure("input_invalid"), hint: "The end must lie in the future, by the calendar in UTC." };
      return ledger.foresee(wish);
    },
    accessForeseeRevoke: (wish) => answer().then(() => ledger.meant(wish)),
    accessGrant: async (wish) => {
      await answer();
      return hold(held, needs, begun("grant", wish, wish.email.trim(), ledger), () => ledger.grant(wish, now()));
    },
    accessRevoke: async (wish) => {
      await answer();
      return hold(held, needs, begun("revoke", wish, wish.principal, ledger), () => ledger.revoke(wish, now()));
    },
    accessUndo: async (id) => {
      await answer();
      const view = held.find((one) => one.id === id && one.stage === "held");
      if (!view) throw failure("act_in_flight");
      view.stage = "undone";
      change("access");
      return { ...view };
    },
    accessHeld: () => answer().then(() => held.map((one) => ({ ...one }))),
  };
}

function begun(
  deed: HeldView["deed"],
  { merchantId }: GrantWish | RevokeWish,
  principal: string,
  ledger: FakeLedger,
): HeldView {
  const merchantName = ledger.merchantName(merchantId);
  return { ...{ id: "", deed, merchantId, merchantName, principal }, stage: "held", leftMs: HOLD, problem: null };
}

/** Holds an act for five seconds, and does it unless it was taken back. */
function hold(held: HeldView[], { pretence, now, change }: Needs, view: HeldView, act: () => void): HeldView {
  view.id = String(held.length + 1);
  held.push(view);
  const began = now();
  const timer = setInterval(() => {
    view.leftMs = Math.max(0, HOLD - (now() - began));
    if (view.stage === "held" && view.leftMs > 0) return;
    clearInterval(timer);
    if (view.stage !== "held") return;
    view.stage = "running";
    change("access");
    void wait(pretence.delay * 60).then(() => {
      act();
      view.stage = "done";
      change("access", "audit");
    });
  }, 20);
  change("access");
  return { ...view };
}

function leaversOf(text: string, leavers: Set<string>, ledger: FakeLedger): LeaversView {
  const lines = text.split("\n").map((line, at) => ({ line: at + 1, text: line.trim() }));
  const bad = lines.filter((one) => one.text !== "" && !ADDRESS.test(one.text));
  const without = [...leavers].filter((person) => ledger.of((row) => row.person === person).length === 0);
  const why = "There is no e-mail address in this line.";
  return {
    addresses: leavers.size,
    repeated: lines.filter((one) => ADDRESS.test(one.text)).length - leavers.size,
    withoutAccess: without,
    withoutCount: without.length,
    unreadable: bad.map((one) => ({ line: one.line, text: one.text.slice(0, 80), why })),
    unreadableCount: bad.length,
  };
}
