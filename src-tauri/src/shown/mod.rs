//! How the core's answers are shown: conversions into views, and the few steps between a command and its view.
//!
//! One file for each topic, as everywhere. Matches are exhaustive, so a new state of the core does not pass unseen. Deliberately absent:
//! Tauri; all of this could serve another window.

pub mod access;
pub mod access_change;
pub mod act;
pub mod app;
pub mod audit;
pub mod audit_ask;
pub mod audit_days;
pub mod audit_export;
pub mod audit_keep;
pub mod audit_verdict;
pub mod bundle;
pub mod credentials;
pub mod events;
pub mod exchange;
pub mod guard;
pub mod hardware;
pub mod import;
pub mod keys;
pub mod kinds;
pub mod leavers;
pub mod login_bridge;
pub mod login_bridge_rows;
pub mod login_bridge_served;
pub mod merchants;
pub mod network;
pub mod opening;
pub mod plan_acts;
pub mod plans;
pub mod portal;
pub mod profile;
pub mod review_views;
pub mod reviews;
mod sandbox_stage;
pub mod settings;
pub mod setup;
pub mod token_import;
pub mod token_prove;
pub mod token_reconcile;
pub mod token_rows;
pub mod token_scenarios;
pub mod token_tables;
pub mod tokens;
pub mod tokens_calls;
pub mod tokens_course;
pub mod tokens_linking;
pub mod tokens_told;
