/**
 * In whose name tokens are tried out, and where the customer comes back to; both trials ask for the same.
 * Absent on purpose: what is tried; see proof.svelte.ts and scenarios.svelte.ts.
 */
import type { TrialWish } from "../../ipc/backend";

const RETURN = "gatehouse.tokens.return";

class Trial {
  merchant = $state({ merchantId: "", merchantName: "" });
  returnUrl = $state(localStorage.getItem(RETURN) ?? "https://shop.example/back");
  tried = $state(false);

  get wrongUrl(): boolean {
    return !/^https?:\/\/\S+$/.test(this.returnUrl.trim());
  }

  /** What is wished for; null, with the field in focus that has to be mended, where something is missing. */
  wish(): TrialWish | null {
    this.tried = true;
    const wrong = this.merchant.merchantId === "" ? "grant-merchant" : this.wrongUrl ? "trial-return" : null;
    if (wrong) {
      document.getElementById(wrong)?.focus();
      return null;
    }
    const returnUrl = this.returnUrl.trim();
    localStorage.setItem(RETURN, returnUrl);
    return { merchantId: this.merchant.merchantId, returnUrl };
  }
}

export const trial = new Trial();
