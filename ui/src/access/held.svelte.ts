/**
 * What is held back for a moment, as Rust says it, and the way to take it back. Asked again when Rust says that access changed.
 * Absent on purpose: timers that act. Rust does what is held when its time has come, whatever this window shows.
 */
import { backend } from "#backend";
import { notices } from "../frame/dialogs.svelte";
import type { GrantView, HeldView } from "../ipc/backend";

/** A held act with the moment at which it is done, by this window's clock. */
export interface Shown extends HeldView {
  until: number;
}

class Held {
  list: Shown[] = $state.raw([]);
  /** Said once by a screen reader. */
  said = $state("");
  private readonly told = new Set<string>();

  /** What can be taken back, newest first. */
  get open(): Shown[] {
    return this.list.filter(({ stage }) => stage === "held").reverse();
  }

  /** What is held or being done for a grant. */
  of(grant: Pick<GrantView, "merchantId" | "person">): Shown | undefined {
    return this.busy.find((one) => one.merchantId === grant.merchantId && one.principal.toLowerCase() === grant.person);
  }

  ofPerson(person: string): Shown | undefined {
    return this.busy.find((one) => one.principal.toLowerCase() === person);
  }

  ofMerchant(merchantId: string): Shown | undefined {
    return this.busy.find((one) => one.merchantId === merchantId);
  }

  private get busy(): Shown[] {
    return this.list.filter(({ stage }) => stage === "held" || stage === "running");
  }

  async refresh(): Promise<void> {
    try {
      this.take(await backend.accessHeld());
    } catch {
      // Whoever may not look at this profile holds nothing here; the screen itself says why.
      this.list = [];
    }
  }

  /** Shows at once what an act answered. */
  add(view: HeldView): void {
    this.take([...this.list.filter(({ id }) => id !== view.id), view]);
    this.said = `${view.deed === "revoke" ? "Revoking" : "Granting"} the access of ${view.principal} at ${view.merchantName} in ${Math.round(view.leftMs / 1000)} seconds. Press Control Z to undo.`;
  }

  /** Takes the newest one back. */
  async undo(id = this.open[0]?.id): Promise<void> {
    const shown = this.list.find((one) => one.id === id);
    if (!id || !shown) return;
    try {
      this.take([...this.list.filter((one) => one.id !== id), await backend.accessUndo(id)]);
      notices.say(`Taken back: nothing was recorded or sent about ${shown.principal}.`);
    } catch (thrown) {
      notices.failed(thrown);
      await this.refresh();
    }
  }

  private take(views: readonly HeldView[]): void {
    const now = Date.now();
    this.list = views.map((view) => ({ ...view, until: now + view.leftMs }));
    for (const view of views) this.tell(view);
  }

  /** A failure is told once: whoever pressed has long looked elsewhere. */
  private tell(view: HeldView): void {
    if (view.stage !== "failed" || !view.problem || this.told.has(view.id)) return;
    this.told.add(view.id);
    const { message, hint } = view.problem;
    const what = view.deed === "revoke" ? "The revocation" : "The grant";
    notices.say(`${what} of ${view.principal} failed. ${message} ${hint}`, true);
  }
}

export const held = new Held();
