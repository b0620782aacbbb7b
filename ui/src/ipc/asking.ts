/**
 * Acts on a data folder whose keys are in a sealed file: where Rust says that it needs the passphrase, the person is asked, and the act goes on.
 * Rust refuses before it begins anything, so going on is the same act and not a second one.
 * Absent on purpose: the passphrase, which goes from the field to Rust; and asking for what nobody pressed (looks, warm connections).
 */
import type { Backend } from "./backend";
import { toCommandError } from "./problem";

/** Asks the person; answers whether the file is open now. */
export type Ask = () => Promise<boolean>;

const ACTS = [
  "profileTrySandbox",
  "settingsSave",
  "merchantRefresh",
  "merchantsImport",
  "portalOpen",
  "portalCopyLink",
  "sessionRevoke",
  "sessionsRevokeAll",
  "sessionReopen",
  "auditVerify",
  "setupBegin",
  "setupMethod",
  "setupProxy",
  "setupDrySignature",
  "setupFirstCall",
  "setupMerchants",
  "setupMerchantIds",
  "profileExport",
  "profileFileImport",
  "keyCreate",
  "keyImport",
  "keyRequest",
  "keyRequestSave",
  "keyCertificateAsk",
  "keyCertificateInstall",
  "keyRotate",
  "keyRetire",
  "keyDestroy",
  "keysLost",
  "credentialsList",
  "credentialRename",
  "credentialEnd",
  "secretApiKey",
  "secretKeyPassphrase",
] as const satisfies readonly (keyof Backend)[];

let ask: Ask = () => Promise.resolve(false);
let asked: Promise<boolean> | null = null;

/** Says how the person is asked; the window does, once it stands. */
export function askWith(how: Ask): void {
  ask = how;
}

/** Does what somebody pressed. Two acts that need the passphrase at once ask once. */
export async function asking<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (thrown) {
    if (toCommandError(thrown).code !== "passphrase_needed") throw thrown;
    asked ??= ask().finally(() => (asked = null));
    if (!(await asked)) throw thrown;
    return act();
  }
}

/** Lets every act of a backend ask. */
export function askingForPassphrase(backend: Backend): Backend {
  const methods = backend as unknown as Record<string, (...given: unknown[]) => Promise<unknown>>;
  for (const name of ACTS) {
    const act = methods[name]?.bind(backend);
    if (act) methods[name] = (...given) => asking(() => act(...given));
  }
  return backend;
}
