//! Profiles through their set-up, and keys through their life: pure rules, files, and the core on a data directory without a network.

#![allow(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod certificates;
mod expiry;
mod hardware;
mod losses;
mod migration;
mod place;
mod share;
mod steps;
