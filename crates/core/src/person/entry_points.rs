//! Which way in leads to which deed: every command of the window and every verb of the command line.
//!
//! Tests of both compare this table with what there really is, so that nothing new comes in without having been thought about. What
//! is enforced stands in the facade; this says what to expect there.

use super::deed::Deed;

/// What a way in asks of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// One of these deeds, by what is asked for.
    Deeds(&'static [Deed]),
    /// No role, for this reason.
    Nobody(&'static str),
}

use Asks::{Deeds, Nobody};

const OWN_WINDOW: &str = "it is about this window, not about a profile";
const NEW_PROFILE: &str = "a profile that is not there yet lists nobody; its maker becomes its administrator";
const OWN_LOCK: &str = "whoever works here may always shut the door; it takes the passphrase to open it";
const OWN_TOKEN: &str = "the token itself judges the PIN, and only acts that are let pass use it";
const SIMULATED: &str = "the simulated Klarna belongs to nobody and holds nothing real";
const NO_DATA: &str = "it touches no data";
const STATES: &str = "it tells states and cures, never names, keys or entries";
const OWN_KEY: &str = "the own public key is no secret";

const TABLE: &[(&str, Asks)] = &[
    // The window's commands.
    ("app_state", Nobody(STATES)),
    ("app_painted", Nobody(OWN_WINDOW)),
    ("app_reconcile", Deeds(&[Deed::SettleActs])),
    ("app_lock", Nobody(OWN_LOCK)),
    ("app_lock_now", Nobody(OWN_LOCK)),
    ("doctor", Nobody(STATES)),
    ("doctor_bundle", Nobody(STATES)),
    ("doctor_bundle_save", Nobody(STATES)),
    ("profile_try_sandbox", Nobody(NEW_PROFILE)),
    ("profile_use", Nobody(OWN_WINDOW)),
    ("settings_save", Deeds(&[Deed::ChangePolicy])),
    ("persons_list", Deeds(&[Deed::Look])),
    ("person_add", Deeds(&[Deed::ManagePersons])),
    ("person_roles", Deeds(&[Deed::ManagePersons])),
    ("person_remove", Deeds(&[Deed::ManagePersons])),
    ("merchants_search", Deeds(&[Deed::Look])),
    ("merchants_ahead", Deeds(&[Deed::Look])),
    ("merchant_detail", Deeds(&[Deed::Look])),
    ("merchant_pin", Deeds(&[Deed::ArrangeMerchants])),
    ("merchant_refresh", Deeds(&[Deed::EditMerchants])),
    ("merchants_import", Deeds(&[Deed::EditMerchants])),
    ("portal_warm", Deeds(&[Deed::OpenPortal])),
    ("portal_open", Deeds(&[Deed::OpenPortal])),
    ("portal_copy_link", Deeds(&[Deed::CopyLink])),
    ("sessions_list", Deeds(&[Deed::Look])),
    ("session_revoke", Deeds(&[Deed::RevokeSession])),
    ("sessions_revoke_all", Deeds(&[Deed::RevokeAllSessions])),
    ("session_reopen", Deeds(&[Deed::OpenPortal])),
    ("audit_acts", Deeds(&[Deed::ReadLog])),
    ("audit_entry", Deeds(&[Deed::ReadLog])),
    ("audit_verify", Deeds(&[Deed::VerifyLog])),
    ("secret_unlock", Nobody(OWN_LOCK)),
    ("secret_try_sandbox", Nobody(NEW_PROFILE)),
    ("secret_unlock_app", Nobody(OWN_LOCK)),
    ("secret_confirm", Nobody(OWN_LOCK)),
    ("secret_hardware_pin", Nobody(OWN_TOKEN)),
    ("secret_lock_set", Nobody(OWN_LOCK)),
    ("secret_lock_change", Nobody(OWN_LOCK)),
    ("secret_lock_remove", Nobody(OWN_LOCK)),
    ("setup_methods", Nobody(NO_DATA)),
    ("setup_page_open", Nobody(NO_DATA)),
    ("setup_state", Deeds(&[Deed::Look])),
    ("setup_begin", Nobody(NEW_PROFILE)),
    ("setup_method", Deeds(&[Deed::SetUpProfile])),
    ("setup_proxy", Deeds(&[Deed::ChangePolicy])),
    ("certificate_open", Nobody(NO_DATA)),
    ("setup_dry_signature", Deeds(&[Deed::SetUpProfile])),
    ("setup_first_call", Deeds(&[Deed::SetUpProfile])),
    ("setup_merchants", Deeds(&[Deed::EditMerchants])),
    ("setup_merchant_ids", Deeds(&[Deed::EditMerchants])),
    ("profile_export", Deeds(&[Deed::ShareProfile])),
    ("profile_file_open", Nobody(NEW_PROFILE)),
    ("profile_file_import", Nobody(NEW_PROFILE)),
    ("keys_list", Deeds(&[Deed::Look])),
    ("keys_notices", Deeds(&[Deed::Look])),
    ("key_create", Deeds(&[Deed::ChangeKeys])),
    ("key_import", Deeds(&[Deed::ChangeKeys])),
    ("key_request", Deeds(&[Deed::SetUpProfile])),
    ("key_request_save", Deeds(&[Deed::SetUpProfile])),
    ("key_certificate_ask", Deeds(&[Deed::ChangeKeys])),
    ("key_certificate_judge", Deeds(&[Deed::Look])),
    ("key_certificate_install", Deeds(&[Deed::ChangeKeys])),
    ("key_rotate", Deeds(&[Deed::ChangeKeys])),
    ("key_retire", Deeds(&[Deed::ChangeKeys])),
    ("key_destroy", Deeds(&[Deed::ChangeKeys])),
    ("keys_lost", Deeds(&[Deed::ChangeKeys])),
    ("hardware_tokens", Deeds(&[Deed::SetUpProfile])),
    ("hardware_module_add", Deeds(&[Deed::ChangeKeys])),
    ("hardware_wanted", Nobody(STATES)),
    ("hardware_key_create", Deeds(&[Deed::ChangeKeys])),
    ("credentials_list", Deeds(&[Deed::Look])),
    ("api_key_create", Deeds(&[Deed::ChangeKeys])),
    ("credential_rename", Deeds(&[Deed::SetUpProfile])),
    ("credential_end", Deeds(&[Deed::ChangeKeys])),
    ("enforcement_set", Deeds(&[Deed::ChangeKeys])),
    ("secret_setup_begin", Nobody(NEW_PROFILE)),
    ("secret_api_key", Deeds(&[Deed::ChangeKeys])),
    ("secret_key_passphrase", Deeds(&[Deed::ChangeKeys])),
    ("network_show", Nobody(STATES)),
    ("network_proxy", Deeds(&[Deed::SetNetwork])),
    ("network_ca_add", Deeds(&[Deed::SetNetwork])),
    ("network_ca_remove", Deeds(&[Deed::SetNetwork])),
    ("secret_proxy_sign_in", Deeds(&[Deed::SetNetwork])),
    // The command line's verbs.
    ("profile list", Nobody(STATES)),
    ("profile show", Deeds(&[Deed::Look])),
    ("profile create", Nobody(NEW_PROFILE)),
    ("profile setup", Deeds(&[Deed::Look])),
    ("profile method", Deeds(&[Deed::SetUpProfile])),
    ("profile api-key set", Deeds(&[Deed::ChangeKeys])),
    ("profile first-call", Deeds(&[Deed::SetUpProfile])),
    ("profile export", Deeds(&[Deed::ShareProfile])),
    ("profile import", Nobody(NEW_PROFILE)),
    ("profile use", Nobody(OWN_WINDOW)),
    ("profile set", Deeds(&[Deed::ChangePolicy])),
    ("profile remove", Deeds(&[Deed::RemoveProfile])),
    ("key show", Deeds(&[Deed::Look])),
    ("key create", Deeds(&[Deed::ChangeKeys])),
    ("key tokens", Deeds(&[Deed::SetUpProfile, Deed::ChangeKeys])),
    ("key csr", Deeds(&[Deed::SetUpProfile])),
    ("key request", Deeds(&[Deed::ChangeKeys])),
    ("key install", Deeds(&[Deed::ChangeKeys, Deed::Look])),
    ("key dry-sign", Deeds(&[Deed::SetUpProfile])),
    ("key rotate", Deeds(&[Deed::ChangeKeys])),
    ("key retire", Deeds(&[Deed::ChangeKeys])),
    ("key remove", Deeds(&[Deed::ChangeKeys])),
    ("key lost", Deeds(&[Deed::ChangeKeys])),
    ("credential list", Deeds(&[Deed::Look])),
    ("credential create-api-key", Deeds(&[Deed::ChangeKeys])),
    ("credential rename", Deeds(&[Deed::SetUpProfile])),
    ("credential end", Deeds(&[Deed::ChangeKeys])),
    ("credential enforce", Deeds(&[Deed::ChangeKeys])),
    ("credential report", Deeds(&[Deed::ChangeKeys])),
    ("merchants list", Deeds(&[Deed::Look])),
    ("merchants show", Deeds(&[Deed::Look])),
    ("merchants import", Deeds(&[Deed::EditMerchants])),
    ("merchants refresh", Deeds(&[Deed::EditMerchants])),
    ("merchants pin", Deeds(&[Deed::ArrangeMerchants])),
    ("merchants tag", Deeds(&[Deed::ArrangeMerchants])),
    ("open", Deeds(&[Deed::OpenPortal, Deed::CopyLink])),
    ("sessions list", Deeds(&[Deed::Look])),
    (
        "sessions revoke",
        Deeds(&[Deed::RevokeSession, Deed::RevokeAllSessions]),
    ),
    ("access grant", Deeds(&[Deed::GrantAccess, Deed::Look])),
    ("access revoke", Deeds(&[Deed::RevokeAccess])),
    ("access list", Deeds(&[Deed::Look])),
    ("audit list", Deeds(&[Deed::ReadLog])),
    ("audit show", Deeds(&[Deed::ReadLog])),
    ("audit verify", Deeds(&[Deed::VerifyLog])),
    ("audit reconcile", Deeds(&[Deed::SettleActs])),
    ("audit reanchor", Deeds(&[Deed::AnchorAnew])),
    ("person list", Deeds(&[Deed::Look])),
    ("person show", Deeds(&[Deed::Look])),
    ("person add", Deeds(&[Deed::ManagePersons])),
    ("person roles", Deeds(&[Deed::ManagePersons])),
    ("person remove", Deeds(&[Deed::ManagePersons])),
    ("person export", Nobody(OWN_KEY)),
    ("lock status", Nobody(OWN_LOCK)),
    ("lock set", Nobody(OWN_LOCK)),
    ("lock change", Nobody(OWN_LOCK)),
    ("lock remove", Nobody(OWN_LOCK)),
    ("lock reset", Deeds(&[Deed::ChangeKeys])),
    ("network show", Nobody(STATES)),
    ("network proxy", Deeds(&[Deed::SetNetwork])),
    ("network ca add", Deeds(&[Deed::SetNetwork])),
    ("network ca remove", Deeds(&[Deed::SetNetwork])),
    ("doctor", Nobody(STATES)),
    ("sandbox serve", Nobody(SIMULATED)),
    ("sandbox show", Nobody(SIMULATED)),
    ("sandbox reset", Nobody(SIMULATED)),
    ("sandbox mailbox", Nobody(SIMULATED)),
    ("sandbox alarms", Nobody(SIMULATED)),
    ("sandbox access", Nobody(SIMULATED)),
    ("sandbox calls", Nobody(SIMULATED)),
    ("sandbox clock show", Nobody(SIMULATED)),
    ("sandbox clock offset", Nobody(SIMULATED)),
    ("sandbox fault add", Nobody(SIMULATED)),
    ("sandbox fault list", Nobody(SIMULATED)),
    ("sandbox fault clear", Nobody(SIMULATED)),
    ("sandbox settings list", Nobody(SIMULATED)),
    ("sandbox settings set", Nobody(SIMULATED)),
    ("sandbox settings preset", Nobody(SIMULATED)),
    ("completions", Nobody(NO_DATA)),
    ("man", Nobody(NO_DATA)),
];

/// Every way in.
#[must_use]
pub fn entry_points() -> &'static [(&'static str, Asks)] {
    TABLE
}

/// What a way in asks; a command of the window by its name, a verb by its words.
#[must_use]
pub fn asks(name: &str) -> Option<Asks> {
    TABLE.iter().find(|(known, _)| *known == name).map(|(_, asks)| *asks)
}
