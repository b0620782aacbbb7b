/**
 * The app takes the place of the first picture (src/first/picture.ts), in one task, so that nothing is seen of it: what was typed, the
 * selection and the focus stay, and what was pressed is pressed again on the app, which answers it as always.
 * Absent on purpose: waiting, but for a character that is being composed.
 */
import { directory } from "../merchants/directory.svelte";
import { FOCUSABLE, LEAVES, type Kept } from "./leaving";

/** Clears `target` of the picture, if one stands there, and lets `stand` put the app there, complete when it returns. */
export function takeOver(target: HTMLElement, stand: () => void): void {
  const kept: Kept[] = [];
  if (!document.dispatchEvent(new CustomEvent(LEAVES, { detail: kept, cancelable: true }))) {
    document.addEventListener("compositionend", () => setTimeout(() => takeOver(target, stand)), { once: true });
    return;
  }
  const again = leave(target);
  stand();
  again();
  for (const press of kept) repeat(target, press);
}

const places = (of: HTMLElement): HTMLElement[] => [...of.querySelectorAll<HTMLElement>(FOCUSABLE)];

/** Takes the picture away; what is returned gives its text, selection and focus to the app. */
function leave(target: HTMLElement): () => void {
  document.getElementById("picture")?.remove();
  const field = target.querySelector("input");
  const focus = places(target).findIndex((element) => element === document.activeElement);
  target.replaceChildren();
  if (!field) return () => undefined;
  const { value, selectionStart, selectionEnd, selectionDirection } = field;
  if (value !== "") directory.search(value);
  return () => {
    const own = target.querySelector("input");
    own?.setSelectionRange(selectionStart, selectionEnd, selectionDirection ?? "none");
    places(target)[focus]?.focus({ preventScroll: true });
  };
}

function repeat(target: HTMLElement, press: Kept): void {
  if ("click" in press) places(target)[press.click]?.click();
  else {
    const init = { ...press.key, bubbles: true, cancelable: true };
    (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", init));
  }
}
