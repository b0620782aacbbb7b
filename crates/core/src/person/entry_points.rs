//! Which way in leads to which deed: every command of the window and every verb of the command line.
//!
//! Tests of both compare this table with what there really is. What is enforced stands in the facade; this says what to expect there.

use super::deed::Deed;
use super::entry_verbs::VERBS;

/// What a way in asks of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// One of these deeds, by what is asked for.
    Deeds(&'static [Deed]),
    /// No role, for this reason.
    Nobody(&'static str),
}

use Asks::{Deeds, Nobody};

pub(super) const OWN_WINDOW: &str = "it is about this window, not about a profile";
pub(super) const NEW_PROFILE: &str =
    "a profile that is not there yet lists nobody; its maker becomes its administrator";
pub(super) const OWN_LOCK: &str = "whoever works here may always shut the door; it takes the passphrase to open it";
const OWN_TOKEN: &str = "the token itself judges the PIN, and only acts that are let pass use it";
const HELD: &str = "what is taken back was not begun yet, and only this window's own can be";
pub(super) const NO_DATA: &str = "it touches no data";
pub(super) const STATES: &str = "it tells states and cures, never names, keys or entries";

const COMMANDS: &[(&str, Asks)] = &[
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
    ("plans_list", Deeds(&[Deed::Look])),
    ("plans_running", Nobody(STATES)),
    ("plan_show", Deeds(&[Deed::Look])),
    ("plan_rows", Deeds(&[Deed::Look])),
    ("plan_open", Deeds(&[Deed::PlanAccess])),
    ("plan_paste", Deeds(&[Deed::PlanAccess])),
    ("plan_revocations", Deeds(&[Deed::PlanAccess])),
    ("plan_save", Deeds(&[Deed::Look])),
    ("plan_copy", Deeds(&[Deed::Look])),
    ("plan_approve", Deeds(&[Deed::ApprovePlan, Deed::Look])),
    ("plan_apply", Deeds(&[Deed::ApplyPlan, Deed::GrantAccess, Deed::Look])),
    ("plan_hold", Deeds(&[Deed::PlanAccess])),
    ("access_declare", Deeds(&[Deed::PlanAccess])),
    ("reviews_list", Deeds(&[Deed::Look])),
    ("review_start", Deeds(&[Deed::ReviewAccess])),
    ("review_lines", Deeds(&[Deed::Look])),
    ("review_decide", Deeds(&[Deed::ReviewAccess])),
    ("review_export_task", Deeds(&[Deed::ReviewAccess])),
    ("review_import", Deeds(&[Deed::ReviewAccess])),
    ("review_hand_in", Deeds(&[Deed::ReviewAccess])),
    ("review_sign_off", Deeds(&[Deed::SignReview])),
    ("review_plan", Deeds(&[Deed::PlanAccess])),
    ("review_conclude", Deeds(&[Deed::ReviewAccess])),
    ("review_export", Deeds(&[Deed::ReviewAccess])),
    ("access_page", Deeds(&[Deed::Look])),
    ("access_persons", Deeds(&[Deed::Look])),
    ("access_merchants", Deeds(&[Deed::Look])),
    ("access_person", Deeds(&[Deed::Look])),
    ("access_merchant", Deeds(&[Deed::Look])),
    ("access_timeline", Deeds(&[Deed::Look])),
    ("access_leavers", Deeds(&[Deed::Look])),
    ("access_leavers_open", Deeds(&[Deed::Look])),
    ("access_foresee", Deeds(&[Deed::Look])),
    ("access_foresee_revoke", Deeds(&[Deed::Look])),
    ("access_grant", Deeds(&[Deed::GrantAccess])),
    ("access_revoke", Deeds(&[Deed::RevokeAccess])),
    ("access_undo", Nobody(HELD)),
    ("access_held", Deeds(&[Deed::Look])),
    ("audit_acts", Deeds(&[Deed::ReadLog])),
    ("audit_entry", Deeds(&[Deed::ReadLog])),
    ("audit_verify", Deeds(&[Deed::VerifyLog])),
    ("audit_query", Deeds(&[Deed::ReadLog])),
    ("audit_facets", Deeds(&[Deed::ReadLog])),
    ("audit_histogram", Deeds(&[Deed::ReadLog])),
    ("audit_proof", Deeds(&[Deed::ReadLog])),
    ("audit_verify_stop", Nobody(STATES)),
    ("audit_days", Deeds(&[Deed::ReadLog])),
    ("audit_day", Deeds(&[Deed::ReadLog])),
    ("audit_sign_off", Deeds(&[Deed::ReviewLog])),
    ("audit_work", Nobody(STATES)),
    ("audit_export", Deeds(&[Deed::ExportLog])),
    ("audit_export_stop", Nobody(STATES)),
    ("audit_export_show", Nobody(STATES)),
    ("audit_views", Deeds(&[Deed::ReadLog])),
    ("audit_view_save", Deeds(&[Deed::ReadLog])),
    ("audit_view_remove", Deeds(&[Deed::ReadLog])),
    ("audit_witnesses", Deeds(&[Deed::ReadLog])),
    ("audit_witness_ask", Deeds(&[Deed::WitnessLog])),
    ("audit_witness_sign", Deeds(&[Deed::WitnessLog])),
    ("audit_witness_trust", Deeds(&[Deed::WitnessLog])),
    ("audit_witness_take", Deeds(&[Deed::WitnessLog])),
    ("audit_backup", Deeds(&[Deed::BackUpLog])),
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
];

/// Every way in.
pub fn entry_points() -> impl Iterator<Item = &'static (&'static str, Asks)> {
    COMMANDS.iter().chain(VERBS)
}

/// What a way in asks; a command of the window by its name, a verb by its words.
#[must_use]
pub fn asks(name: &str) -> Option<Asks> {
    entry_points().find(|(known, _)| *known == name).map(|(_, asks)| *asks)
}
