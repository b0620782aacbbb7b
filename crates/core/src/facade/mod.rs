//! The one face of the core: what app, command line and bridge call.
//!
//! All calls block; the core owns a small runtime for HTTP. Nothing here knows how it is shown. One file a topic adds its
//! methods to [`Gatehouse`]; what they share is [`Core`].

mod access;
mod access_approvals;
mod access_inventory;
mod access_plan_make;
mod access_plans;
mod access_reviews;
mod access_run_end;
mod access_runs;
mod app_lock;
mod audit;
mod audit_days;
mod audit_export;
mod audit_keep;
mod audit_looks;
mod audit_read;
mod audit_sign_off;
mod audit_standing;
mod audit_verify;
mod audit_views;
mod audit_witness;
mod bridge;
pub(crate) mod call;
pub(crate) mod connection;
mod core;
mod core_kept;
mod credentials;
mod exchange;
mod hardware;
mod key_lock;
mod key_stores;
mod keys;
mod login_bridge;
mod login_bridge_served;
mod merchants;
mod network;
mod persons;
mod portal;
mod profiles;
mod run;
mod setup;
mod simulated;
mod skew;
mod tokens;
mod tokens_course;
mod tokens_link;
mod tokens_prove;
mod tokens_table;
mod tokens_told;

pub use self::access::StandingGrant;
pub use self::access_inventory::{AccessPage, NamedGrant};
pub use self::access_plan_make::{PlannedRevocation, TakenIn};
pub use self::access_plans::{GivenApproval, PlanRows, StandingPlan, WhichRows};
pub use self::access_runs::RunChoice;
pub use self::audit::Reconciled;
pub use self::audit_days::{DayReview, DaySigned, DayState};
pub use self::audit_read::{AuditBar, AuditHistogram, AuditPage, Facet, FacetValue, audit_fields};
pub use self::audit_standing::{Checked, LogAlarm, LogAlarmKind};
pub use self::audit_views::SavedView;
pub use self::bridge::NewSamlKey;
pub use self::core::Change;
pub(crate) use self::core::{Core, lock};
pub use self::exchange::ImportChoice;
pub use self::hardware::ModuleTokens;
pub use self::key_stores::PASSPHRASE_LEAST;
pub(crate) use self::key_stores::sealed_file_missing;
pub use self::keys::{KeyFacts, KeyStatus};
pub use self::persons::Persons;
pub use self::portal::RevokeAll;
pub use self::setup::{ApiKeyStanding, Setup};
pub(crate) use self::skew::{REFUSED_S, WARNED_S};

use std::sync::Arc;

use crate::problem::Problem;
use crate::surroundings::Surroundings;

/// A data directory, opened.
pub struct Gatehouse {
    core: Arc<Core>,
}

impl Gatehouse {
    /// Opens the data directory: the database alone; neither log nor keyring is touched.
    ///
    /// # Errors
    /// `data_dir_*`, `database_*`, `disk_full`.
    pub fn open(surroundings: Surroundings) -> Result<Self, Problem> {
        Ok(Self {
            core: Arc::new(Core::open(surroundings)?),
        })
    }

    /// Lays out what the first act of a program needs and nobody has to be asked for, while the keyring is still being connected to.
    pub fn make_ready_to_act(&self) {
        self.core.runtime();
        crate::signing_key::lay_out_tables();
    }

    pub(crate) fn core(&self) -> &Core {
        &self.core
    }

    /// Who is told of changes; one listener, the last one set.
    pub fn set_listener(&self, listener: Box<dyn Fn(Change) + Send + Sync>) {
        self.core.set_listener(listener);
    }

    /// The time by the clock that was handed in, milliseconds since 1970 UTC.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.core.clock().unix_ms()
    }
}
