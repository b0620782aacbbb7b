/**
 * What Rust last said about the app as a whole: profile, counts, keyring, alarm. Asked again when Rust says that it changed.
 * Absent on purpose: any fact of the window's own making.
 */
import { backend } from "#backend";
import type { AppStateView, Environment, ProfileView } from "../ipc/backend";
import { firstState } from "../ipc/first";
import { toProblem, type Problem } from "../ipc/problem";
import { applyTheme } from "./theme";

class App {
  state: AppStateView | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  private asked = 0;

  get environment(): Environment | null {
    return this.state?.active?.environment ?? null;
  }

  /** Takes the answer that was asked for before the first picture. */
  start(): void {
    if (firstState instanceof Promise) void this.take(firstState);
    else this.show(firstState);
  }

  /** Asks again; an older answer never overwrites a newer one. */
  refresh(): Promise<void> {
    return this.take(backend.appState());
  }

  private async take(answer: Promise<AppStateView>): Promise<void> {
    const mine = (this.asked += 1);
    try {
      const state = await answer;
      if (mine !== this.asked) return;
      this.show(state);
    } catch (thrown) {
      if (mine === this.asked) this.problem = toProblem(thrown);
    }
  }

  private show(state: AppStateView): void {
    this.state = state;
    this.problem = null;
    applyTheme(state.theme);
  }
}

/** The profile's name where a portal cannot be opened yet, because a certificate is missing. */
export function unfinishedOf(active: ProfileView | null | undefined): string | null {
  if (!active) return null;
  const fit = active.mtls !== null && (active.signing !== null || active.unsignedAllowed);
  return fit ? null : active.name;
}

export const app = new App();
