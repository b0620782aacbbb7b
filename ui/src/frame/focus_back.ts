/**
 * Gives the focus back to what was disabled while its act was under way, so that keys go on from there.
 * Absent on purpose: what went away meanwhile; whoever takes it away says what comes after it.
 */
export function giveFocusBack(): () => void {
  let last: EventTarget | null = null;
  const note = ({ target }: FocusEvent): void => void (last = target);
  /** Who points elsewhere wants no focus back. */
  const letGo = (): void => void (last = null);
  const observer = new MutationObserver((changes) => {
    if (document.activeElement !== document.body) return;
    const back = changes.some(({ target }) => target === last);
    if (back && last instanceof HTMLElement && !last.matches(":disabled")) last.focus();
  });
  observer.observe(document, { subtree: true, attributes: true, attributeFilter: ["disabled"] });
  document.addEventListener("focusin", note);
  document.addEventListener("pointerdown", letGo, true);
  return () => {
    observer.disconnect();
    document.removeEventListener("focusin", note);
    document.removeEventListener("pointerdown", letGo, true);
  };
}
