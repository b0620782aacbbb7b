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
  klarnaHow: "Test and live profiles come with the next version. What you do in the sandbox works the same there.",
  kept: "Everything is kept in",
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
  "Secrets go to this system's keyring and nowhere else.",
  "Nothing is sent anywhere but to Klarna: no account, no telemetry, no update check.",
];
