/**
 * The words for every error code: a heading, and the cure to show where Rust sends no hint of its own. Total: a code without words does not compile.
 * Kinds decide presentation: refused (the person can put it right), unavailable (later), defect (ours).
 * Absent on purpose: recognising an error by its text.
 */
import type { ErrorCode } from "./error_codes";

export type ErrorKind = "refused" | "unavailable" | "defect";

export interface ErrorWords {
  kind: ErrorKind;
  title: string;
  cure: string;
}

const refused = (title: string, cure: string): ErrorWords => ({ kind: "refused", title, cure });
const unavailable = (title: string, cure: string): ErrorWords => ({ kind: "unavailable", title, cure });

export const errorMessages: Record<ErrorCode, ErrorWords> = {
  keyring_absent: unavailable("No keyring", "Start a Secret Service such as gnome-keyring, then try again."),
  keyring_locked: unavailable("Keyring locked", "Unlock your keyring, then try again."),
  keyring_denied: unavailable("Keyring refused", "Allow Gatehouse when your keyring asks, then try again."),
  keyring_slow: unavailable("Keyring slow", "Look for a prompt of your keyring behind other windows."),
  keyring_crashed: unavailable("Keyring failed", "Restart your keyring or log in again, then try again."),
  keyring_item_missing: refused("Key not found", "Make the profile's keys again, or restore the keyring."),
  passphrase_needed: refused("Passphrase needed", "Do it again and type the passphrase of the key file."),
  passphrase_wrong: refused("Wrong passphrase", "Type it again; nothing was changed."),
  key_store_damaged: refused("Key file damaged", "Restore the key file from a backup, or make new keys."),
  secret_too_large: refused("Secret too large", "Paste the key alone, without other text around it."),
  log_unwritable: unavailable("Log not writable", "Free the log's disk or its lock; no act runs without a record."),
  log_alarm: refused("Log alarm", "Verify the log under Audit and read what is missing before you go on."),
  disk_full: unavailable("Disk full", "Free some space, then try again."),
  data_dir_read_only: unavailable("Read-only data folder", "Make the data folder writable, then try again."),
  data_dir_unusable: refused("Data folder unusable", "Choose another folder with --data-dir."),
  database_newer: refused("Newer database", "Update Gatehouse: this data was written by a later version."),
  database_damaged: refused("Database damaged", "Restore the data folder from a backup."),
  database_busy: unavailable("Database busy", "Another Gatehouse is writing; try again in a moment."),
  profile_missing: refused("No profile", "Try the sandbox, or connect to Klarna."),
  profile_exists: refused("Name taken", "Choose another name for the profile."),
  profile_incomplete: refused("Profile incomplete", "Complete the profile under Settings."),
  environment_mixed: refused("Environments mixed", "Use a key and merchants of this profile's environment."),
  api_key_invalid: refused("API key not valid", "Paste the whole key as Klarna showed it."),
  api_key_missing: refused("No API key", "Paste the API key in set-up first."),
  api_url_refused: refused("Address refused", "Use the address of this environment."),
  certificate_mismatch: refused("Certificate of another key", "Install the certificate made for this key."),
  certificate_expired: refused("Certificate expired", "Ask Klarna for a new certificate and install it."),
  certificate_foreign: refused("Certificate of another account", "Install the certificate of this account."),
  certificate_missing: refused("No certificate", "Install the certificate that Klarna issued."),
  certificate_unreadable: refused("Certificate not readable", "Choose a PEM or DER file."),
  key_missing: refused("No signing key", "Make the key under Settings first."),
  key_unreadable: refused("Key not imported", "Choose a P-256 key in PEM, DER or PKCS#12."),
  hardware_absent: unavailable("Hardware token not there", "Plug it in and check its module's path, then try again."),
  hardware_pin: refused("PIN needed", "Type the token's PIN; a few wrong ones lock it."),
  hardware_pin_blocked: refused("PIN blocked", "Unblock or set it with the token's own tool."),
  hardware_unsuitable: refused("Token cannot do it", "Use another token, or a software key."),
  hardware_slow: unavailable("Token does not answer", "See whether it waits for a touch, then try again."),
  hardware_failed: unavailable("Token failed", "Unplug it, plug it in again, then try again."),
  profile_file_damaged: refused("Profile file changed", "Ask for the file once more, and carry it unchanged."),
  signer_untrusted: refused("Signer not trusted", "Compare the fingerprint with whoever sent the file."),
  mtls_required: refused("Certificate for mTLS needed", "Install the mTLS certificate first."),
  merchant_unknown: refused("Merchant not known", "Import it, or search by another part of its name."),
  merchant_ambiguous: refused("More than one merchant", "Give the whole account id."),
  merchant_not_operational: refused("Merchant not operational", "Refresh it; Klarna has to enable the account."),
  import_unreadable: refused("File not readable", "Choose a CSV or JSON file in UTF-8."),
  import_nothing_usable: refused("Nothing to import", "Check the column names; see the rows listed."),
  krn_invalid: refused("Account id not valid", "Use the form krn:partner:global:account:live:XXXXXXXX."),
  email_invalid: refused("E-mail not valid", "Type the whole address of one person."),
  role_invalid: refused("Role not known", "Choose one of the roles listed."),
  reason_required: refused("Reason needed", "Say why in a few words; it goes into the log."),
  unsigned_not_allowed: refused("Unsigned links off", "Open it signed, or change the profile's policy."),
  clock_skewed: refused("Clock wrong", "Set this computer's clock, then try again."),
  session_unknown: refused("Session not known", "Refresh the list; it may have ended."),
  session_ended: refused("Session ended", "Open the portal again."),
  link_not_used: refused("Link not used", "Open it again; a link lives for 60 seconds."),
  link_host_refused: refused("Link host refused", "Do not open it; report the host to Klarna."),
  browser_failed: refused("Browser did not start", "Choose another browser under Settings."),
  klarna_invalid: refused("Klarna: not valid", "Read what Klarna named, correct it, then try again."),
  klarna_unauthorized: refused("Klarna: not signed in", "Check the API key and the certificate under Settings."),
  klarna_forbidden: refused("Klarna: not allowed", "Ask Klarna whether this account may do this."),
  klarna_blocked: unavailable("Klarna: blocked", "A gateway refused the call; check network and mTLS certificate."),
  klarna_not_found: refused("Klarna: not found", "Refresh the merchant; it may have been closed."),
  klarna_conflict: refused("Klarna: conflict", "Refresh, then look at what is there now."),
  klarna_too_large: refused("Klarna: too large", "Send less at once."),
  klarna_rate_limited: unavailable("Klarna: too many calls", "Wait a moment; the limit lifts by itself."),
  klarna_refused: refused("Klarna refused", "Read what Klarna said, then try again."),
  klarna_fault: unavailable("Klarna has a fault", "Try again in a minute."),
  klarna_unavailable: unavailable("Klarna not available", "Try again in a minute."),
  klarna_answer_unusable: unavailable("Answer not usable", "Nothing was opened; try again, then report it."),
  network_connect: unavailable("No connection", "Check the network, then try again."),
  network_dns: unavailable("Name not found", "Check the network and its DNS, then try again."),
  network_tls: unavailable("Connection not trusted", "Add your company's CA under Settings, if it inspects traffic."),
  network_proxy: unavailable("Proxy refused", "Check the proxy's address and sign-in."),
  proxy_sign_in: refused(
    "Proxy asks for a sign-in",
    "Enter the proxy's user name and password under Settings, Network.",
  ),
  proxy_pac_only: refused("Proxy only in a PAC file", "Enter the proxy's address by hand under Settings, Network."),
  tls_intercepted: refused(
    "Connection intercepted",
    "Add your company's CA under Settings, Network, if it inspects traffic.",
  ),
  network_timeout: unavailable("No answer in time", "Try again; the act is in the log."),
  network_cut_off: unavailable("Connection cut", "Try again; the act is in the log."),
  outcome_unknown: unavailable("Outcome unknown", "Look at it under Audit; it is reconciled at the next start."),
  act_in_flight: refused("Already under way", "Wait for the act that is running."),
  sandbox_failed: unavailable("Sandbox did not start", "Try again; see the lines under Settings."),
  clipboard_failed: unavailable("Clipboard not available", "Try again; no link was left on it."),
  input_invalid: refused("Not valid", "Correct what is named, then try again."),
  audit_entry_missing: refused("Entry not there", "Verify the log: an entry that was shown has to be there."),
  verification_failed: refused("Log does not verify", "Keep this machine as it is and tell your auditor."),
  internal: { kind: "defect", title: "A defect of ours", cure: "Report it with the reference; nothing else was done." },
};
