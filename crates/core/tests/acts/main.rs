//! Acts end to end: the core against the simulated Klarna over real HTTP, with secrets in memory.

#![allow(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod access;
mod app_lock;
mod app_lock_crash;
mod app_lock_deeds;
mod clock;
mod faults;
mod keys;
mod lock_window;
mod new_api_key;
mod open;
mod persons;
mod persons_alarm;
mod persons_deeds;
mod policy;
mod reconcile;
mod revoke;
mod rotation;
mod setup;
mod world;
