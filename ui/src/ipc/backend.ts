/**
 * The seam between the window and Rust: everything the UI can ask for, and the two events it hears.
 * Two things implement it: `tauri.ts` (the app) and `fake.ts` (unit and page tests).
 * Absent on purpose: files, network, browser. The window has no other way out.
 */
import type * as T from "./types";
import type { ErrorCode } from "./error_codes";

export type * from "./types";
export type { ErrorCode } from "./error_codes";

/** What a command answers when it does not do what was asked. Nothing is recognised by its text. */
export interface CommandError {
  code: ErrorCode;
  message: string;
  hint: string;
  reference: string;
}

export type Stop = () => void;

export interface Backend {
  appState(): Promise<T.AppStateView>;
  profileTrySandbox(): Promise<T.ProfileView>;
  profileUse(name: string): Promise<T.ProfileView>;
  settingsSave(change: T.SettingsChange): Promise<T.ProfileView | null>;
  merchantsSearch(request: T.SearchRequest): Promise<T.SearchView>;
  /** The first rows of what the query most likely becomes with its next letter. */
  merchantsAhead(request: T.AheadRequest): Promise<T.Foreseen[]>;
  merchantDetail(id: string): Promise<T.MerchantDetail>;
  merchantPin(id: string, pinned: boolean): Promise<unknown>;
  merchantRefresh(id: string): Promise<T.MerchantRow>;
  merchantsImport(): Promise<T.ImportView | null>;
  portalWarm(): Promise<unknown>;
  portalOpen(request: T.OpenRequest): Promise<T.OpenView>;
  portalCopyLink(request: T.OpenRequest): Promise<T.OpenView>;
  sessionsList(): Promise<T.SessionView[]>;
  sessionRevoke(id: string): Promise<T.SessionView>;
  sessionsRevokeAll(): Promise<T.RevokedAll>;
  sessionReopen(id: string): Promise<T.OpenView>;
  auditActs(request: T.ActsRequest): Promise<T.ActsView>;
  auditEntry(seq: number): Promise<T.EntryView>;
  auditVerify(): Promise<T.VerifyView>;
  doctor(): Promise<T.DoctorView>;
  appReconcile(): Promise<T.ReconcileView>;
  /** Opens the sealed key file for as long as the app runs. The passphrase goes in and never comes back. */
  secretUnlock(passphrase: string): Promise<unknown>;
  /** Tries the sandbox with its secrets in a new file, sealed with this passphrase. */
  secretTrySandbox(passphrase: string): Promise<T.ProfileView>;
  /** Whether the app is locked; `used` says that somebody used the window. */
  appLock(used: boolean): Promise<T.LockView>;
  appLockNow(): Promise<T.LockView>;
  secretUnlockApp(passphrase: string): Promise<T.LockView>;
  /** Proves the passphrase anew for one risky deed, to be done within a minute. */
  secretConfirm(deed: string, passphrase: string): Promise<unknown>;
  secretLockSet(passphrase: string, idleMinutes: number, absoluteHours: number): Promise<T.LockView>;
  secretLockChange(
    passphrase: string,
    next: string | null,
    idleMinutes: number,
    absoluteHours: number,
  ): Promise<T.LockView>;
  secretLockRemove(passphrase: string): Promise<T.LockView>;
  personsList(): Promise<T.PersonsView>;
  personAdd(key: string, name: string, roles: string[]): Promise<T.PersonsView>;
  personRoles(fingerprint: string, roles: string[]): Promise<T.PersonsView>;
  personRemove(fingerprint: string): Promise<T.PersonsView>;
  /** Says that the first picture is painted; only then may Rust ask the keyring. */
  appPainted(): Promise<void>;
  /** Hears every step of every act. Returns a function that stops listening. */
  onProgress(heard: (progress: T.ActProgress) => void): Stop;
  /** Hears which topics changed in Rust, so that what is shown is asked for again. */
  onChanged(heard: (changed: T.Changed) => void): Stop;
}
