/**
 * The pretence of tokens that are made and charged: the customer comes to the page when it is looked at first, and agrees at the third look.
 * Absent on purpose: rules; a payment reference with "declined" in it is declined, one with "confirm" asks the customer.
 */
import { PROOF_CONSENT } from "./fake_prove";
import type { Backend, Topic } from "./backend";
import { failure, wait, type Pretence } from "./fake_pretence";
import type { ConsentView, TokenCharged, TokenCreateWish, TokenRow } from "./types";

const MINUTE = 60_000;
type Names = "tokenCreate" | "tokenCharge" | "tokenConsents" | `tokenConsent${"Look" | "Open" | "Cancel" | "Finalise"}`;

/** What of a backend is about making and charging. */
export type ConsentCommands = Pick<Backend, Names>;

interface Needs {
  pretence: Pretence;
  now: () => number;
  answer: () => Promise<void>;
  change: (...topics: Topic[]) => void;
}

/** What is done to the vault. */
interface Vaulted {
  made: (wish: TokenCreateWish) => TokenRow;
  used: (id: string, told: string, outcome: string) => TokenRow;
}

class Consents {
  readonly list: ConsentView[] = [];
  readonly wishes = new Map<string, TokenCreateWish>();
  private readonly looks = new Map<string, number>();

  constructor(
    private readonly needs: Needs,
    private readonly vault: Vaulted,
    private readonly nameOf: (id: string) => string,
  ) {}

  ask(merchantId: string, over: Partial<ConsentView>): ConsentView {
    const [id, now] = [String(this.list.length + 1), this.needs.now()];
    const consent: ConsentView = {
      ...{ id, merchantId, merchantName: this.nameOf(merchantId), state: "submitted", open: true, askedAt: now },
      ...{
        requestId: `krn:payment:eu1:request:aaaaaaaa-bbbb-4ccc-8ddd-${id.padStart(12, "0")}`,
        expiresAt: now + 180 * MINUTE,
      },
      ...{ finishBy: null, charge: false, pays: false, paidAt: null, tokenId: null },
      ...over,
    };
    this.list.unshift(consent);
    this.needs.change("tokens", "audit");
    return { ...consent };
  }

  get(id: string): ConsentView {
    const found = this.list.find((one) => one.id === id);
    if (!found) throw failure("input_invalid");
    return found;
  }

  look(id: string): ConsentView {
    const consent = this.get(id);
    const looks = (this.looks.get(id) ?? 0) + 1;
    this.looks.set(id, looks);
    if (consent.open) consent.state = looks < 3 ? "in_progress" : "completed";
    if (consent.state === "completed" && consent.open) this.agreed(consent);
    return { ...consent };
  }

  end(id: string): ConsentView {
    Object.assign(this.get(id), { state: "canceled", open: false });
    this.needs.change("tokens", "audit");
    return { ...this.get(id) };
  }

  finish(id: string): TokenCharged {
    const consent = this.get(id);
    Object.assign(consent, { finishBy: null, paidAt: this.needs.now() });
    if (consent.tokenId) this.vault.used(consent.tokenId, "first payment approved", "succeeded");
    return approved;
  }

  private agreed(consent: ConsentView): void {
    consent.open = false;
    const wish = this.wishes.get(consent.id);
    if (wish) consent.tokenId = this.vault.made(wish).id;
    if (consent.pays) consent.finishBy = this.needs.now() + 60 * MINUTE;
    this.needs.change("tokens", "audit");
  }
}

const approved: TokenCharged = {
  ...{ outcome: "approved", reason: null, meaning: null, consent: null, seq: 5_001 },
  transactionId: "krn:payment:eu1:transaction:11111111-2222-4333-8444-555555555555",
};

/** Makes that part. */
export function consented(needs: Needs, vault: Vaulted, nameOf: (id: string) => string): ConsentCommands {
  const { answer, pretence } = needs;
  const consents = new Consents(needs, vault, nameOf);
  return {
    tokenCreate: async (wish) => {
      await answer();
      await wait(pretence.delay * 90);
      const consent = consents.ask(wish.merchantId, { pays: wish.terms.amount !== null });
      consents.wishes.set(consent.id, wish);
      return consent;
    },
    tokenCharge: async ({ id, terms }) => {
      await answer();
      await wait(pretence.delay * 90);
      const reference = terms.paymentReference ?? "";
      const told = reference.includes("declined") ? "declined: CUSTOMER_ACTION_REQUIRED" : "approved";
      const row = vault.used(id, told, told === "approved" ? "succeeded" : "refused");
      if (told !== "approved") return declined;
      if (!reference.includes("confirm")) return approved;
      const consent = consents.ask(row.merchantId ?? "", { charge: true, pays: true, tokenId: id });
      return { ...approved, outcome: "step_up", transactionId: null, consent };
    },
    tokenConsents: () => answer().then(() => consents.list.map((one) => ({ ...one }))),
    tokenConsentLook: (id) => answer().then(() => consents.look(id)),
    tokenConsentOpen: (id) => answer().then(() => id === PROOF_CONSENT || consents.get(id).open),
    tokenConsentCancel: (id) => answer().then(() => consents.end(id)),
    tokenConsentFinalise: (id) => answer().then(() => consents.finish(id)),
  };
}

const declined: TokenCharged = {
  ...approved,
  ...{ outcome: "declined", transactionId: null, reason: "CUSTOMER_ACTION_REQUIRED" },
  meaning: "The customer has something to put right with Klarna first. Do not try again before they did.",
};
