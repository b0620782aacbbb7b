/**
 * Whether set-up stands over the window, and whose. All of it but this is fetched when it is first opened.
 * Absent on purpose: how far somebody came; Rust computes that from facts each time.
 */
export interface Wanted {
  /** The profile to go on with; null begins a new one. */
  profile: string | null;
  /** Begin with a profile file. */
  file: boolean;
}

class Wizard {
  wanted: Wanted | null = $state.raw(null);

  /** Begins a new profile. */
  begin(file = false): void {
    this.wanted = { profile: null, file };
  }

  /** Goes on with a profile that was begun. */
  goOn(profile: string): void {
    this.wanted = { profile, file: false };
  }

  close(): void {
    this.wanted = null;
  }
}

export const wizard = new Wizard();
