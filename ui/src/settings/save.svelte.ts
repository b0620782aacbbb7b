/**
 * Saves one setting at a time and says so beside it. What is shown is what Rust answered.
 * Absent on purpose: a form with a Save button; every change stands at once or is refused at once.
 */
import { backend } from "#backend";
import { app } from "../frame/app_state.svelte";
import type { SettingsChange } from "../ipc/backend";
import { toProblem, type Problem } from "../ipc/problem";

export type Setting = keyof SettingsChange;

/** Rows that look like the others, and whose own forms save them. */
export type OtherSetting = "networkWay" | "networkAddress" | "networkWithout" | "networkSignIn";

class Saving {
  saved: Setting | null = $state(null);
  problem: { setting: Setting; problem: Problem } | null = $state.raw(null);
  private timer: ReturnType<typeof setTimeout> | undefined;

  async save<S extends Setting>(setting: S, value: NonNullable<SettingsChange[S]>): Promise<boolean> {
    try {
      await backend.settingsSave({ [setting]: value });
      await app.refresh();
      this.problem = null;
      this.saved = setting;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => (this.saved = null), 2500);
      return true;
    } catch (thrown) {
      this.saved = null;
      this.problem = { setting, problem: toProblem(thrown) };
      return false;
    }
  }
}

export const saving = new Saving();
