//! Acts end to end: the core against the simulated Klarna over real HTTP, with secrets in memory.

#![allow(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod access;
mod access_inventory;
mod app_lock;
mod app_lock_crash;
mod app_lock_deeds;
mod audit_archived;
mod audit_bundle;
mod audit_days;
mod audit_export;
mod audit_export_faults;
mod audit_long;
mod audit_looks;
mod audit_standing;
mod audit_views;
mod clock;
mod faults;
mod inventory_states;
mod keeping;
mod keys;
mod lock_window;
mod login;
mod login_bridge;
mod login_bridge_files;
mod new_api_key;
mod open;
mod persons;
mod persons_alarm;
mod persons_deeds;
mod persons_deeds_bridge;
mod persons_deeds_tokens;
mod plans;
mod policy;
mod reconcile;
mod review;
mod review_files;
mod review_merge;
mod review_package;
mod review_races;
mod review_rhythm;
mod revoke;
mod rotation;
mod runs;
mod setup;
mod standards;
mod standards_kept;
mod standards_more;
mod tokens_course;
mod tokens_exported;
mod tokens_scenarios;
mod tokens_shown;
mod tokens_table;
mod tokens_told;
mod tokens_vault;
mod world;
mod writer;
