/**
 * A proof of an integration as Rust tells it, step by step, and what a person does about it. The customer's page is opened once by itself,
 * when its step comes. Absent on purpose: the steps, and what must come of each.
 */
import { backend } from "#backend";
import { notices } from "../../frame/dialogs.svelte";
import type { ProofForm, ProofView } from "../../ipc/backend";
import { Job } from "../job.svelte";
import { trial } from "./trial.svelte";

class Proving extends Job<ProofView> {
  private opened = "";

  protected stands(): Promise<ProofView> {
    return backend.tokensProofLook();
  }

  override async look(): Promise<void> {
    await super.look();
    const consent = this.view?.consent ?? "";
    if (consent === "" || consent === this.opened) return;
    this.opened = consent;
    void this.page();
  }

  async begin(): Promise<void> {
    const wish = trial.wish();
    if (wish) await this.act(() => backend.tokensProve(wish));
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
      notices.failed(thrown);
    }
  }

  stop = (): Promise<void> => this.act(() => backend.tokensProofStop());
  forget = (): Promise<void> => this.act(() => backend.tokensProofForget());
  save = (form: ProofForm): Promise<void> => this.written(() => backend.tokensProofSave(form));
}

export const proving = new Proving();
