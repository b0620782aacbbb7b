/**
 * The keys of the vault while its table or pane has the focus; letters alone mean nothing where something is typed.
 * Absent on purpose: moving in the table, which the table does.
 */
import { takesText } from "../lib/keys";
import { addToken, chargeToken, checkToken, copyToken, createToken, findByToken, revokeToken } from "./acts";
import { vault } from "./vault.svelte";

export function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.repeat || takesText(event.target)) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (!onVault(event.key) && !onToken(event.key)) return;
  event.preventDefault();
}

function onVault(key: string): boolean {
  if (key === "f") findByToken();
  else if (key === "a") addToken();
  else if (key === "n") createToken();
  else if (key === "/") document.getElementById("tokens-search")?.focus();
  else return false;
  return true;
}

function onToken(key: string): boolean {
  const row = vault.subject;
  if (!row) return false;
  if (key === "c") checkToken(row);
  else if (key === "p") chargeToken(row);
  else if (key === "y") copyToken(row);
  else if (key === "r" || key === "Delete") revokeToken(row);
  else return false;
  return true;
}
