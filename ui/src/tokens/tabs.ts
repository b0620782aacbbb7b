/**
 * The tabs of the Tokens screen; each is fetched when it is first looked at.
 * Absent on purpose: which one is shown; the screen has it.
 */
import { Lazy } from "../lib/lazy.svelte";

export interface Tab {
  id: string;
  name: string;
  content: Lazy<Record<string, never>>;
}

export const tabs: readonly Tab[] = [{ id: "vault", name: "Vault", content: new Lazy(() => import("./Vault.svelte")) }];
