/**
 * What Rust says has changed, so that whatever shows it asks again.
 * Absent on purpose: the data itself.
 */
export type Topic =
  | "profile"
  | "merchants"
  | "sessions"
  | "access"
  | "tokens"
  | "runs"
  | "audit"
  | "settings"
  | "lock"
  /** What runs long with tokens; then a file that is held over the window, taken away, dropped. */
  | "jobs"
  | "over"
  | "away"
  | "dropped";

export interface Changed {
  topics: Topic[];
}
