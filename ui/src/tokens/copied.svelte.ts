/**
 * Which token lies on the clipboard, and until when; the row and the pane drain with it. Rust puts it there and takes it away.
 * Absent on purpose: the token.
 */
class Copied {
  id: string | null = $state(null);
  until = $state(0);

  take(id: string, until: number): void {
    [this.id, this.until] = [id, until];
  }

  /** How much of the minute is left, from 1 to 0. */
  part(id: string, now: number): number {
    return id === this.id ? Math.max(0, Math.min(1, (this.until - now) / 60_000)) : 0;
  }
}

export const copied = new Copied();
