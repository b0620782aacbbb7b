//! What the window may ask for: one file for each topic, one thin function for each command.
//!
//! A command reads its arguments, calls the core on a blocking thread and shows the answer; it decides nothing. Each has a permission of
//! its own in `src-tauri/permissions`, a line in the capability, and a line in the isolation app's list; `tests/app` compares them all.

pub mod access;
pub mod access_reviews;
pub mod app;
pub mod audit;
pub mod audit_days;
pub mod audit_keep;
pub mod credentials;
pub mod hardware;
pub mod keys;
pub mod login_bridge;
pub mod merchants;
pub mod network;
pub mod persons;
pub mod plans;
pub mod portal;
pub mod profile;
pub mod secret;
pub mod setup;
pub mod token_import;
pub mod token_prove;
pub mod token_scenarios;
pub mod token_tables;
pub mod tokens;
pub mod tokens_course;
pub mod tokens_linking;
pub mod tokens_told;
