/**
 * The pages of set-up in their order, and which step of Rust's each one is.
 * Absent on purpose: conditions. Whether a page can be gone to is Rust's answer.
 */
import type { KeyUsage, StepName } from "../ipc/backend";

export const PAGES = [
  "method",
  "account",
  "api_key",
  "mtls_key",
  "mtls_request",
  "mtls_certificate",
  "signing_key",
  "signing_request",
  "signing_certificate",
  "dry_signature",
  "first_call",
  "merchants",
  "end",
] as const;

export type Page = (typeof PAGES)[number];

export const pageOf = (step: StepName): Page => step;

/** The step behind a page; the account has none of its own, since a profile exists or does not. */
export const stepOf = (page: Page): StepName | null => (page === "account" || page === "end" ? null : page);

/** The key that a page is about. */
export const usageOf = (page: Page): KeyUsage => (page.startsWith("mtls") ? "mtls" : "jwt-signing");

export const certificatePage = (usage: KeyUsage): Page =>
  usage === "mtls" ? "mtls_certificate" : "signing_certificate";

export interface Group {
  title: string;
  pages: readonly Page[];
}

export const GROUPS: readonly Group[] = [
  { title: "Account", pages: ["method", "account", "api_key"] },
  { title: "Connection key (mTLS)", pages: ["mtls_key", "mtls_request", "mtls_certificate"] },
  { title: "Signing key", pages: ["signing_key", "signing_request", "signing_certificate"] },
  { title: "Proof", pages: ["dry_signature", "first_call"] },
  { title: "Begin", pages: ["merchants", "end"] },
];
