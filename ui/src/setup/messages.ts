/** The words of set-up. Absent on purpose: what a failure says; that comes from Rust. */
import type { Environment, KeyUsage, StepStanding } from "../ipc/backend";
import type { Page } from "./pages";

export const pageNames: Record<Page, string> = {
  method: "Way into the portal",
  account: "Account and address",
  api_key: "API key",
  mtls_key: "Key",
  mtls_request: "Signing request",
  mtls_certificate: "Certificate",
  signing_key: "Key",
  signing_request: "Signing request",
  signing_certificate: "Certificate",
  dry_signature: "Dry signature",
  first_call: "First call",
  merchants: "First merchants",
  end: "Ready",
};

export const standingWords: Record<StepStanding, string> = {
  done: "done",
  ready: "to do",
  waiting: "waits for Klarna",
  blocked: "needs an earlier step",
  failed: "did not work",
};

export const environmentChoices: Record<Environment, string> = { test: "Test", live: "Live", sandbox: "Sandbox" };

export const keyNames: Record<KeyUsage, string> = { "jwt-signing": "signing key", mtls: "connection key" };

export const words = {
  title: "Connect to Klarna",
  later: "Finish later",
  cancel: "Cancel",
  goOn: "Continue",
  loading: "Reading where set-up stands…",
  steps: "Steps of set-up",
};

export const method = {
  title: "How will people get into the portal?",
  text: "Klarna knows four ways. Keys and certificates are the same for all of them, and the way can be changed later.",
  here: "this computer",
  bridge: "login bridge",
  first: "Agree with Klarna first:",
  read: "Read at Klarna:",
  file: "Use a profile file…",
};

export const account = {
  title: "Which account is it?",
  text: "Live and test never mix: the account, the address, the API key and both certificates are checked against the environment.",
  environment: "Environment",
  account: "Account id at Klarna",
  accountSays: "Your own acquirer account, as Klarna shows it: krn:partner:global:account:test:…",
  user: "Your e-mail",
  userSays: "Links that you open for yourself carry it.",
  name: "Name of the profile",
  nameSays: "How you tell it from others here.",
  more: "Another address, proxy or certificate authority",
  url: "Address of the API",
  urlSays: "Only where Klarna gave you another one than it documents.",
  sandboxUrlSays: "Of a sandbox that is served; without one this folder's own is used.",
  host: "The host once more",
  hostSays: "It is not Klarna's documented address. Everything, the API key too, goes to this host.",
  proxy: "Proxy",
  proxySays: "system (as under Settings, Network), direct, or an address like http://proxy.example:3128.",
  ca: "Added certificate authority (PEM)",
  caSays: "Added to the usual ones, for this profile alone.",
  begin: "Begin the profile",
  beginning: "Beginning…",
  begun: "The profile is there. You can stop at any step and go on later.",
  saveProxy: "Save the proxy",
};

export const apiKey = {
  title: "Paste the API key",
  text: "Klarna gives it once, by a secure link. It goes straight into your key store, and one call that changes nothing proves it.",
  label: "API key",
  says: "It begins with klarna_test_api_ or klarna_live_api_. It is never shown again.",
  keep: "Keep the API key",
  keeping: "Trying the key at Klarna…",
  empty: "Paste the key first.",
  proved: "The API key is kept, and Klarna accepted it.",
  after_mtls:
    "The API key is kept. Klarna wants the mTLS certificate before it answers, so the first call will prove it.",
  not_asked: "The API key is kept, but Klarna could not be asked:",
  again: "Paste another one to replace it, or go on.",
};

export const key = {
  title: { mtls: "Make the connection key", "jwt-signing": "Make the signing key" } as Record<KeyUsage, string>,
  text: {
    mtls: "It proves on every connection that the caller is you. Klarna asks it of acquirers, and comes before everything else once it is enforced.",
    "jwt-signing":
      "It signs every portal link, and nothing else. The private half stays in your key store, or in a hardware token.",
  } as Record<KeyUsage, string>,
  make: "Make the key",
  making: "Making…",
  import: "Import a file…",
  sealed: "is sealed. Its passphrase:",
  open: "Open and import",
  made: "The key is in your key store.",
  madeOnToken: "The key is on the token and stays there.",
};

