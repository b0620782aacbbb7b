/**
 * Tells Rust that the window is in use, so that the idle time begins anew; Rust alone decides when it is over.
 * Absent on purpose: what was typed or pressed; only that something was.
 */
import { backend } from "#backend";
import { app } from "../frame/app_state.svelte";

const PAUSE = 20_000;
const SIGNS = ["keydown", "pointerdown", "wheel"] as const;

let used = true;
let timer: ReturnType<typeof setInterval> | undefined;

async function report(): Promise<void> {
  if (!app.state?.lock.set) return;
  const was = used;
  used = false;
  try {
    const { locked } = await backend.appLock(was && app.state.lock.locked === null);
    if (locked !== app.state.lock.locked) await app.refresh();
  } catch {
    used ||= was;
  }
}

/** Begins to report; once is enough. */
export function reportUse(): void {
  if (timer) return;
  for (const sign of SIGNS) window.addEventListener(sign, () => (used = true), { capture: true, passive: true });
  timer = setInterval(() => void report(), PAUSE);
}
