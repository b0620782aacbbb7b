/**
 * Remote state for the screens: cached answers by topic, asked again when Rust says the topic changed.
 * Absent on purpose: retries and polling (Rust retries), and the merchant list, which keeps windows of rows of its own.
 */
import { QueryClient } from "@tanstack/svelte-query";
import type { Topic } from "../ipc/backend";

export const keys = {
  sessions: ["sessions"] as const,
  merchant: (id: string) => ["merchant", id] as const,
  accessPerson: (email: string) => ["access", "person", email] as const,
  accessMerchant: (id: string) => ["access", "merchant", id] as const,
  timeline: (of: string) => ["access", "timeline", of] as const,
  consents: ["tokens", "consents"] as const,
  tokensOf: (merchant: string) => ["tokens", "of", merchant] as const,
  tokenStory: (id: string) => ["tokens", "story", id] as const,
  acts: (query: string) => ["audit", "acts", query] as const,
  unresolved: ["audit", "unresolved"] as const,
  entry: (seq: number) => ["entry", seq] as const,
  doctor: ["doctor"] as const,
  persons: ["persons"] as const,
  keys: ["keys"] as const,
  network: ["network"] as const,
  bridge: ["bridge"] as const,
  served: ["served"] as const,
  plans: ["plans"] as const,
  plan: (id: string) => ["plans", id] as const,
  running: ["running"] as const,
};

const touched: Record<Topic, readonly string[]> = {
  profile: [
    "access",
    "tokens",
    "merchant",
    "sessions",
    "audit",
    "doctor",
    "persons",
    "keys",
    "network",
    "plans",
    "bridge",
  ],
  merchants: ["access", "merchant"],
  sessions: ["access", "sessions", "merchant"],
  access: ["access", "plans", "audit", "merchant"],
  tokens: ["tokens", "audit"],
  runs: ["running"],
  audit: ["audit", "merchant"],
  settings: ["doctor", "network"],
  lock: ["doctor"],
  jobs: [],
  over: [],
  away: [],
  dropped: [],
};

/** The one cache of answers. Each screen names it, so that the code of the first picture needs none of this. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: { networkMode: "always", retry: false, refetchOnWindowFocus: false, staleTime: 30_000, gcTime: 60_000 },
    mutations: { networkMode: "always", retry: false },
  },
});

/** Asks again for everything that the topics touch and somebody looks at. */
export function invalidate(topics: readonly Topic[]): void {
  const roots = new Set(topics.flatMap((topic) => touched[topic]));
  for (const root of roots) void queries.invalidateQueries({ queryKey: [root] });
}
