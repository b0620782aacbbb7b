/**
 * A component whose code is fetched when it is first wanted; until then it is null and something quiet stands in its place.
 * Absent on purpose: promises in templates, which keep what they caught.
 */
import type { Component } from "svelte";

export class Lazy<P extends Record<string, unknown>> {
  private found: Component<P> | null = $state.raw(null);
  private asked = false;

  constructor(private readonly load: () => Promise<{ default: Component<P> }>) {}

  /** The component, or null while its code is under way. Asking for it fetches it. */
  get component(): Component<P> | null {
    this.fetch();
    return this.found;
  }

  fetch(): void {
    if (this.asked) return;
    this.asked = true;
    this.load().then(
      (module) => (this.found = module.default),
      () => (this.asked = false),
    );
  }
}

/** A tab whose content is fetched when it is first looked at. */
export interface LazyTab {
  id: string;
  name: string;
  content: Lazy<Record<string, never>>;
}
