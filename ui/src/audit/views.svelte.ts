/**
 * Questions that were given a name: listed, pinned, changed, removed; the same in the screen and in the palette.
 * Absent on purpose: asking them; `question.svelte.ts` does.
 */
import { backend } from "#backend";
import type { SavedView, SavedViewWish } from "../ipc/backend";
import { views as screens } from "../frame/view.svelte";
import { question } from "./question.svelte";
import { place } from "./place.svelte";

class SavedViews {
  list: SavedView[] = $state.raw([]);

  get pinned(): SavedView[] {
    return this.list.filter(({ pinned }) => pinned);
  }

  /** The view whose question is asked just now. */
  get current(): SavedView | null {
    const text = question.text.trim();
    return text === "" ? null : (this.list.find(({ query }) => query === text) ?? null);
  }

  async refresh(): Promise<void> {
    this.list = await backend.auditViews().catch(() => this.list);
  }

  async save(wish: SavedViewWish): Promise<void> {
    this.list = await backend.auditViewSave(wish);
  }

  async remove(id: string): Promise<void> {
    this.list = await backend.auditViewRemove(id);
  }

  /** Shows a view, from anywhere. */
  show({ query }: SavedView): void {
    lookUp(query);
  }
}

/** Goes to the log and asks. */
export function lookUp(query: string): void {
  place.shown = "log";
  screens.go("audit");
  question.go(query);
}

export const savedViews = new SavedViews();
