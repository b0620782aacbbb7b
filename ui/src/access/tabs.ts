/**
 * The tabs of the People screen; each is fetched when it is first looked at.
 * Absent on purpose: which one is shown; the screen has it.
 */
import { Lazy, type LazyTab } from "../lib/lazy.svelte";

export const tabs: readonly LazyTab[] = [
  { id: "people", name: "People", content: new Lazy(() => import("./Inventory.svelte")) },
  { id: "plans", name: "Plans", content: new Lazy(() => import("./plans/Plans.svelte")) },
  { id: "reviews", name: "Reviews", content: new Lazy(() => import("./reviews/Reviews.svelte")) },
];
