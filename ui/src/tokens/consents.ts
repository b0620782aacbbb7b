/**
 * The words of a customer's step, and how far it is, step by step.
 * Absent on purpose: the page's address, which Rust hands to the browser.
 */
import type { ConsentState, ConsentView } from "../ipc/backend";

export const consentWords: Record<ConsentState, { name: string; what: string }> = {
  submitted: { name: "Waiting", what: "The customer was not on Klarna's page yet." },
  in_progress: { name: "Under way", what: "The customer is on Klarna's page." },
  completed: { name: "Agreed", what: "The customer agreed." },
  canceled: { name: "Cancelled", what: "The request was taken back; the customer is asked no more." },
  expired: { name: "Expired", what: "The customer did not answer in time. Ask again." },
  declined: { name: "Refused", what: "The customer refused, or no way to pay was possible." },
  other: { name: "Not known", what: "Klarna uses a word that Gatehouse does not know." },
};

/** What is over and what is to come. */
export function consentSteps(consent: ConsentView): { name: string; done: boolean }[] {
  const agreed = consent.state === "completed";
  const there = agreed || consent.state === "in_progress";
  return [
    { name: "Klarna was asked", done: true },
    { name: "The customer is on Klarna's page", done: there },
    { name: "The customer agreed", done: agreed },
    ...(consent.charge ? [] : [{ name: "The token is kept", done: consent.tokenId !== null }]),
    ...(consent.pays ? [{ name: "The payment is finished", done: consent.paidAt !== null }] : []),
  ];
}

/** Whether somebody still has to do something. */
export const waits = (consent: ConsentView): boolean => consent.open || consent.finishBy !== null;
