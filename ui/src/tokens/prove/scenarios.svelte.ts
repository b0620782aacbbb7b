/**
 * The scripted scenarios as Rust tells them, one by one, and what a person does about them.
 * Absent on purpose: the scenarios, and what must come of each.
 */
import { backend } from "#backend";
import { notices } from "../../frame/dialogs.svelte";
import type { ScenariosForm, ScenariosView } from "../../ipc/backend";
import { copy } from "../../lib/copy";
import { Job } from "../job.svelte";
import { trial } from "./trial.svelte";

class ScenarioRun extends Job<ScenariosView> {
  protected stands(): Promise<ScenariosView> {
    return backend.tokensScenariosLook();
  }

  /** How many have ended, and how many of those are not as they must be. */
  get ended(): { count: number; bad: number } {
    const steps = this.view?.steps.filter(({ found }) => found !== null) ?? [];
    return { count: steps.length, bad: steps.filter(({ good }) => !good).length };
  }

  async begin(): Promise<void> {
    const wish = trial.wish();
    if (wish) await this.act(() => backend.tokensScenarios(wish));
  }

  stop = (): Promise<void> => this.act(() => backend.tokensScenariosStop());
  forget = (): Promise<void> => this.act(() => backend.tokensScenariosForget());
  save = (form: ScenariosForm): Promise<void> => this.written(() => backend.tokensScenariosSave(form));

  /** Copies the outcomes as a table that spreadsheets take. */
  async copy(): Promise<void> {
    const done = await copy(tableOf(this.view?.steps ?? []));
    notices.say(done ? "The outcomes are copied. No token is in them." : "The clipboard could not be written.", !done);
  }
}

/** One line a scenario, its cells parted by tabs. */
function tableOf(steps: ScenariosView["steps"]): string {
  const lines = steps.flatMap(({ step, expected, found, good }, at) =>
    found === null ? [] : [[String(at + 1), step, expected, found, good ? "yes" : "no"]],
  );
  const head = ["number", "what", "expected", "found", "as expected"];
  return [head, ...lines].map((cells) => cells.map((cell) => cell.replace(/\s+/g, " ")).join("\t")).join("\n");
}

export const scenarioRun = new ScenarioRun();
