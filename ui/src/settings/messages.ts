/** The words of the settings screen. */
import type { ApprovalSubject, BrowserApart, OnBehalfOf, Theme } from "../ipc/backend";

export const themeWords: Record<Theme, string> = { system: "As the system", light: "Light", dark: "Dark" };

export const behalfWords: Record<OnBehalfOf, string> = { acquirer: "The acquirer", merchant: "The merchant" };

export const apartWords: Record<BrowserApart, string> = {
  nothing: "Nothing",
  environment: "The environment",
  merchant: "Each merchant",
};

export const hosts = {
  name: "Portal hosts",
  says: "To which hosts a portal link may lead, commas between; *.klarna.com means all below it. A link to another host is not opened.",
  none: "No host is allowed, so no link is opened.",
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

export const approvals = {
  title: "Who approves what",
  text: "The rules are kept with the profile, and each change stands in the log. What falls under a rule is made as a plan, signed by a colleague and carried out byte by byte as it was signed.",
  roles: "with one of these roles",
  over: "for more than",
  subjects: [
    {
      subject: "bulkGrants",
      name: "Plans of many rows",
      text: "Counts when a plan makes more calls than this number, grants and revocations together.",
    },
    {
      subject: "bulkRevokes",
      name: "Ending access of many at once",
      text: "Counts when more people than this number lose access at once; with 0, each single revocation.",
    },
    {
      subject: "adminOnLive",
      name: "Administrators on live",
      text: "Counts when somebody becomes administrator of a merchant on live.",
    },
    { subject: "tokenCopies", name: "Copying a customer token", text: "Counts when a token is put on the clipboard." },
  ] as readonly { subject: ApprovalSubject; name: string; text: string }[],
  count: (count: number): string =>
    count === 0 ? "Nobody else" : count === 1 ? "1 other person" : `${count} other persons`,
};

export const bundle = {
  title: "Bundle for support",
  show: "Bundle for support…",
  again: "Make it anew",
  making: "Looking at everything…",
  save: "Save…",
  says: "Names, accounts, links and keys are replaced before it is shown. It is sent nowhere.",
  saved: "is written, with just what was shown.",
};
