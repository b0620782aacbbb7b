/**
 * What can be begun with account linking: one place for keys, buttons and palette.
 * Absent on purpose: what needs to be asked first; the sheets do.
 */
import { dialogs } from "../frame/dialogs.svelte";
import { views } from "../frame/view.svelte";
import { takesText } from "../lib/keys";
import { tab } from "../tokens/tab.svelte";
import { linking } from "./linking.svelte";

export const startSession = (): void => dialogs.open({ kind: "linking-start" });
export const changeLogin = (): void => dialogs.open({ kind: "linking-login" });

/** Leads to the screen, from another place. */
export function showLinking(page = false): void {
  tab.shown = "linking";
  views.go("tokens", page);
}

/** The keys of the screen; letters alone mean nothing where something is typed. */
export function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.repeat || takesText(event.target)) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "n" && linking.ready) startSession();
  else if (event.key === "b") document.getElementById("linking-open")?.click();
  else return;
  event.preventDefault();
}
