/**
 * The views of set-up, keys and profile files that cross IPC, as the contract names them.
 * Written by hand as the UI's own words; `tauri.ts` proves at compile time that the generated bindings fit them.
 * Absent on purpose: the API key and private keys. The one goes in and never comes back, the others never leave Rust.
 */
import type { CommandError } from "./backend";
import type { Environment, KeyCheck, KeyView, ProfileRow } from "./types";

export type StepName =
  | "method"
  | "api_key"
  | "mtls_key"
  | "mtls_request"
  | "mtls_certificate"
  | "signing_key"
  | "signing_request"
  | "signing_certificate"
  | "dry_signature"
  | "first_call"
  | "merchants";
export type StepStanding = "done" | "ready" | "waiting" | "blocked" | "failed";
export type MethodName = "deep_link" | "button" | "user_access" | "saml";
export type KeyUsage = "jwt-signing" | "mtls";
export type KeyState = "generated" | "requested" | "active" | "retiring" | "destroyed";
export type ApiKeyProof = "proved" | "after_mtls" | "not_asked";

export interface StepView {
  step: StepName;
  state: StepStanding;
  detail: string;
  hint: string;
}

/** A page of Klarna's documentation, by name; its address is Rust's own. */
export type PageName = "deep_link" | "alternatives" | "overview" | "grant_access" | "mtls" | "api_credentials";

export interface MethodView {
  method: MethodName;
  title: string;
  fits: string;
  agree: string;
  pages: { page: PageName; title: string }[];
  onThisComputer: boolean;
}

export interface SetupView {
  profile: ProfileRow;
  user: string;
  apiUrl: string;
  unusualAddress: boolean;
  proxy: string;
  method: MethodName | null;
  keyStore: "keyring" | "file";
  active: boolean;
  steps: StepView[];
  next: StepName | null;
  ready: boolean;
}

export interface BeginRequest {
  name: string;
  environment: Environment;
  account: string;
  user: string;
  apiUrl: string | null;
  trustedHost: string | null;
  caPem: string | null;
  proxy: string | null;
  method: MethodName;
}

export interface ApiKeyTaken {
  proof: ApiKeyProof;
  problem: CommandError | null;
  setup: SetupView;
}

export interface FirstCallView {
  http: number;
  mtls: string | null;
  ip: string | null;
  setup: SetupView;
}

export interface PublicFile {
  file: string;
  pem: string;
}

export interface ProfileFileView {
  file: string;
  profile: ProfileRow;
  signer: string;
  trusted: boolean;
  madeAt: string;
}

export interface TakeInRequest {
  name: string | null;
  user: string;
  trust: string | null;
}

export interface ExportView {
  file: string;
  signer: string;
}

export interface ExpiryView {
  profile: string;
  subject: string;
  message: string;
  daysLeft: number;
  endsAt: number;
}

/** A hardware token as a key's place. */
export interface TokenView {
  label: string;
  serial: string;
}

/** A hardware token that is plugged in; `unusable` and `warning` are sentences. */
export interface HardwareTokenView extends TokenView {
  model: string;
  unusable: string | null;
  warning: string | null;
}

/** A PKCS#11 module and the tokens that it sees, or why it cannot be used. */
export interface ModuleTokensView {
  module: string;
  tokens: HardwareTokenView[];
  failure: string | null;
}

export interface KeyLifeView {
  keyId: string;
  usage: KeyUsage;
  state: KeyState;
  /** The hardware token that holds the private half; null for one in the key store. */
  token: TokenView | null;
  hasRequest: boolean;
  credentialId: string | null;
  generatedAt: number;
  requestedAt: number | null;
  installedAt: number | null;
  activeAt: number | null;
  retiringAt: number | null;
  revokedFrom: number | null;
  destroyedAt: number | null;
  certificate: KeyView | null;
}

export interface ApiKeyStanding {
  proved: boolean;
  setAt: number;
  usedAt: number | null;
  idleAt: number;
  waitsForNext: boolean;
}

export interface KeysView {
  profile: ProfileRow;
  keyStore: "keyring" | "file";
  keys: KeyLifeView[];
  apiKey: ApiKeyStanding | null;
  warnings: ExpiryView[];
}

export interface RequestView {
  pem: string;
  setup: SetupView;
}

export interface KeyFileView {
  file: string;
  sealed: boolean;
  setup: SetupView;
}

export interface RotatedView {
  keyId: string;
  switched: boolean;
  request: string | null;
  retiring: string | null;
}

/** Every rule that a certificate was judged by. */
export type Judged = KeyCheck[];

export type CredentialKind = "certificate" | "api_key";

/** What is to become of calls without client certificate. */
export type Demand = "now" | "from" | "report";

export interface CredentialView {
  kind: CredentialKind;
  id: string | null;
  description: string | null;
  state: string | null;
  usage: string | null;
  createdAt: number | null;
  expiresAt: number | null;
  endedAt: number | null;
  keyId: string | null;
  inUse: boolean;
}

/** An API key that Klarna made; its description is that of the first request where one was repeated. */
export interface NewApiKeyView {
  credentialId: string;
  description: string;
  before: string | null;
  repeated: boolean;
}

export interface AtKlarnaView {
  credentials: CredentialView[];
  enforcement: string | null;
  enforcedFrom: number | null;
  enforcementProblem: CommandError | null;
  addressMode: string | null;
  allowed: string[];
  addressProblem: CommandError | null;
}
