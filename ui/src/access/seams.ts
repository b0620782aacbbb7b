/**
 * From people who were chosen to a plan that ends their access: many at once are looked at as a whole before anything runs.
 * Absent on purpose: a loop of revocations.
 */
import { backend } from "#backend";
import type { CommandError } from "../ipc/backend";
import { count } from "../lib/format";
import { inventory } from "./inventory.svelte";
import { plans } from "./plans/plans.svelte";
import { tab } from "./tab.svelte";

/** So many at once; Rust refuses more. */
const MOST = 5000;
const PAGE = 200;

/** Asks why, has a plan made that revokes these grants, and shows it; nothing is sent before it was looked at. */
export function planRevoke(grantIds: string[]): void {
  plans.revoking = { grants: grantIds, made: () => (tab.shown = "plans") };
}

const tooMany = (total: number): CommandError => ({
  code: "input_invalid",
  message: `${count(total)} grants are too many for one plan; ${count(MOST)} are the most.`,
  hint: "Narrow the list down by a search, and make several plans.",
  reference: "",
});

/** The same for every grant of the view that is shown, not only for those in sight. */
export async function planRevokeShown(): Promise<void> {
  const { view, role, query } = inventory;
  const ids = await plans.act(async () => {
    const found: string[] = [];
    for (let first = 0; first < MOST; first += PAGE) {
      const { rows, total } = await backend.accessPage({ view, role, query, order: "newest", first, count: PAGE });
      if (total > MOST) throw tooMany(total);
      found.push(...rows.map(({ id }) => id));
      if (first + PAGE >= total) break;
    }
    return found;
  });
  if (ids) planRevoke(ids);
}
