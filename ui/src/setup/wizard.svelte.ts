/**
 * Whether set-up stands over the window, and whose. All of it but this is fetched when it is first opened.
 * Absent on purpose: how far somebody came; Rust computes that from facts each time.
 */
import type { ProfileRow } from "../ipc/backend";

export interface Wanted {
  /** The profile to go on with; null begins a new one. */
  profile: string | null;
  /** The page to begin with; null goes on with what comes next. */
  page: "api_key" | null;
  /** Begin with a profile file. */
  file: boolean;
}

class Wizard {
  wanted: Wanted | null = $state.raw(null);
  /** Whose set-up is shown, so that window and dialogs name its environment and not that of the profile in use. */
  profile: ProfileRow | null = $state.raw(null);

  /** Begins a new profile. */
  begin(file = false): void {
    this.wanted = { profile: null, page: null, file };
  }

  /** Goes on with a profile that was begun. */
  goOn(profile: string, page: Wanted["page"] = null): void {
    this.wanted = { profile, page, file: false };
  }

  close(): void {
    this.wanted = null;
    this.profile = null;
  }
}

export const wizard = new Wizard();
