/**
 * The tabs of the Tokens screen; each is fetched when it is first looked at.
 * Absent on purpose: which one is shown; the screen has it.
 */
import { Lazy, type LazyTab } from "../lib/lazy.svelte";

export const tabs: readonly LazyTab[] = [
  { id: "vault", name: "Vault", content: new Lazy(() => import("./Vault.svelte")) },
  { id: "linking", name: "Account linking", content: new Lazy(() => import("../linking/Linking.svelte")) },
  { id: "import", name: "Import", content: new Lazy(() => import("./tables/Import.svelte")) },
  { id: "reconcile", name: "Reconcile", content: new Lazy(() => import("./tables/Reconcile.svelte")) },
  { id: "prove", name: "Prove", content: new Lazy(() => import("./prove/Prove.svelte")) },
  { id: "scenarios", name: "Scenarios", content: new Lazy(() => import("./prove/Scenarios.svelte")) },
  { id: "explain", name: "Explain a failure", content: new Lazy(() => import("./tools/Explain.svelte")) },
  { id: "webhook", name: "Webhook", content: new Lazy(() => import("./tools/Webhook.svelte")) },
  { id: "golive", name: "Go-live check", content: new Lazy(() => import("./tools/GoLive.svelte")) },
  { id: "emd", name: "Merchant data", content: new Lazy(() => import("./tools/Emd.svelte")) },
];
