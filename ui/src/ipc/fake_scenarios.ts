/**
 * The pretence of the scripted scenarios: twenty that end one after the other. A return address with `refuse` in it fails two of them.
 * Absent on purpose: Klarna, and a sandbox.
 */
import type { Backend, Topic } from "./backend";
import type { Pretence } from "./fake_pretence";
import { BAKERY } from "./fake_prove";
import type { ProofStepView, ScenariosView } from "./types";

/** What of a backend is about scenarios. */
export type ScenarioCommands = Pick<Backend, Extract<keyof Backend, `tokensScenarios${string}`>>;

interface Needs {
  pretence: Pretence;
  now: () => number;
  answer: () => Promise<void>;
  change: (...topics: Topic[]) => void;
}

const SCENARIOS: readonly [what: string, expected: string, found: string][] = [
  ["a token with the customer there, paid and charged", "both payments approved", "Approved; Approved"],
  ["a token without the customer, charged", "approved", "Approved"],
  ["a large charge with the customer there", "the customer is asked, then it is approved", "StepUp; Approved"],
  [
    "a token for the customer there, charged without",
    "refused here; sent knowingly, declined for its scope",
    "token_scope here; sent: declined SCOPE_MISMATCH",
  ],
  [
    "step_up_config on a charge without the customer",
    "the check names it, and the own call has none",
    "step_up_config must not be sent. The own call without it: Approved",
  ],
  ["a request that nobody answers for three hours", "EXPIRED", "EXPIRED"],
  [
    "a session token used twice",
    "refused the second time, paid once",
    "Approved; then consent_ended here; 400 VALIDATION_ERROR; paid 1 times",
  ],
  ["a session token after 61 minutes", "refused, nothing paid", "consent_ended; paid 0 times"],
  ["a revoked token, charged", "declined for good", "declined PERMANENT"],
  [
    "a token revoked twice",
    "refused here; sent knowingly, Klarna says it was revoked before",
    "token_ended here; sent: 410 RESOURCE_ERROR",
  ],
  [
    "a customer revokes at Klarna",
    "the webhook alone tells, and the token is REVOKED here",
    "ACTIVE before; REVOKED by the customer after",
  ],
  [
    "a linked token that was rotated",
    "the order brings another, which takes its place",
    "SUPERSEDED by the one that came",
  ],
  [
    "a customer who opts out of linking",
    "the order stands without a token, and the old one is ACTIVE",
    "no token came; ACTIVE",
  ],
  ["a token of another merchant", "refused, nothing paid", "403 OPERATION_FORBIDDEN; paid 0 times"],
  ["a live token", "refused here, nothing sent", "environment_mixed; 0 calls"],
  [
    "extra merchant data with an object as body",
    "the check names it, and what is built is taken by Klarna",
    "body must be a text. What is built is taken.",
  ],
  [
    "a delivery's signature with another key",
    "good with its own key, refused with another",
    "good; refused with another key",
  ],
  ["a delivery that comes twice", "the second changes nothing", "taken in. Then: known, nothing done"],
  ["Klarna answers 429", "the client rests and asks again", "2 attempts; ACTIVE"],
  [
    "Klarna answers 503 after it took a charge",
    "left unknown, settled under the same key, paid once",
    "outcome_unknown; settled: Approved; paid 1 times",
  ],
];
/** Where a Klarna that is too kind fails. */
const TOO_KIND = [8, 11];

const fresh = (): ScenariosView => ({
  steps: SCENARIOS.map(([step, expected]) => ({ step, expected, found: null, good: false, seq: null })),
  ...{ running: false, stopping: false, done: null, problem: null },
});

class FakeScenarios {
  view = fresh();

  constructor(private readonly needs: Needs) {}

  begin(fails: boolean): void {
    this.view = { ...fresh(), running: true };
    this.later(0, fails);
    this.needs.change("jobs");
  }

  stop(): void {
    this.view = { ...this.view, stopping: true };
    this.needs.change("jobs");
  }

  forget(): void {
    this.view = fresh();
    this.needs.change("jobs");
  }

  private later(at: number, fails: boolean): void {
    setTimeout(() => this.end(at, fails), this.needs.pretence.delay * 150);
  }

  private end(at: number, fails: boolean): void {
    const bad = fails && TOO_KIND.includes(at);
    const [step, expected, found] = SCENARIOS[at] as (typeof SCENARIOS)[number];
    const ended: ProofStepView = { step, expected, found: bad ? "Approved" : found, good: !bad, seq: null };
    const steps = this.view.steps.map((one, place) => (place === at ? ended : one));
    this.view = { ...this.view, steps };
    if (this.view.stopping || at + 1 === SCENARIOS.length) this.conclude(at + 1 < SCENARIOS.length, fails);
    else this.later(at + 1, fails);
    this.needs.change("jobs");
  }

  private conclude(stopped: boolean, fails: boolean): void {
    const begunAt = new Date(this.needs.now()).toISOString();
    const done = { passed: !stopped && !fails, stopped, merchant: BAKERY, begunAt };
    this.view = { ...this.view, running: false, stopping: false, done };
  }
}

/** Makes that part. */
export function scripted(needs: Needs): ScenarioCommands {
  const run = new FakeScenarios(needs);
  const { answer } = needs;
  return {
    tokensScenarios: ({ returnUrl }) => answer().then(() => run.begin(returnUrl.includes("refuse"))),
    tokensScenariosLook: () => answer().then(() => run.view),
    tokensScenariosStop: () => Promise.resolve(run.stop()),
    tokensScenariosSave: (form) => answer().then(() => `gatehouse-token-scenarios.${form}`),
    tokensScenariosForget: () => Promise.resolve(run.forget()),
  };
}
