/**
 * Made-up set-up states, keys and certificates for tests and pictures.
 * Absent on purpose: real keys; the texts only look like PEM.
 */
import { profileOf } from "./fake_data";
import type {
  AtKlarnaView,
  CredentialView,
  Environment,
  ExpiryView,
  KeyLifeView,
  KeysView,
  KeyUsage,
  MethodView,
  ProfileFileView,
  StepName,
  StepView,
} from "./types";

export const STEPS: readonly StepName[] = [
  "method",
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
];

/** What a step says once it is done. */
const DONE: Record<StepName, string> = {
  method: "Deep link",
  api_key: "In the key store; Klarna accepted it.",
  mtls_key: "0hJ2k-Qm4vT8, active.",
  mtls_request: "Made, in the name LYABCDEI.",
  mtls_certificate: "In use, 1095 days left.",
  signing_key: "v9Xw1-Rr7pLs, active.",
  signing_request: "Made, in the name LYABCDEI.",
  signing_certificate: "In use, 1095 days left.",
  dry_signature: "The signature fits the certificate.",
  first_call: "Klarna answered 200; client certificate: VALID; address: not restricted.",
  merchants: "412 merchants.",
};

/** Every step, the first `done` of them done. */
export function stepsAt(done: number, failed: string | null): StepView[] {
  return STEPS.map((step, place): StepView => {
    if (place < done) return { step, state: "done", detail: DONE[step], hint: "" };
    if (place > done) return { step, state: place === 10 ? "ready" : "blocked", detail: "", hint: "" };
    return { step, state: failed ? "failed" : "ready", detail: failed ?? "", hint: failed ? "Try it again." : "" };
  });
}

export const METHODS: readonly MethodView[] = [
  {
    method: "deep_link",
    title: "Deep link",
    fits: "People start from your side: Gatehouse makes a one-time link and opens the portal, without a password. Klarna recommends it.",
    agree:
      "Ask for an API key of the account. Confirm whom your staff's links stand for and which roles may be asked for.",
    pages: [
      { page: "deep_link", title: "Deep link and button" },
      { page: "api_credentials", title: "API keys" },
      { page: "mtls", title: "Certificates and mTLS" },
    ],
    onThisComputer: true,
  },
  {
    method: "button",
    title: '"Continue with ..." button',
    fits: "People start on Klarna's login page and sign in with you. It uses the same signed links.",
    agree: "Give your public login address to your technical contact at Klarna, who puts it behind the button.",
    pages: [
      { page: "deep_link", title: "Deep link and button" },
      { page: "overview", title: "Ways into the portal" },
    ],
    onThisComputer: false,
  },
  {
    method: "user_access",
    title: "User access",
    fits: "People need an account of their own for weeks or months, or you have no portal of your own.",
    agree: "Ask for an API key of the account, and talk to your Klarna representative first.",
    pages: [
      { page: "alternatives", title: "Alternative methods: user access, SAML" },
      { page: "grant_access", title: "Granting access" },
    ],
    onThisComputer: true,
  },
  {
    method: "saml",
    title: "SAML identity provider",
    fits: "You run a sign-in of your own that can speak SAML 2.0, and people should come straight from it.",
    agree: "Klarna must set its side up: entity id, sign-in address, signing certificate and attributes.",
    pages: [
      { page: "alternatives", title: "Alternative methods: user access, SAML" },
      { page: "overview", title: "Ways into the portal" },
    ],
    onThisComputer: false,
  },
];

/** What looks like a PEM document of a kind. */
export function pemOf(kind: string): string {
  const line = "MIIBCzCBsgIBADATMREwDwYDVQQDDAhMWUFCQ0RFSTBZMBMGByqGSM49AgEGCCqG";
  return `-----BEGIN ${kind}-----\n${Array.from({ length: 6 }, () => line).join("\n")}\n-----END ${kind}-----\n`;
}

export const PROFILE_FILE: ProfileFileView = {
  file: "LYABCDEI.gatehouse-profile.json",
  profile: profileOf("test"),
  signer: "9f2c41d07a5be3886a1f0c55d2e94b7731c8ad90e6f24b1d5a03c7718e62fb4c",
  trusted: false,
  madeAt: "2026-11-02T09:14:00Z",
};

const DAY = 86_400_000;

