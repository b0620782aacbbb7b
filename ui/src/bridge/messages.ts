/** The words of the login bridge's page. */
import type { BridgeRowState, BridgeServed } from "../ipc/backend";
import { plural } from "../lib/format";

export const page = {
  title: "Login bridge",
  says: "People press “Continue with …” on Klarna's login page, or come by SAML, and sign in at your own provider. The bridge says which merchants they may enter.",
  none: "No bridge is known for this profile. It is a web service of its own, gatehouse-bridge; choose the bridge.toml that it is started with, here or on a share, to edit who may enter and to see what Klarna needs.",
  begin: [
    { name: "See all of it on one computer", command: "gatehouse-bridge demo" },
    { name: "Read how it is set up", command: "man gatehouse-bridge" },
  ],
  pages: [
    { page: "deep_link", name: "Klarna about the button" },
    { page: "alternatives", name: "Klarna about SAML" },
  ] as const,
  choose: "Choose bridge.toml…",
  other: "Another file…",
  forget: "Forget this bridge",
  open: "Open the bridge",
  back: "Settings",
  save: "Save changes",
  saving: "Saving…",
  saved: "The bridge takes the changes within five seconds.",
  drop: "Drop changes",
  again: "Read the files again",
  unchanged: "Nothing to save",
  changed: (rows: number): string => (rows > 0 ? `${plural(rows, "row")} changed` : "Rules changed"),
  cutOff:
    "A save was cut off here, so perhaps one of the two files is new and the other is not. Look through people and claims, then save: that clears up what was left, and the log says what the files hold.",
  flawed: (rows: number): string =>
    `${plural(rows, "row")} cannot be used. The bridge refuses the whole table until they are corrected.`,
  reading: "Reading the bridge's files…",
  loses: { title: "Drop the changes?", text: "The files are read again as they are now.", verb: "Drop changes" },
};

export const tabs = [
  { id: "people", name: "People" },
  { id: "claims", name: "Claims" },
  { id: "try", name: "Try it" },
  { id: "klarna", name: "For Klarna" },
] as const;

export const stateWords: Record<BridgeRowState, string> = {
  kept: "",
  changed: "changed",
  added: "new",
  removed: "to be removed",
};

export const people = {
  search: "Search the table",
  add: "Add a person…",
  edit: "Change this row",
  all: "All",
  flawed: "Not usable",
  changed: "Changed",
  none: "Nobody here",
  noTable: "This bridge has no table of people",
  noTableSays: "Claims alone say who may enter. A table adds people by their e-mail address, one merchant a row.",
  begin: "Begin a table",
  default: "default roles",
  enter: "change the row",
};

export const row = {
  add: "Add a person",
  change: "Change a row",
  email: "E-mail",
  emailSays: "As your provider tells it. Letters of any case.",
  merchant: "Merchant",
  merchantSays: "Account id, its last part, or a reference that is unique.",
  roles: "Roles",
  rolesSays: "None means the default roles.",
  others: "Other roles, spaces between",
  put: "Put into the table",
  remove: "Remove the row",
  restore: "As in the file",
  cancel: "Cancel",
};

export const claims = {
  email: "Claim with the e-mail address",
  emailSays: "Whose word counts for who somebody is.",
  verified: "Only verified addresses",
  verifiedSays: "The provider must say email_verified. Switch it off only where the provider verifies every address.",
  verifiedOther:
    "email_verified speaks of the claim email alone. With another claim switch this off, if nobody can choose what stands there at the provider.",
  verifiedWarns: "Anybody who can choose an address at the provider enters as its owner.",
  merchants: "Claim with merchants",
  merchantsSays: "A text or a list: account ids or references. Empty: the table alone names merchants.",
  roles: "Claim with words for roles",
  rolesSays: "A text or a list, such as groups. Empty: everybody has the default roles.",
  defaults: "Default roles",
  defaultsSays: "For everybody of whom nothing else is said. The least is the safest.",
  words: "What its words stand for",
  wordsSays: "Any other word means the default roles.",
  word: "Word",
  add: "Add a word",
  remove: (word: string): string => `Remove the word ${word}`,
  take: "Take over",
  taking: "Checking…",
  undo: "Undo",
  taken: "Taken over. Save to have the bridge use it.",
};

export const trying = {
  label: "E-mail address, or claims as JSON",
  says: "By the rules as they stand here, saved or not. Nothing is sent and nobody signs in.",
  example: '{\n  "email": "ana@bakery.example",\n  "email_verified": true,\n  "groups": ["klarna-admins"]\n}',
  go: "Try",
  going: "Trying…",
  enters: (email: string, count: number): string => `${email} may enter ${plural(count, "merchant")}`,
  nothing: "Nobody may enter anything",
  leftOut: "Named, but left out",
};

export const klarna = {
  looking: "Asking the bridge…",
  again: "Ask again",
  health: "Bridge",
  alive: "It is alive.",
  silent: "It does not answer.",
  elsewhere: (where: string): string => `Its health is told at ${where}, on its own computer only.`,
  certificate: "Certificate",
  saml: "SAML",
  ends: (days: number): string =>
    days < 0
      ? "It has ended. Sign-ons by SAML fail."
      : `${plural(days, "day")} left. Renew it and tell Klarna in time.`,
  left: (days: number): string => `${plural(days, "day")} left`,
  hand: "What to hand to Klarna's technical contact",
  handSays: "As the bridge serves it now. No secret is among it.",
  all: "Copy all as text",
  file: "Save as a file…",
  copied: "Copied",
  copy: (what: string): string => `Copy ${what}`,
  wrote: (file: string): string => `${file} is written.`,
  test: "Sign in to try it",
  testSays: "Opens the bridge's way in, in your browser. Sign in there as one of your people.",
  fromSandbox: "Begin at the sandbox's login page",
  fromSandboxSays: "Its button then leads to this bridge, as Klarna's would.",
  go: "Open in the browser",
  going: "Opening…",
  asked: (where: string): string => `The browser was asked for ${where}. Sign in there.`,
  waits: "Waiting for the sign-in to stand in the log…",
  elsewhereLog:
    "This bridge works on another data directory, so its sign-ins are not seen here. Look for portal.open with handover login in its own log.",
  seen: (email: string, merchant: string): string => `${email} entered ${merchant}.`,
};

/** How a bridge's health is marked. */
export const healthMark: Record<BridgeServed["health"], string> = {
  alive: "text-sure",
  silent: "text-danger",
  elsewhere: "text-soft",
};
