/**
 * Account linking as its screen sees it: terms, log-in, sessions, which one is chosen, and what this window did with it.
 * Absent on purpose: the authorization token, which stays in its field until it goes to Rust.
 */
import { backend } from "#backend";
import { asking } from "../ipc/asking";
import type { LinkedOrder, LinkingSession, LinkingTerms, PaymentsLogin } from "../ipc/backend";
import { toProblem, type Problem } from "../ipc/problem";

class Linking {
  terms: LinkingTerms | null = $state.raw(null);
  login: PaymentsLogin | null = $state.raw(null);
  /** Why the log-in is not known, such as a key file that is sealed. */
  loginProblem: Problem | null = $state.raw(null);
  sessions: readonly LinkingSession[] = $state.raw([]);
  problem: Problem | null = $state.raw(null);
  answered = $state(false);
  chosen: string | null = $state(null);
  /** The sessions whose purchase the browser came for. */
  opened: Record<string, true> = $state({});
  /** What became of the orders that were placed in this window. */
  orders: Record<string, LinkedOrder> = $state.raw({});
  private asked = 0;

  /** Whether a session can be started. */
  get ready(): boolean {
    return this.terms?.accepted === true && this.login !== null;
  }

  /** Whether something has to be set up before there is anything to see. */
  get setsUp(): boolean {
    return this.answered && this.sessions.length === 0 && !this.ready && this.loginProblem === null;
  }

  get index(): number {
    return Math.max(
      0,
      this.sessions.findIndex(({ id }) => id === this.chosen),
    );
  }

  get subject(): LinkingSession | null {
    return this.sessions[this.index] ?? null;
  }

  async load(): Promise<void> {
    const mine = (this.asked += 1);
    try {
      const [terms, sessions] = await Promise.all([backend.linkingTerms(), backend.linkingSessions(), this.look()]);
      if (mine !== this.asked) return;
      [this.terms, this.sessions, this.problem, this.answered] = [terms, sessions, null, true];
    } catch (thrown) {
      if (mine === this.asked) this.problem = toProblem(thrown);
    }
  }

  private async look(ask = false): Promise<void> {
    try {
      this.login = await (ask ? asking(() => backend.linkingLogin()) : backend.linkingLogin());
      this.loginProblem = null;
    } catch (thrown) {
      this.loginProblem = toProblem(thrown);
    }
  }

  /** Somebody pressed for it, so what the key store needs is asked for. */
  async retryLogin(): Promise<void> {
    await this.look(true);
  }

  choose(index: number): void {
    this.chosen = this.sessions[index]?.id ?? null;
  }

  /** A session that was just started or changed is shown at once. */
  take(session: LinkingSession): void {
    const rest = this.sessions.filter(({ id }) => id !== session.id);
    this.sessions = [session, ...rest].sort((one, other) => other.startedAt - one.startedAt);
    this.chosen = session.id;
  }

  placed(order: LinkedOrder): void {
    this.orders = { ...this.orders, [order.session.id]: order };
    this.take(order.session);
  }
}

export const linking = new Linking();