/** A key at a place in its life. */
export function lifeOf(
  usage: KeyUsage,
  state: KeyLifeView["state"],
  environment: Environment,
  now: number,
): KeyLifeView {
  const profile = profileOf(environment);
  const certificate = usage === "mtls" ? profile.mtls : profile.signing;
  const old = state === "retiring" || state === "destroyed";
  const has = state === "active" || old;
  return {
    keyId: `${usage === "mtls" ? "0hJ2kQm4" : "v9Xw1Rr7"}${state.slice(0, 3)}-u3Gd8sKq1ZpYtB6nVcE5wJxLrM2oHfDa`,
    usage,
    state,
    token: null,
    hasRequest: state !== "generated",
    credentialId: has ? `krn:partner:global:account:credential:client-certificate:${state}` : null,
    generatedAt: now - 340 * DAY,
    requestedAt: state === "generated" ? null : now - 340 * DAY,
    installedAt: has ? now - 339 * DAY : null,
    activeAt: has ? now - 339 * DAY : null,
    retiringAt: old ? now - 2 * DAY : null,
    revokedFrom: state === "destroyed" ? now - DAY : null,
    destroyedAt: state === "destroyed" ? now - DAY / 2 : null,
    certificate: has ? certificate : null,
  };
}

export function warningsOf(environment: Environment, now: number): ExpiryView[] {
  if (environment !== "live") return [];
  return [
    {
      profile: profileOf(environment).name,
      subject: "certificate/v9Xw1Rr7",
      message: "The JWT_SIGNING certificate ends in 23 days.",
      daysLeft: 23,
      endsAt: now + 23 * DAY,
    },
  ];
}

/** The keys of a made-up profile; a live one is in the middle of a rotation. */
export function keysOf(environment: Environment, now: number): KeysView {
  const life = (usage: KeyUsage, state: KeyLifeView["state"]): KeyLifeView => lifeOf(usage, state, environment, now);
  const more = environment === "live" ? [life("mtls", "retiring"), life("jwt-signing", "destroyed")] : [];
  const { name, account, accountName } = profileOf(environment);
  return {
    profile: { name, environment, account, accountName },
    keyStore: "keyring",
    keys: [life("jwt-signing", "active"), life("mtls", "active"), ...more],
    apiKey: {
      proved: true,
      setAt: now - 340 * DAY,
      usedAt: now - 3 * DAY,
      idleAt: now + 56 * DAY,
      waitsForNext: false,
    },
    warnings: warningsOf(environment, now),
  };
}

/** An API key in Klarna's list. */
export const apiKeyOf = (more: Partial<CredentialView>, createdAt: number): CredentialView => ({
  ...{ kind: "api_key", id: null, description: null, state: "ACTIVE", usage: null, createdAt },
  ...{ expiresAt: null, endedAt: null, keyId: null, inUse: false },
  ...more,
});

/** What Klarna is pretended to hold. */
export function heldOf(now: number): AtKlarnaView {
  const line = (more: Partial<CredentialView>): CredentialView => ({
    ...{ kind: "certificate", id: null, description: null, state: "ACTIVE", usage: null, createdAt: now - 340 * DAY },
    ...{ expiresAt: null, endedAt: null, keyId: null, inUse: false },
    ...more,
  });
  const id = (kind: string, tail: string): string => `krn:partner:global:account:credential:${kind}:${tail}`;
  const certificate = { expiresAt: now + 755 * DAY };
  return {
    credentials: [
      line({
        ...certificate,
        id: id("client-certificate", "1"),
        usage: "JWT_SIGNING",
        description: "Gatehouse JWT SIGNING",
        ...{ keyId: "v9Xw1Rr7", inUse: true },
      }),
      line({
        ...certificate,
        id: id("client-certificate", "2"),
        usage: "MTLS",
        description: "Gatehouse MTLS",
        ...{ keyId: "0hJ2kQm4", inUse: true },
      }),
      line({
        ...certificate,
        id: id("client-certificate", "3"),
        usage: "MTLS",
        description: "Old laptop",
        endedAt: now - 9 * DAY,
      }),
      apiKeyOf({ id: id("api-key", "4"), description: "Workstation <Malmö>" }, now - 340 * DAY),
    ],
    ...{ enforcement: "ENFORCED", enforcedFrom: now - 30 * DAY, enforcementProblem: null },
    ...{ addressMode: "NOT_ENABLED", allowed: [], addressProblem: null },
  };
}
