/**
 * A proof of an integration as Rust tells it, step by step, and what a person does about it. The customer's page is opened once by itself,
 * when its step comes. Absent on purpose: the steps, and what must come of each.
 */
import { backend } from "#backend";
import { notices } from "../../frame/dialogs.svelte";
import type { ProofForm, ProofView } from "../../ipc/backend";
import { toProblem, type Problem } from "../../ipc/problem";

const RETURN = "gatehouse.tokens.return";

class Proving {
  view: ProofView | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  busy = $state(false);
  wish = $state({ merchantId: "", merchantName: "" });
  returnUrl = $state(localStorage.getItem(RETURN) ?? "https://shop.example/back");
  tried = $state(false);
  private opened = "";

  get wrongUrl(): boolean {
    return !/^https?:\/\/\S+$/.test(this.returnUrl.trim());
  }

  async look(): Promise<void> {
    try {
      this.view = await backend.tokensProofLook();
      this.problem = null;
    } catch (thrown) {
      this.problem = toProblem(thrown);
    }
    const consent = this.view?.consent ?? "";
    if (consent === "" || consent === this.opened) return;
    this.opened = consent;
    void this.page();
  }

  begin(): Promise<void> {
    this.tried = true;
    const wrong = this.wish.merchantId === "" ? "grant-merchant" : this.wrongUrl ? "prove-return" : null;
    if (wrong) return Promise.resolve(document.getElementById(wrong)?.focus());
    localStorage.setItem(RETURN, this.returnUrl.trim());
    const { merchantId } = this.wish;
    return this.act(() => backend.tokensProve({ merchantId, returnUrl: this.returnUrl.trim() }));
  }

  /** Opens the customer's page in the browser. */
  async page(): Promise<void> {
    const consent = this.view?.consent;
    if (!consent) return;
    try {
      const came = await backend.tokenConsentOpen(consent);
      if (!came && this.view?.consent === consent)
        notices.say("The browser did not come for the page within a minute. Open it again.", true);
    } catch (thrown) {
      const { message, hint } = toProblem(thrown);
      notices.say(`${message} ${hint}`, true);
    }
  }

  stop = (): Promise<void> => this.act(() => backend.tokensProofStop());
  forget = (): Promise<void> => this.act(() => backend.tokensProofForget());

  save(form: ProofForm): Promise<void> {
    return this.act(async () => {
      const file = await backend.tokensProofSave(form);
      if (file !== null) notices.say(`Saved as ${file}. No token is in it.`);
    });
  }

  private async act(what: () => Promise<unknown>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await what();
      await this.look();
    } catch (thrown) {
      const { message, hint } = toProblem(thrown);
      notices.say(`${message} ${hint}`, true);
    } finally {
      this.busy = false;
    }
  }
}

export const proving = new Proving();
