/**
 * The keys that work everywhere. Every one of them has a visible way beside it; `keyList` is what `?` shows.
 * Letters alone mean something only in a list that has the focus (src/access/keys.ts). Absent on purpose: anything that runs twice while it is held down.
 */
import { held } from "../access/held.svelte";
import { directory } from "../merchants/directory.svelte";
import { copyLink, refreshMerchant, togglePin } from "../merchants/row_acts";
import { isShortcut, shortcutText, takesText } from "../lib/keys";
import { wizard } from "../setup/wizard.svelte";
import { dialogs } from "./dialogs.svelte";
import { lockNow } from "./lock_now";
import { SCREENS, views } from "./view.svelte";

export const keyList: readonly { title: string; keys: readonly [string, string][] }[] = [
  {
    title: "Everywhere",
    keys: [
      [`${shortcutText("K")} or ${shortcutText("P")}`, "Search or run anything"],
      [shortcutText("F"), "Go to the search"],
      [`${shortcutText("1")} … ${SCREENS.length}`, "Go to a screen"],
      ["Alt ← / Alt →", "Back and forward"],
      [shortcutText("L"), "Lock now"],
      ["? or F1", "This list"],
    ],
  },
  {
    title: "Merchants",
    keys: [
      ["↑ ↓  Page  Home  End", "Move, also from the search field"],
      ["Enter", "Open the portal"],
      ["Shift Enter", "Show the merchant"],
      [shortcutText("O", true), "Open as…"],
      [shortcutText("L", true), "Copy a portal link"],
      [shortcutText("P", true), "Pin or unpin"],
      [shortcutText("R"), "Refresh from Klarna"],
      ["Esc", "Clear the search"],
    ],
  },
  {
    title: "People",
    keys: [
      ["↑ ↓  Page  Home  End", "Move in the list"],
      ["Enter", "Show the person or merchant"],
      ["g", "Grant access, in the list"],
      ["r or Delete", "Revoke access, in the list"],
      ["/", "Go to the search, in the list"],
      [shortcutText("Z"), "Undo a grant or revocation while it is held"],
    ],
  },
  {
    title: "Tokens",
    keys: [
      ["↑ ↓  Page  Home  End", "Move in the list"],
      ["Enter", "Show the token"],
      ["f", "Find by token, in the list"],
      ["n  a", "Create a token, add one by hand, in the list"],
      ["c  p  y", "Check now, charge, copy for 60 s, in the list"],
      ["r or Delete", "Revoke, in the list"],
    ],
  },
  {
    title: "Audit",
    keys: [
      ["/", "Go to the question, in the list"],
      ["Enter", "Unfold an act: intent and outcome"],
      ["b  p", "Exact bytes, proofs of the unfolded act"],
      ["← → on the bars", "Move in time; with Shift choose, Enter narrows"],
      ["e  s  v", "Export, saved views, verify"],
    ],
  },
  {
    title: "Panes and lists",
    keys: [
      ["← → on the edge", "Make the pane wider or narrower"],
      ["Esc", "Close"],
    ],
  },
];

/** Hears every key press of the window. */
export function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.repeat || event.isComposing || wizard.wanted) return;
  if (dialogs.asking) return;
  if (dialogs.current === null ? global(event) : paletteAgain(event)) event.preventDefault();
}

function paletteAgain(event: KeyboardEvent): boolean {
  if (dialogs.current?.kind !== "palette" || !isPaletteKey(event)) return false;
  dialogs.close();
  return true;
}

const isPaletteKey = (event: KeyboardEvent): boolean => isShortcut(event, "KeyK") || isShortcut(event, "KeyP");

function global(event: KeyboardEvent): boolean {
  if (isPaletteKey(event)) return openDialog({ kind: "palette" });
  if (event.key === "F1" || (event.key === "?" && !takesText(event.target))) return openDialog({ kind: "keys" });
  if (event.altKey && event.key === "ArrowLeft") return views.back();
  if (event.altKey && event.key === "ArrowRight") return views.forward();
  if (isShortcut(event, "KeyF")) return goToSearch();
  if (isShortcut(event, "KeyZ") && held.open.length > 0 && !takesText(event.target)) {
    void held.undo();
    return true;
  }
  if (isShortcut(event, "KeyL")) {
    lockNow();
    return true;
  }
  const place = SCREENS.findIndex((_, index) => isShortcut(event, `Digit${index + 1}`));
  const screen = SCREENS[place];
  if (screen) {
    views.go(screen);
    return true;
  }
  return views.current.screen === "merchants" && onMerchant(event);
}

function openDialog(dialog: Parameters<typeof dialogs.open>[0]): boolean {
  dialogs.open(dialog);
  return true;
}

function goToSearch(): boolean {
  const found = { people: "people-search", tokens: "tokens-search", audit: "audit-query" };
  const id = found[views.current.screen as keyof typeof found] ?? "search";
  if (id === "search") views.go("merchants");
  setTimeout(() => {
    const field = document.getElementById(id);
    if (field instanceof HTMLInputElement) {
      field.focus();
      field.select();
    }
  });
  return true;
}

function onMerchant(event: KeyboardEvent): boolean {
  const row = directory.selected;
  if (!row) return false;
  if (isShortcut(event, "KeyO", true)) return openDialog({ kind: "open-as", row, reasonOnly: false });
  if (isShortcut(event, "KeyL", true)) copyLink(row);
  else if (isShortcut(event, "KeyP", true)) void togglePin(row);
  else if (isShortcut(event, "KeyR")) void refreshMerchant(row);
  else return false;
  return true;
}
