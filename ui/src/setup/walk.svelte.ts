/**
 * One walk through set-up: what Rust says is done, which page is shown, what is under way, what went wrong.
 * Absent on purpose: any memory of steps done. Every answer of Rust replaces what was known.
 */
import { backend } from "#backend";
import type { MethodName, SetupView, StepStanding, StepView } from "../ipc/backend";
import { toProblem, type Problem } from "../ipc/problem";
import { wizard } from "./wizard.svelte";
import { pageOf, PAGES, stepOf, type Page } from "./pages";

export class Walk {
  setup: SetupView | null = $state.raw(null);
  page: Page = $state("method");
  method: MethodName = $state("deep_link");
  busy = $state(false);
  problem: Problem | null = $state.raw(null);
  /** Why the set-up itself cannot be shown. */
  broken: Problem | null = $state.raw(null);
  /** What the last step came to, said once on the next page. */
  said = $state("");
  /** What was said is no plain success. */
  doubtful = $state(false);

  constructor(private readonly begun: string | null) {}

  /** The profile's name; a page behind the account always has one. */
  get name(): string {
    return this.setup?.profile.name ?? this.begun ?? "";
  }

  /** Reads where an earlier walk stopped, and goes on there. */
  async resume(page: Page | null = null): Promise<void> {
    if (this.begun === null) return;
    this.broken = null;
    try {
      this.show(await backend.setupState(this.begun));
      this.page = page ?? this.following(null);
    } catch (thrown) {
      this.broken = toProblem(thrown);
    }
  }

  step(page: Page): StepView | null {
    const name = stepOf(page);
    return this.setup?.steps.find(({ step }) => step === name) ?? null;
  }

  standing(page: Page): StepStanding {
    if (page === "account") return this.setup ? "done" : this.page === "method" ? "blocked" : "ready";
    if (page === "end") return this.setup?.ready ? "ready" : "blocked";
    return this.step(page)?.state ?? (page === "method" ? (this.page === "method" ? "ready" : "done") : "blocked");
  }

  go(page: Page): void {
    [this.page, this.problem, this.said] = [page, null, ""];
  }

  /** Goes to the next page that is not done. */
  onward(said = "", doubtful = false): void {
    this.go(this.following(this.page));
    [this.said, this.doubtful] = [said, doubtful];
  }

  /** Does one thing at a time; what it throws is shown on the page, and Rust is asked what stands now. */
  async run<V>(act: () => Promise<V>): Promise<V | null> {
    if (this.busy) return null;
    [this.busy, this.problem, this.said] = [true, null, ""];
    try {
      return await act();
    } catch (thrown) {
      this.problem = toProblem(thrown);
      await this.look();
      return null;
    } finally {
      this.busy = false;
    }
  }

  /** Does a step; its answer is the new set-up, and the walk goes on. */
  async take(act: () => Promise<SetupView>, said = ""): Promise<void> {
    const setup = await this.run(act);
    if (!setup) return;
    this.show(setup);
    this.onward(said);
  }

  show(setup: SetupView): void {
    this.setup = setup;
    wizard.profile = setup.profile;
    if (setup.method) this.method = setup.method;
  }

  /** Reads the set-up again; what fails here has been said already. */
  async look(): Promise<void> {
    if (!this.setup) return;
    const setup = await backend.setupState(this.setup.profile.name).catch(() => null);
    if (setup) this.show(setup);
  }

  private following(after: Page | null): Page {
    const open = (page: Page): boolean => ["ready", "waiting", "failed"].includes(this.standing(page));
    const behind = PAGES.slice(after ? PAGES.indexOf(after) + 1 : 0, -1).find(open);
    const next = this.setup?.next;
    return behind ?? (next ? pageOf(next) : "end");
  }
}
