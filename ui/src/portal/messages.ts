/** The words of opening and of sessions. Revocation is never "done": what is known and by when it bites. */
import type { SessionView } from "../ipc/backend";

export const words = {
  open: "Open portal",
  openAs: "Open as…",
  copyLink: "Copy link",
  end: "End",
  reopen: "Reopen",
  endAll: "End all",
  waitingFor: "waiting for your keyring and the log",
  sessions: "Sessions",
  emptyTitle: "No portal sessions",
  emptyText: "When you open a merchant's portal, its session stands here with its clock until it has ended.",
  emptyAct: "Find a merchant",
  unsigned: "unsigned link",
};

export const endedWords: Record<NonNullable<SessionView["ended"]>, string> = {
  expired: "Ran out",
  revoked: "Revoked",
  link_not_used: "Link was not used",
};
