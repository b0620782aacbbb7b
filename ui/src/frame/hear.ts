/**
 * What happens when Rust says that something changed: the parts that show it ask again.
 * Absent on purpose: data in the event itself; the answer to a question is the only truth.
 */
import type { QueryClient } from "@tanstack/svelte-query";
import type { Topic } from "../ipc/backend";
import { directory } from "../merchants/directory.svelte";
import { app } from "./app_state.svelte";
import { invalidate } from "./queries";

export function heard(client: QueryClient, topics: readonly Topic[]): void {
  void app.refresh();
  if (topics.includes("merchants") || topics.includes("profile")) directory.refresh();
  invalidate(client, topics);
}
