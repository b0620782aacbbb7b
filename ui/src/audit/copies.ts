/**
 * The forms in which an act and its entries are copied.
 * Absent on purpose: changing an entry's exact bytes; the indented form is for reading and says nothing about hashes.
 */
import { backend } from "#backend";
import { notices } from "../frame/dialogs.svelte";
import type { EntryView } from "../ipc/backend";
import { copy } from "../lib/copy";
import { count } from "../lib/format";

async function put(text: string, what: string): Promise<void> {
  const done = await copy(text);
  notices.say(done ? `${what} copied.` : "The clipboard could not be written.", !done);
}

export const copyBytes = ({ seq, bytes }: EntryView): Promise<void> => put(bytes, `Exact bytes of #${count(seq)}`);

export const copyJson = ({ seq, bytes }: EntryView): Promise<void> => put(indented(bytes), `#${count(seq)} as JSON`);

export const copyQuery = (query: string): Promise<void> => put(query, "The question");

export async function copyProof(seq: number): Promise<void> {
  try {
    await put(await backend.auditProof(seq), `Proof of #${count(seq)}`);
  } catch (thrown) {
    notices.failed(thrown);
  }
}

/** The bytes with line breaks, for reading; bytes that are no JSON come back as they are. */
export function indented(bytes: string): string {
  try {
    return JSON.stringify(JSON.parse(bytes), null, 2);
  } catch {
    return bytes;
  }
}

/** The members of a private side row, each with its text. */
export function privateMembers(json: string): [string, string][] {
  try {
    const found: unknown = JSON.parse(json);
    if (typeof found !== "object" || found === null) return [["", json]];
    return Object.entries(found).map(([name, value]) => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
  } catch {
    return [["", json]];
  }
}
