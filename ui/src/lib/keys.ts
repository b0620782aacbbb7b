/**
 * Keyboard shortcuts by the key's place, with Ctrl or Cmd as the system has it.
 * Absent on purpose: bare letters as shortcuts of the whole window (WCAG 2.1.4), but `?`, which works only where nothing is typed.
 */
export const isMac = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? "");

type Press = Pick<KeyboardEvent, "ctrlKey" | "metaKey" | "shiftKey" | "altKey" | "code" | "key">;

/** True when the press is Ctrl/Cmd (+ Shift) with the key of this code, and nothing else. */
export function isShortcut(press: Press, code: string, shift = false): boolean {
  const command = isMac ? press.metaKey && !press.ctrlKey : press.ctrlKey && !press.metaKey;
  return command && press.shiftKey === shift && !press.altKey && press.code === code;
}

/** How a shortcut is written on this system. */
export function shortcutText(key: string, shift = false): string {
  return isMac ? `${shift ? "⇧" : ""}⌘${key}` : `Ctrl ${shift ? "Shift " : ""}${key}`;
}

/** True when the element takes typed text. */
export function takesText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLInputElement ||
    target instanceof HTMLTextAreaElement ||
    (target instanceof HTMLElement && target.isContentEditable)
  );
}
