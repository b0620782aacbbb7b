/**
 * The pretence of a proof: six steps that end one after the other; the customer agrees by itself after a while. A return address with
 * `refuse` in it fails the wrong charge. Absent on purpose: Klarna.
 */
import type { Backend, Topic } from "./backend";
import type { Pretence } from "./fake_pretence";
import type { ProofStepView, ProofView, ScopeAdviceView } from "./types";

/** What of a backend is about proofs and scopes. */
export type ProofCommands = Pick<Backend, Extract<keyof Backend, `tokensPro${string}` | "tokenScopeAdvice">>;

/** The request that the customer of a proof answers; it is in no list. */
export const PROOF_CONSENT = "proof-1";
/** The merchant of made-up trials. */
export const BAKERY = "krn:partner:global:account:test:MB6KIE1P";

interface Needs {
  pretence: Pretence;
  now: () => number;
  answer: () => Promise<void>;
  change: (...topics: Topic[]) => void;
}

const STEPS: [step: string, expected: string, found: string, seq: number | null][] = [
  ["ask for a token", "the customer is asked first", "payment request SUBMITTED", null],
  ["the customer agrees", "completed, with a token that is kept", "COMPLETED", null],
  ["charge without the customer", "approved", "Approved", 4_915],
  ["charge it as if the customer were there", "declined: the scope does not fit", "token_scope: refused", 4_917],
  ["revoke it and read it again", "revoked", "REVOKED", null],
  ["charge it once more", "declined: the token is revoked", "token_ended: refused", 4_921],
];

const fresh = (): ProofView => ({
  steps: STEPS.map(([step, expected]) => ({ step, expected, found: null, good: false, seq: null })),
  ...{ running: false, stopping: false, consent: null, proof: null, problem: null },
});

class FakeProof {
  view = fresh();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly needs: Needs) {}

  begin(fails: boolean): void {
    this.view = { ...fresh(), running: true };
    this.end(0, fails);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.conclude(false);
    this.needs.change("jobs");
  }

  forget(): void {
    this.view = fresh();
    this.needs.change("jobs");
  }

  private end(at: number, fails: boolean): void {
    const bad = fails && at === 3;
    const [step, expected, found, seq] = STEPS[at] as (typeof STEPS)[number];
    const ended: ProofStepView = { step, expected, found: bad ? "Approved" : found, good: !bad, seq };
    const steps = this.view.steps.map((one, place) => (place === at ? ended : one));
    this.view = { ...this.view, steps, consent: at === 0 ? PROOF_CONSENT : null };
    if (at + 1 === STEPS.length) this.conclude(!fails);
    else this.timer = setTimeout(() => this.end(at + 1, fails), this.needs.pretence.delay * (at === 0 ? 1_500 : 300));
    this.needs.change("jobs");
  }

  private conclude(passed: boolean): void {
    const begunAt = new Date(this.needs.now()).toISOString();
    const proof = {
      ...{ passed, begunAt, fingerprint: "2a88 ace6 2f43" },
      merchant: BAKERY,
    };
    this.view = { ...this.view, running: false, consent: null, proof };
  }
}

/** Makes that part. */
export function proven(needs: Needs): ProofCommands {
  const proof = new FakeProof(needs);
  const { answer } = needs;
  return {
    tokensProve: ({ returnUrl }) => answer().then(() => proof.begin(returnUrl.includes("refuse"))),
    tokensProofLook: () => answer().then(() => proof.view),
    tokensProofStop: () => Promise.resolve(proof.stop()),
    tokensProofSave: (form) => answer().then(() => `gatehouse-proof.${form === "page" ? "html" : form}`),
    tokensProofForget: () => Promise.resolve(proof.forget()),
    tokenScopeAdvice: (there, fixed) => answer().then(() => advice(there, fixed)),
  };
}

function advice(there: boolean, fixed: boolean): ScopeAdviceView {
  if (there)
    return {
      presence: "customer_present",
      why: "The customer is there at each purchase and may be asked once more: payment:customer_present. Say what is expected of purchases.",
    };
  const why = fixed
    ? "Nobody can be asked when it is charged: payment:customer_not_present. Name the subscription, and name it again with each charge."
    : "Nobody can be asked when it is charged: payment:customer_not_present. Amounts that vary are declined more often; name the subscription with its billing plan.";
  return { presence: "customer_not_present", why };
}
