/** The words of the settings screen. */
import type { Theme } from "../ipc/backend";

export const themeWords: Record<Theme, string> = { system: "As the system", light: "Light", dark: "Dark" };

export const keyWords: Record<string, string> = {
  "jwt-signing": "Signing key",
  mtls: "Connection key (mTLS)",
};

export const storeWords = { keyring: "this system's keyring", file: "a passphrase-sealed file" } as const;

export const stateWords = { ok: "fine", warn: "look at it", bad: "does not work" } as const;
