/**
 * The words of account linking: how a session stands, what became of the token, step by step.
 * Absent on purpose: whether something is so; that comes from Rust.
 */
import type { LinkingSession, LinkingWord } from "../ipc/backend";
import { left } from "../lib/format";
import { moneyText } from "../tokens/money";

export const words = {
  title: "Account linking",
  ours: "Klarna lists no sessions; these were started here.",
  emptyTitle: "No sessions yet",
  emptyText:
    "A session starts a purchase in which the customer may link their Klarna account. The order's answer brings a token; next time, the customer need not log in.",
  none: "Select a session to see how far it is.",
  start: "Start session",
  login: "Log-in of payments v1",
};

/** The calls of a session, by the step that each is. */
export const stepWords: Record<string, string> = {
  start: "Start the session",
  read: "Read the session",
  update: "Change the session",
  order: "Place the order",
};

export const regionWords: Record<string, string> = {
  europe: "Europe",
  north_america: "North America",
  oceania: "Oceania",
};

export const regionText = (region: string): string => regionWords[region] ?? region;

/** How a session stands; `mark` chooses dot and colour. */
export interface Standing {
  word: string;
  mark: "open" | "done" | "none" | "over";
  what: string;
}

const ENDS: Record<LinkingWord, Standing> = {
  linked: { word: "linked", mark: "done", what: "The customer linked the account; the token is kept." },
  same: { word: "same token", mark: "done", what: "The order's answer brought the token that is kept." },
  replaced: {
    word: "token replaced",
    mark: "done",
    what: "The order's answer brought another token; it took the place of the old one.",
  },
  opted_out: {
    word: "opted out",
    mark: "none",
    what: "The order's answer brought no token: the customer opted out of linking. Nothing was revoked.",
  },
};

export function standingOf(session: LinkingSession, now: number): Standing {
  if (session.linking !== null)
    return (
      ENDS[session.linking as LinkingWord] ?? { word: session.linking, mark: "over", what: "An order came of it." }
    );
  if (session.openUntil <= now)
    return { word: "expired", mark: "over", what: "No order came of it within 48 hours. Start another session." };
  return {
    word: `open, ${left(session.openUntil, now)}`,
    mark: "open",
    what: "The customer has not paid yet, or the order is not placed.",
  };
}

/** Whether an order may still come of it. */
export const isOpen = (session: LinkingSession, now: number): boolean =>
  session.orderId === null && session.openUntil > now;

export const amountText = ({ amount, currency }: LinkingSession): string =>
  amount === null ? "" : moneyText(amount, currency);

/** What is over and what is to come. */
export function stepsOf(session: LinkingSession, opened: boolean): { name: string; done: boolean }[] {
  const ordered = session.orderId !== null;
  const last: Record<string, string> = {
    linked: "The token is kept",
    same: "The token is still the same",
    replaced: "The token is replaced",
    opted_out: "No token came: opted out",
  };
  return [
    { name: session.sent ? "Session started with the stored token" : "Session started without a token", done: true },
    { name: "The purchase began in the browser", done: ordered || opened },
    { name: "The customer paid, the order is placed", done: ordered },
    { name: last[session.linking ?? ""] ?? "The token is kept or replaced", done: session.linking !== null },
  ];
}
