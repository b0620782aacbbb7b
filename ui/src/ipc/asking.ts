/**
 * Acts that need something of a person first: the sealed key file's passphrase, a hardware token's PIN, or the app lock's passphrase
 * where a risky deed is confirmed. The person is asked, and the act goes on. Rust refuses before it begins anything, so going on is the same act and not a second one.
 * Absent on purpose: passphrase and PIN, which go from the field to Rust; and asking for what nobody pressed (looks, warm connections).
 */
import type { Backend } from "./backend";
import { toCommandError } from "./problem";

/** What is asked for; a deed is one that is to be confirmed. */
export type Need = { kind: "file" } | { kind: "pin" } | { kind: "deed"; deed: string };

/** Asks the person; answers whether the act may go on. */
export type Ask = (need: Need) => Promise<boolean>;

/** What somebody pressed, and the deed that Rust may want confirmed (crates/core/src/person/deed.rs). */
const ACTS = {
  profileTrySandbox: "",
  settingsSave: "",
  merchantRefresh: "",
  merchantsImport: "",
  portalOpen: "",
  portalCopyLink: "copy_link",
  sessionRevoke: "",
  sessionsRevokeAll: "revoke_all_sessions",
  sessionReopen: "",
  planOpen: "",
  planPaste: "",
  planRevocations: "",
  planApprove: "approve_plan",
  planApply: "apply_plan",
  accessDeclare: "",
  accessGrant: "",
  accessRevoke: "",
  reviewStart: "",
  reviewDecide: "",
  reviewExportTask: "",
  reviewImport: "",
  reviewHandIn: "",
  reviewSignOff: "sign_review",
  reviewPlan: "",
  reviewConclude: "",
  reviewExport: "",
  linkingTermsAccept: "",
  linkingStart: "",
  linkingOpen: "",
  secretLinkingUpdate: "",
  secretLinkingLogin: "change_keys",
  secretLinkingOrder: "charge_token",
  tokenCheck: "",
  tokenCopy: "copy_token",
  tokenRevoke: "revoke_token",
  tokenCreate: "",
  tokenCharge: "charge_token",
  tokenConsentOpen: "",
  tokenConsentCancel: "",
  tokenConsentFinalise: "charge_token",
  tokensImport: "",
  tokensReconcile: "",
  tokensImportPlan: "",
  tokensProve: "charge_token",
  tokensScenarios: "charge_token",
  secretWebhookTake: "",
  secretTokenFind: "",
  secretTokenAdd: "",
  auditVerify: "",
  auditSignOff: "",
  auditExport: "export_log",
  auditWitnessAsk: "",
  auditWitnessSign: "",
  auditWitnessTrust: "",
  auditWitnessTake: "",
  auditBackup: "",
  personAdd: "manage_persons",
  personRoles: "manage_persons",
  personRemove: "manage_persons",
  setupBegin: "",
  setupMethod: "",
  setupProxy: "",
  setupDrySignature: "",
  setupFirstCall: "",
  setupMerchants: "",
  setupMerchantIds: "",
  profileExport: "",
  profileFileImport: "",
  keyCreate: "change_keys",
  keyImport: "change_keys",
  keyRequest: "",
  keyRequestSave: "",
  keyCertificateAsk: "change_keys",
  keyCertificateInstall: "change_keys",
  keyRotate: "change_keys",
  keyRetire: "change_keys",
  keyDestroy: "change_keys",
  keysLost: "change_keys",
  hardwareTokens: "",
  hardwareModuleAdd: "change_keys",
  hardwareKeyCreate: "change_keys",
  credentialsList: "",
  apiKeyCreate: "change_keys",
  credentialRename: "",
  credentialEnd: "change_keys",
  enforcementSet: "change_keys",
  networkProxy: "",
  networkCaAdd: "",
  networkCaRemove: "",
  bridgeChoose: "",
  bridgeForget: "",
  bridgeRules: "",
  bridgeTableBegin: "",
  bridgeRow: "",
  bridgeSave: "",
  secretProxySignIn: "",
  secretApiKey: "change_keys",
  secretKeyPassphrase: "change_keys",
} as const satisfies Partial<Record<keyof Backend, string>>;

let ask: Ask = () => Promise.resolve(false);
const asked = new Map<string, Promise<boolean>>();

/** Says how the person is asked; the window does, once it stands. */
export function askWith(how: Ask): void {
  ask = how;
}

/** What a refusal asks for: the sealed file's passphrase, a token's PIN, or the confirmation of a deed. */
function needOf(code: string, deed: string): Need | null {
  if (code === "passphrase_needed") return { kind: "file" };
  if (code === "hardware_pin") return { kind: "pin" };
  return code === "confirmation_needed" && deed ? { kind: "deed", deed } : null;
}

/** Two acts that need the same file or token at once ask once; each risky deed asks for itself. */
function granted(need: Need): Promise<boolean> {
  if (need.kind === "deed") return ask(need);
  const waiting = asked.get(need.kind) ?? ask(need).finally(() => asked.delete(need.kind));
  asked.set(need.kind, waiting);
  return waiting;
}

/** Does what somebody pressed; what it needs is asked for, each thing once. */
export async function asking<T>(act: () => Promise<T>, deed = ""): Promise<T> {
  const met = new Set<string>();
  for (;;) {
    try {
      return await act();
    } catch (thrown) {
      const need = needOf(toCommandError(thrown).code, deed);
      if (!need || met.has(need.kind) || !(await granted(need))) throw thrown;
      met.add(need.kind);
    }
  }
}

/** Lets every act of a backend ask. */
export function askingForPassphrase(backend: Backend): Backend {
  const methods = backend as unknown as Record<string, (...given: unknown[]) => Promise<unknown>>;
  for (const [name, deed] of Object.entries(ACTS)) {
    const act = methods[name]?.bind(backend);
    if (act) methods[name] = (...given) => asking(() => act(...given), deed);
  }
  return backend;
}
