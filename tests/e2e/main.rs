//! The journeys that matter, in the real window: WebKitWebDriver drives the program as it is built, against the simulated
//! Klarna and the Secret Service of the session that the tests run in (`cargo xtask test` makes a private one).

#![allow(
    clippy::unwrap_used,
    reason = "a journey stops at the first thing that is not as it should be"
)]
#![allow(clippy::print_stderr, reason = "a journey that this machine cannot play says why")]
#![allow(
    clippy::disallowed_methods,
    reason = "journeys wait by the clock and read the session's environment"
)]

mod accessibility;
mod audit;
#[cfg(target_os = "linux")]
mod audit_hand_out;
#[cfg(target_os = "linux")]
mod dialog;
mod first_picture;
mod hardware;
mod journey;
mod keyboard;
#[cfg(target_os = "linux")]
mod keyring;
mod linking;
#[cfg(target_os = "linux")]
mod login_bridge;
mod people;
mod plans;
mod reviews;
mod security;
mod set_up;
mod stage;
mod token_hands;
mod token_work;
mod tokens;
mod unhappy;
