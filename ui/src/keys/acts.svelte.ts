/**
 * The acts on keys: asked first where they cannot be undone; what Rust answers is what is shown.
 * Absent on purpose: rules. Which key may end is Rust's to say.
 */
import { backend } from "#backend";
import { dialogs, notices } from "../frame/dialogs.svelte";
import { invalidate } from "../frame/queries";
import type { KeyLifeView } from "../ipc/backend";
import { lost } from "../setup/messages";
import { wizard } from "../setup/wizard.svelte";
import { destroy, lostToken, retire } from "./messages";

async function tried(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (thrown) {
    notices.failed(thrown);
    return false;
  } finally {
    invalidate(["profile"]);
  }
}

function ask(words: { title: string; text: string; verb: string }, act: () => Promise<unknown>): void {
  const { title, text, verb } = words;
  dialogs.open({ kind: "confirm", question: { title, text, verb, act: async () => void (await tried(act)) } });
}

export const retireKey = (profile: string, { usage, credentialId }: KeyLifeView): void =>
  ask(retire, () => backend.keyRetire(profile, usage, credentialId));

export function destroyKey(profile: string, key: KeyLifeView): void {
  const active = key.state === "active";
  const gone = key.token ? destroy.textToken : destroy.text;
  ask({ ...destroy, text: active ? destroy.textActive : gone }, () =>
    backend.keyDestroy(profile, key.keyId, active, false),
  );
}

export const giveUp = (profile: string, { keyId }: KeyLifeView): void =>
  ask(lostToken, () => backend.keyDestroy(profile, keyId, true, true));

export const declareLost = (profile: string): void =>
  ask(lost, async () => {
    await backend.keysLost(profile);
    wizard.goOn(profile);
  });
