/** The words of the first screen. Absent on purpose: promises that the app does not keep. */
export const words = {
  title: "Enter a merchant's Klarna portal in one act",
  text: "Gatehouse keeps your signing key in this system's keyring, opens a portal with a link made that moment, and writes every act into a log that can be checked.",
  sandbox: "Try the sandbox",
  sandboxText:
    "A simulated Klarna on this computer, as strict as the real one. Ready in about three seconds, with 1,000 merchants:",
  trySandbox: "Try the sandbox",
  starting: "Starting…",
  klarna: "Connect to Klarna",
  klarnaText: "About ten minutes, once. You will need:",
  klarnaHow: "Every step is checked, and you can stop at any of them and go on later.",
  klarnaFile: "Profile file…",
  kept: "Everything is kept in",
  sealOffer: "Keep keys in a file sealed with a passphrase…",
  sealWhen: "No keyring, or not for this?",
  sealAfter: "Or, without a keyring:",
};

/** Of the dialog that chooses a passphrase. */
export const sealing = {
  title: "Keep keys in a sealed file",
  text: "The keys and the log's anchor go to keys.sealed in the data folder instead of this system's keyring. This is chosen once for a data folder. Nobody can open the file without the passphrase, and nobody can give you a new one.",
  first: "Passphrase",
  second: "The same again",
  says: "Asked for once in each run of Gatehouse, by the first act that needs a key.",
  differs: "The two are not the same. Type the second one again.",
  sealAndTry: "Seal the file and try the sandbox",
  sealAndBegin: "Seal the file and begin",
};

/** Of the dialog that asks for the passphrase. */
export const opening = {
  title: "Open the key file",
  text: "This needs a key, and the keys are in a file sealed with a passphrase. It stays open until Gatehouse is closed.",
  label: "Passphrase",
  says: "What you were doing goes on afterwards.",
  wrong: "This passphrase does not open the file. Nothing was changed; type it again.",
  empty: "Type the passphrase that the file was made with.",
  open: "Open key file",
  opening: "Opening…",
};

/** Of the dialog that asks for a hardware token's PIN. */
export const unlocking = {
  title: "Unlock the token",
  text: "This needs the signing key, which is on a hardware token. A few wrong PINs in a row lock the token.",
  label: "PIN",
  says: "It is kept until Gatehouse locks or is closed, and never stored.",
  wrong: "",
  empty: "Type the token's PIN.",
  open: "Unlock",
  opening: "Unlocking…",
};

export const given: readonly string[] = [
  "keys and certificates of its own, made for you",
  "portals that open, sessions that end, a log that verifies",
  "no account and no credential",
];

export const needed: readonly string[] = [
  "your acquirer account's id at Klarna",
  "an API key for test or live",
  "somebody at Klarna to sign two certificate requests",
  "a CSV or JSON file of your merchants",
];

export const promises: readonly string[] = [
  "Secrets go to this system's keyring, or to a file that you seal, and nowhere else.",
  "Nothing is sent anywhere but to Klarna: no account, no telemetry, no update check.",
];

/** Of the same dialog where it confirms one risky deed. */
export const confirming: typeof opening = {
  title: "Confirm with your passphrase",
  text: "Keys, copied links, many sessions and persons are confirmed each time, although Gatehouse is unlocked.",
  label: "Passphrase of the app lock",
  says: "It is used for this one act and kept nowhere.",
  wrong: "This is not the app lock's passphrase. Nothing was done; type it again.",
  empty: "Type the passphrase that unlocks Gatehouse.",
  open: "Confirm",
  opening: "Checking…",
};
