//! The surface between the window and Rust: every command and event, in one list.
//!
//! The app answers from this list and the TypeScript bindings are written from it, so the two cannot differ. A new command also needs a
//! permission, a line in the capability and one in the isolation app's list. Deliberately absent: commands of plugins.

use tauri::Runtime;
use tauri_specta::{Builder, ErrorHandlingMode, collect_commands, collect_events};

use crate::commands::{
    app, audit, credentials, hardware, keys, merchants, network, persons, portal, profile, secret, setup,
};
use crate::events::{ActProgress, Changed};

/// All commands and events.
pub fn surface<R: Runtime>() -> Builder<R> {
    Builder::new()
        .error_handling(ErrorHandlingMode::Throw)
        .disable_serde_phases()
        .commands(collect_commands![
            app::app_state,
            app::app_painted,
            app::app_reconcile,
            app::app_lock,
            app::app_lock_now,
            app::doctor,
            app::doctor_bundle,
            app::doctor_bundle_save,
            profile::profile_try_sandbox,
            profile::profile_use,
            profile::settings_save,
            merchants::merchants_search,
            merchants::merchants_ahead,
            merchants::merchant_detail,
            merchants::merchant_pin,
            merchants::merchant_refresh,
            merchants::merchants_import,
            persons::persons_list,
            persons::person_add,
            persons::person_roles,
            persons::person_remove,
            portal::portal_warm,
            portal::portal_open,
            portal::portal_copy_link,
            portal::sessions_list,
            portal::session_revoke,
            portal::sessions_revoke_all,
            portal::session_reopen,
            audit::audit_acts,
            audit::audit_entry,
            audit::audit_verify,
            secret::secret_unlock,
            secret::secret_try_sandbox,
            secret::secret_unlock_app,
            secret::secret_confirm,
            secret::secret_hardware_pin,
            secret::secret_lock_set,
            secret::secret_lock_change,
            secret::secret_lock_remove,
            setup::setup_methods,
            setup::setup_page_open,
            setup::setup_state,
            setup::setup_begin,
            setup::setup_method,
            setup::setup_proxy,
            setup::certificate_open,
            setup::setup_dry_signature,
            setup::setup_first_call,
            setup::setup_merchants,
            setup::setup_merchant_ids,
            setup::profile_export,
            setup::profile_file_open,
            setup::profile_file_import,
            keys::keys_list,
            keys::keys_notices,
            keys::key_create,
            keys::key_import,
            keys::key_request,
            keys::key_request_save,
            keys::key_certificate_ask,
            keys::key_certificate_judge,
            keys::key_certificate_install,
            keys::key_rotate,
            keys::key_retire,
            keys::key_destroy,
            keys::keys_lost,
            hardware::hardware_tokens,
            hardware::hardware_module_add,
            hardware::hardware_wanted,
            hardware::hardware_key_create,
            credentials::credentials_list,
            credentials::api_key_create,
            credentials::credential_rename,
            credentials::credential_end,
            credentials::enforcement_set,
            network::network_show,
            network::network_proxy,
            network::network_ca_add,
            network::network_ca_remove,
            secret::secret_proxy_sign_in,
            secret::secret_setup_begin,
            secret::secret_api_key,
            secret::secret_key_passphrase,
        ])
        .events(collect_events![ActProgress, Changed])
        .typ::<crate::error::CommandError>()
}
