/**
 * Locks the app at once, from the palette or by its keys; where no lock is set, it says where to set one.
 * Absent on purpose: covering the window; it is covered when Rust says that it is locked.
 */
import { backend } from "#backend";
import { toProblem } from "../ipc/problem";
import { app } from "./app_state.svelte";
import { notices } from "./dialogs.svelte";

export function lockNow(): void {
  if (!app.state?.lock.set) return notices.say("No app lock is set. Settings, Security sets one.");
  backend.appLockNow().then(
    () => app.refresh(),
    (thrown: unknown) => notices.say(toProblem(thrown).message, true),
  );
}
