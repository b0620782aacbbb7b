/**
 * What Enter does to the selected merchant: it opens at once, in every environment, unless the profile asks for a reason.
 * Shift-Enter shows the merchant instead. An Enter that comes before the answer waits for it; more typing takes it back.
 * Absent on purpose: a confirmation; the act is recorded and can be ended.
 */
import { app } from "../frame/app_state.svelte";
import { dialogs } from "../frame/dialogs.svelte";
import { views } from "../frame/view.svelte";
import type { MerchantRow } from "../ipc/backend";
import { acts, plain } from "../portal/acts.svelte";
import { directory } from "./directory.svelte";

export function openSelected(event: Pick<KeyboardEvent, "shiftKey" | "preventDefault">): void {
  event.preventDefault();
  const details = event.shiftKey;
  directory.onceShown(() => {
    const row = directory.selected;
    if (!row) return;
    if (details) views.go("merchants", true);
    else openRow(row);
  });
}

/** Opens, or asks for the reason first where the profile's policy wants one. */
export function openRow(row: MerchantRow): void {
  if (app.state?.active?.reasonRequired) dialogs.open({ kind: "open-as", row, reasonOnly: true });
  else void acts.open(plain(row.id), row.name);
}
