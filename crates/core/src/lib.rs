//! What Gatehouse does: profiles, keys, merchants, the portal, acts and their policy.
//!
//! One core serves the desktop app, the command line and the login bridge. It reads no clock, no environment and no
//! standard path of its own: everything from outside comes in through [`Surroundings`]. Deliberately absent: Tauri,
//! terminal input and output, the simulated Klarna.

#![forbid(unsafe_code)]

pub mod access;
pub mod acts;
pub mod app_lock;
pub mod audit_export;
pub mod clock;
mod core_dump;
pub mod data_dir;
pub mod database;
pub mod day_review;
pub mod doctor;
pub mod documentation;
mod facade;
pub mod groups;
pub mod hardware;
pub mod keeping;
pub mod key_store;
pub mod logging;
pub mod login_bridge;
pub mod merchants;
pub mod network;
mod pdf;
pub mod person;
pub mod policy;
pub mod portal;
pub mod problem;
pub mod profile;
mod sealing;
mod signature;
pub mod signing_key;
mod spreadsheet;
mod surroundings;
pub mod tokens;
pub mod witness;
mod zip;

pub use gatehouse_audit::{Anchor, AnchorFailure, AnchorStore};
pub use gatehouse_klarna::install_crypto;

pub use core_dump::keep_out_of_core_dumps;
pub use day_review::Odd;
pub use facade::{
    AccessPage, ApiKeyStanding, AuditBar, AuditHistogram, AuditPage, Change, Checked, DayReview, DaySigned, DayState,
    Facet, FacetValue, Gatehouse, GivenApproval, ImportChoice, KeyFacts, KeyStatus, LogAlarm, LogAlarmKind,
    ModuleTokens, NamedGrant, NewSamlKey, PASSPHRASE_LEAST, Persons, PlanRows, PlannedRevocation, Reconciled,
    RevokeAll, RunChoice, SavedView, Setup, StandingGrant, StandingPlan, TakenIn, WhichRows, audit_fields,
};
pub use problem::{ErrorCode, Problem, ProblemKind};
pub use surroundings::{
    KeysChoice, Replica, SandboxAddress, SandboxHost, Surroundings, connect_keyring, fill_random, is_replica_name,
    passphrase_from, read_secret,
};
