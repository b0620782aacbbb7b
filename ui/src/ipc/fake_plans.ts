/**
 * The pretence of plans: three of them, one under way, one of a colleague, one done with a failed row.
 * Absent on purpose: judging rows, signatures, runs; Rust does that.
 */
import type {
  Backend,
  PlanItem,
  PlanRowsRequest,
  PlanRowsWindow,
  PlanRowView,
  PlanTaken,
  PlanView,
  RunView,
} from "./backend";
import { failure, type Pretence } from "./fake_pretence";

const MINUTE = 60_000;
const CALLS = 1_184;
const MERCHANTS = ["Bageri Åsa", "Café Größe", "Δέλτα ΑΕ", "Fjällräv & Co", "Librería Ñandú", "Őri Kert Kft"];

const hash = (start: string): string => start.padEnd(64, "4c1f0a9be27d3358");

function itemsOf(now: number): PlanItem[] {
  const item = (more: Partial<PlanItem>): PlanItem => ({
    ...{ plan: hash("b7d2"), source: "november-access.csv", madeBy: "Ann Lindqvist", madeAt: now - 4 * MINUTE },
    ...{ state: "running", rows: 1_200, calls: CALLS, people: 1_102, ended: 412 },
    ...more,
  });
  return [
    item({}),
    item({ plan: hash("03ae"), source: "leavers-q4.csv", madeBy: "Bea Ruiz", state: "waiting", ended: 0, people: 34 }),
    item({
      ...{ plan: hash("99c0"), source: "review of October", madeAt: now - 26 * 60 * MINUTE, state: "done" },
      ...{ rows: 31, calls: 31, ended: 31, people: 19 },
    }),
  ];
}

function viewOf(item: PlanItem, demanded: boolean): PlanView {
  const waits = item.state === "waiting";
  return {
    ...{
      item,
      own: !waits,
      expiresAt: item.madeAt + 7 * 24 * 60 * MINUTE,
      invitations: 1_061,
      losing: 12,
      seconds: 101,
    },
    verdicts: [
      { word: "new", count: 1_090 },
      { word: "update", count: 82 },
      { word: "revoke", count: 12 },
      { word: "already_so", count: 9 },
      { word: "conflict", count: 2 },
      { word: "refused", count: 5 },
    ],
    gains: [
      { word: "merchant:admin", count: 4 },
      { word: "merchant:developer", count: 1_090 },
    ],
    demands: [{ rule: "bulk-grants", approvers: 1, roles: ["approver"] }],
    approvals: waits ? [] : [{ by: "Bea Ruiz", until: item.madeAt + 24 * 60 * MINUTE, refused: null }],
    approvedHere: false,
    confirmation: { name: "Acme live", reason: true, demanded },
    ended:
      item.state === "done"
        ? [
            { word: "succeeded", count: 30 },
            { word: "refused", count: 1 },
          ]
        : [],
    heldBy: null,
  };
}

const VERDICTS = ["new", "new", "update", "new", "revoke", "already_so", "new", "conflict", "refused", "new"];

function rowAt(at: number, state: PlanItem["state"]): PlanRowView {
  const verdict = VERDICTS[at % VERDICTS.length] ?? "new";
  const called = !["already_so", "conflict", "refused"].includes(verdict);
  const done = called && (state === "done" || (state === "running" && at < 412));
  const failed = done && at === 13;
  const why = {
    conflict: `Line ${at + 41} says something else of this person at this merchant. Keep one of the two.`,
    refused: "The end date lies in the past. Give tomorrow (in UTC) or later; to end an access now, revoke it.",
  }[verdict];
  return {
    ...{ line: at + 2, action: verdict === "revoke" ? "revoke" : "grant", verdict, invitation: verdict === "new" },
    ...{ namedOtherwise: at === 3 ? "Fjallrav" : null, staff: at === 5 },
    merchantName: MERCHANTS[at % MERCHANTS.length] ?? "",
    merchant: `krn:partner:global:account:test:MB${String(at % 97).padStart(6, "0")}`,
    principal: `person.${at}@merchant.example`,
    roles: verdict === "revoke" ? [] : ["merchant:developer"],
    differences: verdict === "update" ? ["roles merchant:admin instead of merchant:developer"] : [],
    ...{ expiresAt: null, inactivity: "P180D", reason: "New integration team", why: why ?? null },
    outcome: failed ? "refused" : done ? "succeeded" : null,
    problem: failed ? "Klarna refuses this for this account. The merchant may be onboarded by somebody else." : null,
  };
}

const runOf = ({ plan }: PlanItem): RunView => ({ plan, total: CALLS, done: 412, failed: 1, unknown: 0, leftS: 66 });

function windowOf({ rows, state }: PlanItem, { which, first, count }: PlanRowsRequest): PlanRowsWindow {
  const all = Array.from({ length: rows }, (_, at) => rowAt(at, state));
  const wanted = all.filter(({ verdict, outcome }) => {
    const bad = verdict === "conflict" || verdict === "refused" || outcome === "refused";
    return which === "all" || (which === "bad" ? bad : !["already_so", "conflict", "refused"].includes(verdict));
  });
  return { total: wanted.length, first, rows: wanted.slice(first, first + count) };
}

/** What of a backend is about plans. */
export type PlanCommands = Pick<Backend, Extract<keyof Backend, `plan${string}` | "accessDeclare">>;

/** Makes that part; `answer` waits and fails as everything does. */
export function planned(pretence: Pretence, now: number, answer: () => Promise<void>): PlanCommands {
  const items = pretence.state === "empty" ? [] : itemsOf(now);
  const find = (plan: string): PlanItem => {
    const found = items.find((item) => item.plan === plan);
    if (!found) throw failure("plan_refused");
    return found;
  };
  const taken = (): Promise<PlanTaken> => answer().then(() => ({ plan: hash("03ae"), kind: "plan", ignored: [] }));
  return {
    plansList: () => answer().then(() => items),
    plansRunning: () => answer().then(() => items.filter(({ state }) => state === "running").map(runOf)),
    planShow: (plan) => answer().then(() => viewOf(find(plan), pretence.profile !== "sandbox")),
    planRows: (request) => answer().then(() => windowOf(find(request.plan), request)),
    planOpen: taken,
    planPaste: taken,
    planRevocations: taken,
    planSave: () => answer().then(() => "03ae4c1f0a9b.gatehouse-plan.json"),
    planCopy: answer,
    planApprove: answer,
    planApply: answer,
    planHold: answer,
    accessDeclare: async () => {
      await answer();
      return { file: "elsewhere.csv", added: 120, known: 4, bad: ["Line 7: There is no merchant SE-9."], badTotal: 1 };
    },
  };
}
