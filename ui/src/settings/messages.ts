/** The words of the settings screen. */
import type { BrowserApart, OnBehalfOf, Theme } from "../ipc/backend";

export const themeWords: Record<Theme, string> = { system: "As the system", light: "Light", dark: "Dark" };

export const behalfWords: Record<OnBehalfOf, string> = { acquirer: "The acquirer", merchant: "The merchant" };

export const apartWords: Record<BrowserApart, string> = {
  nothing: "Nothing",
  environment: "The environment",
  merchant: "Each merchant",
};

export const keyWords: Record<string, string> = {
  "jwt-signing": "Signing key",
  mtls: "Connection key (mTLS)",
};

export const storeWords = { keyring: "this system's keyring", file: "a passphrase-sealed file" } as const;

export const profileActs = {
  goOn: "Go on with set-up",
  look: "Look at set-up",
  write: "Export this profile…",
  connect: "Connect to Klarna…",
  file: "Use a profile file…",
  written: "is written. It holds no secret. Tell whoever uses it this fingerprint:",
};

export const stateWords = { ok: "fine", warn: "look at it", bad: "does not work", skipped: "not looked at" } as const;

export const bundle = {
  title: "Bundle for support",
  show: "Bundle for support…",
  again: "Make it anew",
  making: "Looking at everything…",
  save: "Save…",
  says: "Names, accounts, links and keys are replaced before it is shown. It is sent nowhere.",
  saved: "is written, with just what was shown.",
};
