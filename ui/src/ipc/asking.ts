/**
 * Acts that need a passphrase first: of the sealed key file, or of the app lock where a risky deed is confirmed. The person is asked, and
 * the act goes on. Rust refuses before it begins anything, so going on is the same act and not a second one.
 * Absent on purpose: the passphrase, which goes from the field to Rust; and asking for what nobody pressed (looks, warm connections).
 */
import type { Backend } from "./backend";
import { toCommandError } from "./problem";

/** Asks the person; answers whether the act may go on. With a deed, that one deed is to be confirmed. */
export type Ask = (deed?: string) => Promise<boolean>;

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
  auditVerify: "",
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
  credentialsList: "",
  apiKeyCreate: "change_keys",
  credentialRename: "",
  credentialEnd: "change_keys",
  enforcementSet: "change_keys",
  secretApiKey: "change_keys",
  secretKeyPassphrase: "change_keys",
} as const satisfies Partial<Record<keyof Backend, string>>;

let ask: Ask = () => Promise.resolve(false);
let asked: Promise<boolean> | null = null;

/** Says how the person is asked; the window does, once it stands. */
export function askWith(how: Ask): void {
  ask = how;
}

/** Does what somebody pressed. Two acts that need the key file at once ask once; each risky deed asks for itself. */
export async function asking<T>(act: () => Promise<T>, deed = ""): Promise<T> {
  try {
    return await act();
  } catch (thrown) {
    const { code } = toCommandError(thrown);
    if (code === "confirmation_needed" && deed) {
      if (!(await ask(deed))) throw thrown;
      return act();
    }
    if (code !== "passphrase_needed") throw thrown;
    asked ??= ask().finally(() => (asked = null));
    if (!(await asked)) throw thrown;
    return act();
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
