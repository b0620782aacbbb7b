/**
 * The opens that run or have just run, one a merchant, with the line of steps that Rust reports.
 * A second press while one is under way does nothing: it neither asks again nor queues.
 * Absent on purpose: the link. It never comes here.
 */
import { backend } from "#backend";
import { SvelteMap } from "svelte/reactivity";
import type { ActProgress, OpenRequest, OpenView } from "../ipc/backend";
import { toProblem, type Problem } from "../ipc/problem";
import { pieces, type Steps } from "./steps";

export type Phase = "running" | "asked" | "opened" | "copied" | "dead" | "failed";

/** One open, from the press until its link is certainly spent or dead. */
export class OpenAct {
  phase: Phase = $state("running");
  steps: Steps = $state.raw({});
  problem: Problem | null = $state.raw(null);
  view: OpenView | null = $state.raw(null);
  actId: string | null = null;

  constructor(
    readonly request: OpenRequest,
    readonly name: string,
    readonly startedAt: number,
  ) {}

  /** The line's pieces, in the order in which they happened. */
  get pieces(): string[] {
    return this.phase === "copied" ? [...pieces(this.steps), "link on the clipboard for 60 s"] : pieces(this.steps);
  }

  hear({ actId, step, text, ms }: ActProgress): void {
    this.actId ??= actId;
    this.steps = { ...this.steps, [step]: { text, ms } };
    if (step === "browser-asked") this.phase = "asked";
    if (step === "opened") this.phase = "opened";
    if (step === "link-dead") this.phase = "dead";
  }
}

const LINK_LIFE = 60_000;

export class Acts {
  readonly byMerchant = new SvelteMap<string, OpenAct>();
  /** Called after each link that Klarna gave: the merchant's row says when it was opened last. */
  whenOpened: () => void = () => undefined;

  constructor(private readonly now: () => number = Date.now) {}

  get running(): OpenAct[] {
    return [...this.byMerchant.values()].filter((act) => act.phase === "running");
  }

  of(merchantId: string | null | undefined): OpenAct | null {
    return (merchantId && this.byMerchant.get(merchantId)) || null;
  }

  /** Opens a portal. Does nothing while an open of the same merchant runs. */
  open(request: OpenRequest, name: string): Promise<void> {
    return this.run(request, name, () => backend.portalOpen(request), "asked");
  }

  copyLink(request: OpenRequest, name: string): Promise<void> {
    return this.run(request, name, () => backend.portalCopyLink(request), "copied");
  }

  reopen(sessionId: string, merchantId: string, name: string): Promise<void> {
    return this.run(plain(merchantId), name, () => backend.sessionReopen(sessionId), "asked");
  }

  hear(progress: ActProgress): void {
    if (!progress.merchantId) return;
    const act = this.byMerchant.get(progress.merchantId);
    if (act && (act.actId === null || act.actId === progress.actId)) act.hear(progress);
  }

  dismiss(merchantId: string): void {
    if (this.of(merchantId)?.phase !== "running") this.byMerchant.delete(merchantId);
  }

  private async run(request: OpenRequest, name: string, ask: () => Promise<OpenView>, then: Phase): Promise<void> {
    if (this.of(request.merchantId)?.phase === "running") return;
    const act = new OpenAct(request, name, this.now());
    this.byMerchant.set(request.merchantId, act);
    try {
      const view = await ask();
      act.view = view;
      this.whenOpened();
      act.actId = view.actId;
      if (act.phase === "running") act.phase = then;
      setTimeout(() => this.forget(act), LINK_LIFE + 5_000);
    } catch (thrown) {
      act.problem = toProblem(thrown);
      act.phase = "failed";
    }
  }

  private forget(act: OpenAct): void {
    const { merchantId } = act.request;
    if (this.byMerchant.get(merchantId) === act) this.byMerchant.delete(merchantId);
  }
}

/** The person's own open, as the profile has it. */
export const plain = (merchantId: string): OpenRequest => ({
  merchantId,
  openAs: null,
  reason: null,
  roles: null,
  unsigned: false,
});

export const acts = new Acts();