export const request = {
  title: "Signing request",
  titles: {
    mtls: "Signing request of the connection key",
    "jwt-signing": "Signing request of the signing key",
  } as Record<KeyUsage, string>,
  text: "Klarna makes the certificate from this request. It holds the public half and your account's name; it is no secret.",
  make: "Make the request",
  making: "Making…",
  send: "Send to Klarna",
  sending: "Waiting for Klarna…",
  copy: "Copy",
  copied: "Copied",
  save: "Save as…",
  saved: "Saved as",
  carry: "I carry it to Klarna",
  needsKey: "With an API key Gatehouse sends it by itself; without one, save it and give it to Klarna.",
  here: "The certificate is here already, so the request has done its work.",
};

export const certificate = {
  titles: {
    mtls: "Certificate of the connection key",
    "jwt-signing": "Certificate of the signing key",
  } as Record<KeyUsage, string>,
  text: "Paste what Klarna sent, open its file, or ask Klarna for it. Every rule is checked before it is installed.",
  label: "Certificate (PEM)",
  says: "From -----BEGIN CERTIFICATE----- to the end.",
  open: "Open a file…",
  ask: "Ask Klarna for it",
  asking: "Waiting for Klarna…",
  install: "Install the certificate",
  installing: "Installing…",
  checks: "What was checked",
  empty: "Paste the certificate first, or ask Klarna for it.",
};

export const dry = {
  title: "Sign something that is not sent",
  text: "Gatehouse signs a token with the signing key and verifies it with the certificate. Nothing leaves this computer.",
  sign: "Sign and verify",
  signing: "Signing…",
  holds: "The signature fits the certificate.",
};

export const call = {
  title: "Make a first call",
  text: "One call that changes nothing, with the API key and the client certificate. It shows what Klarna thinks of both.",
  make: "Call Klarna",
  making: "Waiting for Klarna…",
  status: "Klarna's answer",
  mtls: "Client certificate",
  ip: "This computer's address",
  untold: "not told",
  unrestricted: "not restricted",
};

export const merchants = {
  title: "Bring the first merchants",
  text: "Klarna has no list of them to ask for, so they come from you: a CSV or JSON file, or ids.",
  label: "Account ids, one a line",
  open: "Open a file…",
  import: "Import the ids",
  importing: "Importing…",
  empty: "Paste at least one id, or open a file.",
};

export const end = {
  title: "Ready",
  text: "Everything is in place. Search a merchant and press Enter.",
  bridge:
    "This way in is served by the login bridge, a web service of yours: Settings, Login bridge says how to begin. Links from here work too, with the same keys.",
  waits: "Portals can be opened once every step that is needed is done.",
  open: "Go to the merchants",
};

export const file = {
  title: "Use a profile file",
  text: "Somebody of your team exported it. It holds addresses and policies, and no secret: keys are made anew on this computer.",
  choose: "Choose a file…",
  signer: "Signed by",
  trusted: "You have trusted this signer before.",
  compare: "Compare this fingerprint with whoever sent the file, by telephone or in person.",
  compared: "It is the same fingerprint",
  take: "Use this profile",
  taking: "Checking…",
  name: "Another name for it",
  nameSays: "Only if the name is taken here.",
  untold: "Compare the fingerprint first.",
  taken: "The profile is here. What is still missing stands at the left; keys are made on this computer.",
};

export const lost = {
  offer: "The keys are lost…",
  title: "Record that the keys are lost?",
  text: "Only if the keyring's item is gone for good: a keyring that is locked or another user's is not lost. The profile's keys count as destroyed from then on, and set-up makes new ones with new certificates.",
  verb: "Record the loss",
};
