//! The shell without a display: its commands through IPC under the real permissions, on Tauri's mock runtime.
//!
//! What is tested here is the boundary: who may call what, what a malformed value gets, how an error looks, that the lists of commands
//! agree. Deliberately absent: the page; `tests/e2e` drives the real window.

#![allow(
    clippy::unwrap_used,
    reason = "test code: a failure should stop the test where it happens"
)]

mod access;
mod approvals;
mod arguments;
mod audit;
mod bindings;
mod broken_log;
mod canaries;
mod configuration;
#[cfg(target_os = "linux")]
mod core_dump;
mod credentials;
mod desk;
mod guard;
mod hook;
mod journey;
mod login_bridge;
mod network;
mod pages;
mod plans;
mod read_only;
mod refusals;
mod reviews;
mod roles;
mod runs;
mod sealed_keys;
mod secrets;
mod set_up;
mod shell_features;
#[cfg(target_os = "linux")]
mod sleep;
mod surface;
mod tokens;
mod tokens_linking;
mod tokens_prove;
mod tokens_scenarios;
mod tokens_tables;
