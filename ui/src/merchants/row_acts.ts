/**
 * What can be done with a merchant beside opening: pin, refresh, copy a link. One place for pane, menu, keys and palette.
 * Absent on purpose: changing the row here; Rust says that it changed.
 */
import { backend } from "#backend";
import { notices } from "../frame/dialogs.svelte";
import type { MerchantRow } from "../ipc/backend";
import { acts, plain } from "../portal/acts.svelte";
import { directory } from "./directory.svelte";
import { saidWords } from "./messages";

export async function togglePin(row: MerchantRow): Promise<void> {
  try {
    await backend.merchantPin(row.id, !row.pinned);
    directory.refresh();
  } catch (thrown) {
    notices.failed(thrown);
  }
}

export async function refreshMerchant(row: MerchantRow): Promise<void> {
  try {
    const fresh = await backend.merchantRefresh(row.id);
    directory.refresh();
    notices.say(`Klarna says: ${fresh.name} is ${saidWords[fresh.state]}.`);
  } catch (thrown) {
    notices.failed(thrown);
  }
}

export function copyLink(row: MerchantRow): void {
  void acts.copyLink(plain(row.id), row.name);
}
