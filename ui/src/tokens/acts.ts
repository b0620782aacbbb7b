/**
 * What can be begun with a token: one place for keys, buttons, pane and palette.
 * Absent on purpose: what needs to be asked first; the sheets do.
 */
import { backend } from "#backend";
import { app } from "../frame/app_state.svelte";
import { dialogs, notices } from "../frame/dialogs.svelte";
import { views } from "../frame/view.svelte";
import type { TokenRow } from "../ipc/backend";
import { checking } from "./checking.svelte";
import { copied } from "./copied.svelte";
import { tab } from "./tab.svelte";
import { vault } from "./vault.svelte";
import { isOver } from "./words";

export const findByToken = (): void => dialogs.open({ kind: "token-find" });
export const createToken = (): void => dialogs.open({ kind: "token-create" });
/** Leads to the import, and lets the person choose a table at once. */
export function importTokens(): void {
  [tab.shown, tab.wish] = ["import", "choose"];
  views.go("tokens");
}

/** Leads to the import of the table that waits. */
export function importTable(): void {
  [tab.shown, tab.wish] = ["import", "plan"];
}

export const addToken = (): void => dialogs.open({ kind: "token-add" });

/** Asks Klarna where a token stands. */
export function checkToken(row: TokenRow): void {
  void checking.run(row);
}

/** Copies at once where nothing is to be asked first; a live token, a reason, or others whom the rules ask for, open a sheet. */
export function copyToken(row: TokenRow): void {
  const active = app.state?.active;
  const others = active?.approvals.tokenCopies;
  const alone = !others || others.approvers === 0 || others.over > 0;
  if (active?.reasonRequired || active?.environment === "live" || !alone) dialogs.open({ kind: "token-copy", row });
  else
    void copyNow(row, null).catch((thrown: unknown) => {
      notices.failed(thrown);
    });
}

/** Has Rust put the token onto the clipboard. */
export async function copyNow(row: TokenRow, reason: string | null): Promise<void> {
  const { until } = await backend.tokenCopy(row.id, reason);
  copied.take(row.id, until);
  notices.say("Copied. Gatehouse clears it from the clipboard in 60 seconds.");
}

export function chargeToken(row: TokenRow): void {
  if (isOver(row)) notices.say("This token can never be charged again.");
  else dialogs.open({ kind: "token-charge", row });
}

export function revokeToken(row: TokenRow): void {
  if (isOver(row)) notices.say("This token can never be charged again; there is nothing left to revoke.");
  else dialogs.open({ kind: "token-revoke", row });
}

/** Leads to a token, from another place. */
export function showToken(row: TokenRow): void {
  vault.show(row);
  tab.shown = "vault";
  views.go("tokens", true);
}

/** Leads to a merchant's tokens, from another screen. */
export function showTokensOf(id: string, name: string): void {
  vault.go({ view: "all", query: "", merchant: { id, name } });
  tab.shown = "vault";
  views.go("tokens");
}
