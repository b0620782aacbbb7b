//! Acts end to end: the core against the simulated Klarna over real HTTP, with secrets in memory.

#![allow(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod clock;
mod faults;
mod keys;
mod open;
mod policy;
mod reconcile;
mod revoke;
mod rotation;
mod setup;
mod world;
