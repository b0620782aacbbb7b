/**
 * The keys of the inventory while its table or pane has the focus; letters alone mean nothing where something is typed.
 * Absent on purpose: moving in the table, which the table does.
 */
import { takesText } from "../lib/keys";
import { grantHere, revokeHere } from "./acts";

export function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.repeat || takesText(event.target)) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "g") grantHere();
  else if (event.key === "r" || event.key === "Delete") revokeHere();
  else if (event.key === "/") document.getElementById("people-search")?.focus();
  else return;
  event.preventDefault();
}
