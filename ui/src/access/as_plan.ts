/**
 * One grant as the table that a plan is made of: what falls under a rule needs the signatures of others, and those sign plans.
 * Absent on purpose: staff of the acquirer, for whom the table has no column; Rust reads and judges the table like any other.
 */
import type { GrantWish } from "../ipc/backend";

const COLUMNS = ["action", "merchant", "email", "roles", "expires_at", "inactivity_grace_period", "reason"];

const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** A header and one line. */
export function asTable({ merchantId, email, roles, expires, inactivity, reason }: GrantWish): string {
  const line = ["grant", merchantId, email, roles.join(" "), expires ?? "", inactivity ?? "", reason ?? ""];
  return [COLUMNS, line].map((cells) => cells.map(cell).join(",")).join("\n");
}
