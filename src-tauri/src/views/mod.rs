//! What leaves Rust over IPC: one view for each thing that the window shows.
//!
//! Views are made from the core's types in [`crate::shown`]; domain types themselves are not serialisable, so nothing leaves by
//! accident. What enters stands in [`request`]. Deliberately absent: portal links, tokens, keys, anything that is a secret.

pub mod access;
pub mod access_change;
pub mod access_request;
pub mod app;
pub mod audit;
pub mod audit_ask;
pub mod audit_days;
pub mod audit_keep;
pub mod credentials;
pub mod guard;
pub mod hardware;
pub mod keys;
pub mod login_bridge;
pub mod login_bridge_served;
pub mod merchants;
pub mod network;
pub mod number;
pub mod plan_requests;
pub mod plans;
pub mod portal;
pub mod profile;
pub mod request;
pub mod reviews;
pub mod setup;
pub mod token_import;
pub mod token_prove;
pub mod token_scenarios;
pub mod token_tables;
pub mod tokens;
pub mod tokens_calls;
pub mod tokens_course;
pub mod tokens_linking;
pub mod tokens_told;
