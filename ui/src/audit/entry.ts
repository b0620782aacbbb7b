/**
 * An entry of the log as other screens meet it: which act it is of, which customer token it names, and the way to it.
 * Absent on purpose: judging an entry; Rust verifies the log.
 */
import { backend } from "#backend";
import { notices } from "../frame/dialogs.svelte";
import { term } from "./query";
import { lookUp } from "./views.svelte";

/** What an entry's bytes say of these two; null where it does not say it. */
export function namedIn(bytes: string): { act: string | null; token: string | null } {
  try {
    const entry = JSON.parse(bytes) as { act?: unknown; kind?: unknown; request?: { token?: unknown } };
    const ours = typeof entry.kind === "string" && /^(token|linking)\./.test(entry.kind);
    const token = ours ? entry.request?.token : null;
    return {
      act: typeof entry.act === "string" ? entry.act : null,
      token: typeof token === "number" && Number.isSafeInteger(token) ? String(token) : null,
    };
  } catch {
    return { act: null, token: null };
  }
}

/** Goes to the log, to the act that an entry is of. */
export async function showEntry(seq: number): Promise<void> {
  try {
    const { act } = namedIn((await backend.auditEntry(seq)).bytes);
    if (act) lookUp(term("id", act));
    else notices.say("The entry names no act, so it cannot be looked up.", true);
  } catch (thrown) {
    notices.failed(thrown);
  }
}

/** Goes to the vault, to the token that an entry names. */
export async function showTokenOf(id: string): Promise<void> {
  try {
    const row = await backend.tokenShow(id);
    const { showToken } = await import("../tokens/acts");
    showToken(row);
  } catch (thrown) {
    notices.failed(thrown);
  }
}
