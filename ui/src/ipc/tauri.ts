/**
 * The backend of the app: every method is one Tauri command, every event one typed Tauri event.
 * Absent on purpose: retries, caches and time-outs. Rust knows better, and an act is never sent twice.
 */
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { Backend, Stop } from "./backend";
import type * as T from "./types";

/** Listens at once; `stop` works even when the listener is not registered yet. */
function hear<P>(event: string, heard: (payload: P) => void): Stop {
  let stopped = false;
  let stop: Stop | null = null;
  void listen<P>(event, ({ payload }) => {
    if (!stopped) heard(payload);
  }).then((unlisten) => {
    if (stopped) unlisten();
    else stop = unlisten;
  });
  return () => {
    stopped = true;
    stop?.();
  };
}

export const backend: Backend = {
  appState: () => invoke<T.AppStateView>("app_state"),
  profileTrySandbox: () => invoke<T.ProfileView>("profile_try_sandbox"),
  profileUse: (name) => invoke<T.ProfileView>("profile_use", { name }),
  settingsSave: (change) => invoke<T.ProfileView | null>("settings_save", { change }),
  merchantsSearch: (request) => invoke<T.SearchView>("merchants_search", { request }),
  merchantDetail: (id) => invoke<T.MerchantDetail>("merchant_detail", { id }),
  merchantPin: (id, pinned) => invoke<undefined>("merchant_pin", { id, pinned }),
  merchantRefresh: (id) => invoke<T.MerchantRow>("merchant_refresh", { id }),
  merchantsImport: () => invoke<T.ImportView | null>("merchants_import"),
  portalWarm: () => invoke<undefined>("portal_warm"),
  portalOpen: (request) => invoke<T.OpenView>("portal_open", { request }),
  portalCopyLink: (request) => invoke<T.OpenView>("portal_copy_link", { request }),
  sessionsList: () => invoke<T.SessionView[]>("sessions_list"),
  sessionRevoke: (id) => invoke<T.SessionView>("session_revoke", { id }),
  sessionsRevokeAll: () => invoke<T.RevokedAll>("sessions_revoke_all"),
  sessionReopen: (id) => invoke<T.OpenView>("session_reopen", { id }),
  auditActs: (request) => invoke<T.ActsView>("audit_acts", { request }),
  auditEntry: (seq) => invoke<T.EntryView>("audit_entry", { seq }),
  auditVerify: () => invoke<T.VerifyView>("audit_verify"),
  doctor: () => invoke<T.DoctorView>("doctor"),
  appReconcile: () => invoke<T.ReconcileView>("app_reconcile"),
  onProgress: (heard) => hear("act-progress", heard),
  onChanged: (heard) => hear("changed", heard),
};
