/**
 * What happens when Rust says that something changed: the parts that show it ask again, once for a burst of changes.
 * Absent on purpose: data in the event itself; the answer to a question is the only truth.
 */
import { held } from "../access/held.svelte";
import type { Topic } from "../ipc/backend";
import { directory } from "../merchants/directory.svelte";
import { app } from "./app_state.svelte";

const BURST = 25;

/** Returns what to do with the topics of each event. */
export function listener(): (topics: readonly Topic[]) => void {
  const gathered = new Set<Topic>();
  return (topics) => {
    if (gathered.size === 0) setTimeout(() => askAgain(gathered), BURST);
    for (const topic of topics) gathered.add(topic);
  };
}

function askAgain(gathered: Set<Topic>): void {
  const topics = [...gathered];
  gathered.clear();
  void app.refresh();
  // An Enter that waits was meant for the profile that was in use.
  if (topics.includes("profile")) directory.takeBack();
  if (topics.includes("merchants") || topics.includes("profile")) directory.refresh();
  if (topics.includes("access")) void held.refresh();
  // Not in the code of the first picture, and fetched by now wherever somebody asked something.
  void import("./queries").then(({ invalidate }) => invalidate(topics));
}
