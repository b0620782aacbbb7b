/**
 * Where importing a table stands, as Rust says it, and what a person does about it. A table that was taken in hand is looked over at once.
 * Absent on purpose: rows; the list fetches those it shows.
 */
import { backend } from "#backend";
import type { Fate, HandWord, TokenImportView } from "../../ipc/backend";
import { Job } from "../job.svelte";
import { table } from "./table.svelte";

export const fateWords: Record<Fate, { name: string; what: string }> = {
  added: { name: "Will be added", what: "The vault does not have these." },
  updated: { name: "Will be completed", what: "The vault has these, and will know more of them." },
  bad: { name: "Refused", what: "These rows cannot be used; all others can. Mend them and import the table again." },
  known: { name: "Known", what: "The vault has these and knows all of this; nothing is done." },
  repeated: { name: "Repeated", what: "An earlier row of this table brings the same token." },
};

class Importing extends Job<TokenImportView> {
  protected stands(): Promise<TokenImportView> {
    return backend.tokensImportLook();
  }

  async choose(): Promise<void> {
    if (await table.choose()) await this.plan();
  }

  plan = (): Promise<void> => this.act(() => backend.tokensImportPlan());
  begin = (): Promise<void> => this.act(() => backend.tokensImport());
  hand = (word: HandWord): Promise<void> => this.act(() => backend.tokensImportHold(word));
  forget = (): Promise<void> => this.act(() => backend.tokensImportForget());
}

export const importing = new Importing();
