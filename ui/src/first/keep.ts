/**
 * Keeps what is pressed while the picture stands, in order, until the app asks for it. More typing drops what was pressed before,
 * as it does in the app: an Enter was meant for the shorter text.
 * Absent on purpose: typed text; the field itself keeps that.
 */
import { FOCUSABLE, LEAVES, type Kept } from "./leaving";

/** Keys that the page's own focus and field answer; a Shift by itself means nothing. */
const OWN = /^(Tab|Shift|Control|Alt|Meta|Dead|Process|Unidentified)$/;

export function keepPresses(picture: HTMLElement): void {
  let kept: Kept[] = [];
  let composing = false;
  const heard = new AbortController();
  const hear = <E extends Event>(type: string, act: (event: E) => void): void =>
    document.addEventListener(type, act as EventListener, { signal: heard.signal });
  hear("keydown", (event: KeyboardEvent) => {
    const { key, code, shiftKey, ctrlKey, metaKey, altKey, repeat, isComposing } = event;
    if (isComposing || OWN.test(key) || (key.length === 1 && !ctrlKey && !metaKey)) return;
    kept.push({ key: { key, code, shiftKey, ctrlKey, metaKey, altKey, repeat } });
    if (/^(Arrow|Page)(Up|Down)$/.test(key)) event.preventDefault();
  });
  hear("click", ({ target }: MouseEvent) => {
    const pressed = (target as Element).closest(FOCUSABLE);
    if (pressed) kept.push({ click: [...picture.querySelectorAll(FOCUSABLE)].indexOf(pressed) });
  });
  hear("input", () => (kept = []));
  hear("compositionstart", () => (composing = true));
  hear("compositionend", () => (composing = false));
  hear(LEAVES, (event: CustomEvent<Kept[]>) => {
    if (composing) return event.preventDefault();
    event.detail.push(...kept);
    heard.abort();
  });
}
