/**
 * A grant as it is being written: what was typed, what it would do as Rust foresees it, and what is wrong with it.
 * Rust is asked while a person types, because only Rust knows the rules and the ledger; an overtaken answer is dropped.
 * Absent on purpose: any rule of its own.
 */
import { backend } from "#backend";
import type { ForeseenGrant, GrantWish } from "../ipc/backend";
import { toProblem, type Problem } from "../ipc/problem";
import type { GrantStart } from "./acts";

const REST = 150;
const LEAST = "merchant:developer";

/** The choices of an inactivity period; anything else is typed. */
export const PERIODS = ["P7D", "P30D", "P60D", "P3M", "P6M"];

export class Wish {
  merchantId = $state("");
  merchantName = $state("");
  email = $state("");
  roles: string[] = $state([LEAST]);
  expires = $state("");
  inactivity = $state("");
  asStaff = $state(false);
  reason = $state("");
  foreseen: ForeseenGrant | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  private asked = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ merchantId, merchantName, email, from }: GrantStart) {
    [this.merchantId, this.merchantName, this.email] = [merchantId, merchantName, email];
    if (!from) return;
    this.roles = [...from.roles];
    [this.expires, this.inactivity] = [from.expiresAt ?? "", from.inactivity ?? ""];
    this.asStaff = from.staff;
  }

  /** Whether there is enough to ask what it would do. */
  get isComplete(): boolean {
    return this.merchantId !== "" && this.email.includes("@") && this.roles.length > 0;
  }

  /** The request; a missing reason is told by the form and not by what is foreseen. */
  request(foreseeing = false): GrantWish {
    const reason = this.reason.trim() || (foreseeing ? "foreseen" : null);
    return {
      ...{ merchantId: this.merchantId, email: this.email.trim(), roles: this.roles, asStaff: this.asStaff, reason },
      ...{ expires: this.expires.trim() || null, inactivity: this.inactivity.trim().toUpperCase() || null },
    };
  }

  /** Asks what it would do, once typing rests. Call it in an effect: it reads everything that counts. */
  foresee(): () => void {
    const request = this.request(true);
    const mine = (this.asked += 1);
    clearTimeout(this.timer);
    if (!this.isComplete) {
      [this.foreseen, this.problem] = [null, null];
      return () => undefined;
    }
    this.timer = setTimeout(() => void this.ask(request, mine), REST);
    return () => clearTimeout(this.timer);
  }

  private async ask(request: GrantWish, mine: number): Promise<void> {
    try {
      const foreseen = await backend.accessForesee(request);
      if (mine === this.asked) [this.foreseen, this.problem] = [foreseen, null];
    } catch (thrown) {
      if (mine === this.asked) [this.foreseen, this.problem] = [null, toProblem(thrown)];
    }
  }
}
