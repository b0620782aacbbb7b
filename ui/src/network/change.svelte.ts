/**
 * One change of the network's settings at a time; what is shown afterwards is what Rust answered.
 * Absent on purpose: judging addresses and certificates.
 */
import { keys, queries } from "../frame/queries";
import type { NetworkView } from "../ipc/backend";
import { Asked } from "../lib/asked.svelte";

export class Change extends Asked {
  done = $state(false);

  /** Answers what is so now; null when it was refused, or when no file was chosen. */
  async take(act: () => Promise<NetworkView | null>): Promise<NetworkView | null> {
    let view: NetworkView | null = null;
    this.done = false;
    await this.run(async () => {
      view = await act();
      if (view) queries.setQueryData(keys.network, view);
    });
    this.done = view !== null;
    return view;
  }
}
