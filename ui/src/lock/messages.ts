/** The words of the app lock and of persons and roles. */
import type { LockCause } from "../ipc/backend";

export const causeWords: Record<LockCause, string> = {
  start: "It is locked since it was started.",
  idle: "It locked itself because nobody used it.",
  absolute: "It locked itself because it was unlocked for long enough.",
  sleep: "It locked itself because this computer slept.",
  clock: "It locked itself because this computer's clock was set back.",
  asked: "You locked it.",
};

export const screen = {
  title: "Gatehouse is locked",
  kept: "What you had typed is still there.",
  label: "Passphrase",
  wrong: "That is not the passphrase. Type it again.",
  empty: "Type the passphrase.",
  unlock: "Unlock",
  unlocking: "Unlocking…",
  forgotten:
    "Forgotten? Nobody can restore it. The command gatehouse lock reset throws the locked keys away; each profile then needs new keys and certificates.",
};

export const security = {
  title: "Security",
  off: "No passphrase is set: whoever sits here can use your keys.",
  on: "Your keys lie sealed in the key store whenever Gatehouse is locked.",
  current: "Passphrase now",
  first: "New passphrase",
  again: "The same again",
  keep: "Leave both empty to keep the passphrase.",
  least: "At least 12 characters. Nobody can restore it.",
  idle: "Lock after minutes without use",
  absolute: "Lock after hours in all",
  set: "Set app lock",
  change: "Save changes",
  remove: "Remove app lock",
  now: "Lock now",
  differs: "The two are not the same.",
  saved: "Saved",
};

export const persons = {
  title: "Persons and roles",
  nobody: "Nobody is listed yet, so you have every role.",
  key: "Public key",
  keySays: "The text or the 64 digits that gatehouse person export gave your colleague.",
  name: "Name",
  add: "Add person",
  remove: "Remove",
  you: "you",
  compare: "Compare the fingerprint with the person, by telephone or face to face.",
};

export const roleWords: readonly { id: string; name: string; what: string }[] = [
  { id: "operator", name: "Operator", what: "Opens portals, ends sessions, keeps merchants" },
  { id: "approver", name: "Approver", what: "Approves plans of others" },
  { id: "reviewer", name: "Reviewer", what: "Reads and verifies the log" },
  { id: "administrator", name: "Administrator", what: "Profiles, keys, rules, persons, network" },
];
