/**
 * Ending sessions. A second press while one is being ended does nothing; a refusal is told in the notice line.
 * Absent on purpose: taking the session off the screen; Rust says what became of it.
 */
import { backend } from "#backend";
import { dialogs, notices } from "../frame/dialogs.svelte";
import type { SessionView } from "../ipc/backend";
import { clockTime, plural } from "../lib/format";

const ending = new Set<string>();

export async function endSession(session: SessionView): Promise<void> {
  if (ending.has(session.id)) return;
  ending.add(session.id);
  try {
    const { revokedAt, outBy } = await backend.sessionRevoke(session.id);
    if (revokedAt !== null && outBy !== null)
      notices.say(`${session.merchantName}: accepted ${clockTime(revokedAt)}. Certainly out by ${clockTime(outBy)}.`);
  } catch (thrown) {
    notices.failed(thrown);
  } finally {
    ending.delete(session.id);
  }
}

/** Asks first: this ends what other people may be working in. */
export function endAll(live: number): void {
  const sessions = plural(live, "session");
  dialogs.open({
    kind: "confirm",
    question: {
      title: `End ${sessions}?`,
      text: `Klarna is asked to end ${live === 1 ? "it" : `all ${live}`}. Whoever is signed in is out within five minutes; each portal can be opened again.`,
      verb: `End ${sessions}`,
      act: runEndAll,
    },
  });
}

async function runEndAll(): Promise<void> {
  try {
    const { revoked, failed } = await backend.sessionsRevokeAll();
    const accepted = `${plural(revoked, "revocation")} accepted.`;
    notices.say(failed ? `${accepted} ${failed} refused; see the log.` : accepted, failed > 0);
  } catch (thrown) {
    notices.failed(thrown);
  }
}
