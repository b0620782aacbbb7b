/**
 * The frame's words: rail, header, keys, waiting, failing.
 * Absent on purpose: words of the screens; each topic has its own file.
 */
import type { Environment, KeyringState, LogAlarmView } from "../ipc/backend";
import type { Screen } from "./screens";

export const screenNames: Record<Screen, string> = {
  merchants: "Merchants",
  sessions: "Sessions",
  people: "People",
  tokens: "Tokens",
  audit: "Audit",
  keys: "Keys",
  settings: "Settings",
};

export const environmentWords: Record<Environment, string> = { live: "LIVE", test: "TEST", sandbox: "SANDBOX" };

export const keyringWords: Record<KeyringState, string> = {
  ok: "Keyring ready",
  unknown: "Keyring not asked yet",
  absent: "No keyring on this system",
  locked: "Keyring locked",
  denied: "Keyring refused Gatehouse",
  slow: "Keyring slow to answer",
  crashed: "Keyring failed",
};

/** What the log's alarm is about, in a sentence before its own. */
export const alarmWords: Record<LogAlarmView["what"], string> = {
  anchor: "The log does not match its anchor.",
  entries: "The log is not as it was written.",
  signing_key: "A key was used beside the log.",
};

export const words = {
  search: "Search or run…",
  keys: "Keyboard",
  reconnecting: "Asking again…",
  retry: "Try again",
  copyReference: "Copy reference",
  copied: "Copied",
  close: "Close",
  cancel: "Cancel",
  running: "An act is running",
  unfinished: "Set-up is not finished, so no portal can be opened yet.",
  goOnSetup: "Go on with set-up",
};
