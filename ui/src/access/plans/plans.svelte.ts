/**
 * Which plan is looked at, and what is done with plans; refusals are told in the notice line.
 * Absent on purpose: the plans themselves; queries hold them.
 */
import { backend } from "#backend";
import { notices } from "../../frame/dialogs.svelte";
import type { PlanTaken } from "../../ipc/backend";
import { plural } from "../../lib/format";

class Plans {
  chosen: string | null = $state(null);
  pasting = $state(false);
  /** Grants that a plan is to end, once it is said why. */
  revoking: { grants: string[]; made: () => void } | null = $state.raw(null);
  /** One act at a time: a second press while one is under way does nothing. */
  busy = $state(false);

  /** Does something once; what it answers, or null when it was refused or nothing was chosen. */
  async act<T>(what: () => Promise<T>): Promise<T | null> {
    if (this.busy) return null;
    this.busy = true;
    try {
      return await what();
    } catch (thrown) {
      notices.failed(thrown);
      return null;
    } finally {
      this.busy = false;
    }
  }

  async open(): Promise<void> {
    this.took(await this.act(() => backend.planOpen()));
  }

  async paste(text: string): Promise<void> {
    const taken = await this.act(() => backend.planPaste(text));
    if (taken) this.pasting = false;
    this.took(taken);
  }

  /** Makes the plan of the grants that were chosen, with why. */
  async revoke(reason: string | null): Promise<void> {
    const wanted = this.revoking;
    if (!wanted) return;
    const taken = await this.act(() => backend.planRevocations({ grants: wanted.grants, reason }));
    if (!taken) return;
    this.revoking = null;
    this.took(taken);
    wanted.made();
  }

  async declare(): Promise<void> {
    const declared = await this.act(() => backend.accessDeclare());
    if (!declared) return;
    const said = `${plural(declared.added, "grant")} declared, ${declared.known} known already; nothing was sent.`;
    const first = declared.bad[0];
    notices.say(first ? `${said} ${plural(declared.badTotal, "line")} not taken. ${first}` : said, first !== undefined);
  }

  private took(taken: PlanTaken | null): void {
    if (!taken) return;
    this.chosen = taken.plan;
    if (taken.kind === "approval") notices.say("The approval is kept with its plan.");
    if (taken.ignored.length > 0) notices.say(`Not read: the columns ${taken.ignored.join(", ")}.`);
  }
}

export const plans = new Plans();
