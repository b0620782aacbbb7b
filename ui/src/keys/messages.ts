/** The words of the Keys screen. Absent on purpose: what a failure says; that comes from Rust. */
import type { KeyState, KeyUsage } from "../ipc/backend";

export const usageWords: Record<KeyUsage, string> = { "jwt-signing": "Signing key", mtls: "Connection key (mTLS)" };

export const usageSays: Record<KeyUsage, string> = {
  "jwt-signing": "Signs every portal link, and nothing else.",
  mtls: "Proves on every connection that the caller is you.",
};

export const stateWords: Record<KeyState, string> = {
  generated: "made, no request yet",
  requested: "waits for its certificate",
  active: "in use",
  retiring: "retiring",
  destroyed: "destroyed",
};

export const words = {
  title: "Keys",
  loading: "Reading keys and certificates…",
  emptyTitle: "No keys yet",
  emptyText:
    "A profile has two: one signs portal links, one proves the connection. Set-up makes both and gets their certificates.",
  setUp: "Go on with set-up",
  connect: "Connect to Klarna",
  rotate: "Rotate…",
  goOn: "Go on with the rotation…",
  retire: "Have Klarna refuse it…",
  destroy: "Destroy…",
  foreign:
    "Its certificate came as a file, so Klarna's id of it is not known here. Have Klarna refuse it under At Klarna, then destroy the key.",
  ended: "Destroyed keys",
  checks: "Certificate and checks",
  none: "There is no key of this kind in use.",
  lost: "The keys are lost…",
  lostSays: "For a keyring item that is gone for good. A locked keyring is not a lost one.",
  apiKey: "API key",
  apiKeySays: "Klarna disables a key that was not used for two months.",
  proved: "Klarna accepted it",
  unproved: "not proved by a call yet",
  noApiKey: "No API key was given.",
  replace: "Replace…",
};

export const newKey = {
  open: "New from Klarna…",
  title: "A new API key from Klarna",
  text: "Klarna makes another key. It goes straight into the key store, is proved by a call, and is in use then; nobody sees it. The key in use now stays valid at Klarna until you disable it.",
  again:
    "A key that was asked for has not arrived. Asking again repeats that request and gives the very same key; its description is the one from then.",
  description: "Description",
  says: "Whose key it is, as Klarna lists it: letters without accents, digits, blanks and - : ; . , _",
  ask: "Ask Klarna for it",
  asking: "Asking Klarna…",
  done: "The new key is in use. The one before is still valid.",
  next: "When no other computer uses the one before, disable it under At Klarna. Each computer should have a key of its own.",
  before: "The one before",
  ready: "Done",
  waits: "Another key was asked for and has not arrived. Ask again within a day, and it is the very same one.",
  askAgain: "Ask again…",
};

export const retire = {
  title: "Have Klarna refuse the retiring certificate?",
  text: "Klarna refuses it from now on, wherever it is used. The key in use is not touched.",
  verb: "Refuse it",
};

export const destroy = {
  title: "Destroy this key?",
  text: "Its private half is removed from the key store for good. Its certificate is of no use afterwards.",
  textToken: "It is destroyed on its token for good. Its certificate is of no use afterwards.",
  textActive:
    "It is in use: without it no portal can be opened until set-up has made another one. Its private half is removed for good.",
  verb: "Destroy the key",
};

export const lostToken = {
  offer: "Its token is lost…",
  title: "Give this key up with its token?",
  text: "For a token that is lost or broken for good. The key is recorded as lost; have Klarna refuse its certificate, because whoever finds the token may still try its PIN.",
  verb: "Give the key up",
};

export const tokens = {
  title: "Hardware token",
  places: { store: "In the key store", token: "On a hardware token" },
  where: "Where the key is made",
  text: "The key is made in the token and never leaves it. Its PIN is asked for when it is needed.",
  looking: "Looking for tokens…",
  none: "No token is plugged in. Plug it in and look again; if its maker's module is not registered on this computer, choose it.",
  again: "Look again",
  module: "Choose a module…",
};

export const rotating = {
  title: "Rotate",
  text: "The next key is made and asked a certificate for, both are proved, and then it is taken into use. The old one stays until you have Klarna refuse it, so nothing stands still.",
  ask: "Rotate, and ask Klarna",
  carry: "I carry the request",
  going: "Rotating…",
  waits: "The next key is made. Give this request to Klarna, then paste the certificate that comes back.",
  install: "Install and take into use",
  same: "Where the old one is",
  place: "Where the next key is made",
  done: "The next key is in use. Have Klarna refuse the old one when nothing uses it any more.",
};

export const expiry = { title: "Ends soon:", look: "Look at the keys", dismiss: "Dismiss" };

export const atKlarna = {
  title: "At Klarna",
  text: "The account's certificates and API keys as Klarna lists them, also those of other computers.",
  ask: "Ask Klarna",
  again: "Ask again",
  asking: "Asking Klarna…",
  enforcement: "mTLS",
  addresses: "Address rules",
  from: "from",
  until: "until",
  refused: "refused from",
  untold: "not told",
  ours: "of this profile",
  inUse: "in use here",
  made: "made",
  none: "Klarna lists none.",
  unnamed: "no description",
  description: "Description",
  rename: "Rename",
  save: "Save",
  end: "End…",
  apiKey: "API key",
  certificate: "Certificate",
  usages: { JWT_SIGNING: "Signing certificate", MTLS: "mTLS certificate" } as Record<string, string>,
  endKey: {
    title: "Have Klarna disable this API key?",
    text: "Whoever uses it is refused from now on, for good. If it is this profile's own, nothing works here until you give another one.",
    verb: "Disable the API key",
  },
  endCertificate: {
    title: "Have Klarna refuse this certificate?",
    text: "Whoever uses it is refused from now on, for good, on this computer or another.",
    verb: "Refuse it",
  },
};

export const enforcement = {
  day: "Begins (empty: at once)",
  form: "Year, month and day, like 2026-12-01",
  noDay: "There is no such day.",
  demand: "Enforce…",
  demandTitle: "Have Klarna demand a client certificate?",
  demandNow:
    "From now on Klarna turns away every call of this account without one, also those of other computers and programs.",
  demandFrom: (day: string): string =>
    `From ${day} on Klarna turns away every call of this account without one, also those of other computers and programs.`,
  demandVerb: "Enforce mTLS",
  stop: "Go back to reporting…",
  report: {
    title: "Have Klarna let calls without certificate through?",
    text: "Whoever has the API key can then call without a client certificate. Klarna only reports it in its answers.",
    verb: "Go back to reporting",
  },
};
