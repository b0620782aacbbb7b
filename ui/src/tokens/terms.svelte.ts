/**
 * The terms of a token or a charge as they are being written, and what is missing before they can be sent.
 * Absent on purpose: Klarna's rules; Rust says what it still misses, in words.
 */
import type { Interval, Presence, TermsWish } from "../ipc/backend";
import { minorOf } from "./money";

const RETURN = "gatehouse.tokens.return";
const CURRENCY = "gatehouse.tokens.currency";

export class TermsDraft {
  presence: Presence = $state("customer_not_present");
  currency = $state(localStorage.getItem(CURRENCY) ?? "EUR");
  amount = $state("");
  paymentReference = $state("");
  subscription = $state("");
  billed = $state("");
  interval: Interval = $state("MONTH");
  average = $state("");
  count = $state("1");
  returnUrl = $state(localStorage.getItem(RETURN) ?? "");

  constructor(
    /** Whether money is to move. */
    readonly pays: () => boolean,
    /** Whether Rust may know the rest from when the token was made. */
    private readonly knows: () => boolean,
  ) {}

  get money(): string {
    return this.currency.trim().toUpperCase();
  }

  get minor(): number | null {
    return minorOf(this.amount, this.money);
  }

  /** The ids of the fields that are not right, in their order. */
  get wrong(): string[] {
    const { knows } = this;
    const there = this.presence === "customer_present";
    const checks: [string, boolean][] = [
      ["terms-currency", !/^[A-Z]{3}$/.test(this.money)],
      ["terms-amount", this.pays() && this.minor === null],
      ["terms-payment", this.pays() && this.paymentReference.trim() === ""],
      ["terms-subscription", !there && !knows() && this.subscription.trim() === ""],
      ["terms-billed", !there && this.billed.trim() !== "" && minorOf(this.billed, this.money) === null],
      [
        "terms-average",
        there && (knows() ? this.average.trim() !== "" : true) && minorOf(this.average, this.money) === null,
      ],
      ["terms-count", there && !/^[1-9]\d{0,3}$/.test(this.count.trim())],
      ["terms-return", this.asks && !/^https?:\/\/\S+$/.test(this.returnUrl.trim())],
    ];
    return checks.filter(([, bad]) => bad).map(([id]) => id);
  }

  /** Whether the customer may have to be sent to Klarna. */
  get asks(): boolean {
    return !this.knows() || this.presence === "customer_present";
  }

  wish(): TermsWish {
    const there = this.presence === "customer_present";
    const billed = minorOf(this.billed, this.money);
    const average = minorOf(this.average, this.money);
    const subscription = this.subscription.trim();
    return {
      currency: this.money,
      amount: this.pays() ? this.minor : null,
      paymentReference: (this.pays() && this.paymentReference.trim()) || null,
      ondemand:
        there && average !== null ? { average, count: Number(this.count.trim()), interval: this.interval } : null,
      subscription:
        !there && subscription !== ""
          ? { reference: subscription, amount: billed, interval: billed === null ? null : this.interval }
          : null,
      returnUrl: (this.asks && this.returnUrl.trim()) || null,
    };
  }

  /** The next form begins with what this one ended with. */
  remember(): void {
    localStorage.setItem(CURRENCY, this.money);
    if (this.returnUrl.trim() !== "") localStorage.setItem(RETURN, this.returnUrl.trim());
  }
}
