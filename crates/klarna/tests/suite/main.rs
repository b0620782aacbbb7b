//! The tests of the client through its public face: names, tokens, calls, faults, repetitions, TLS.
//!
//! One binary, because linking costs more than running. The real thing over the wire stands in `tests/sandbox.rs`.
#![allow(
    clippy::disallowed_methods,
    reason = "these tests mint the permits that gatehouse_core::acts mints after recording an act"
)]
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot set up its stage should stop at once"
)]

mod access_claims;
mod access_terms;
mod calls;
mod credentials;
mod emails;
mod empty_selector;
mod faults;
mod interception;
mod names;
mod probe;
mod raw;
mod repetitions;
mod stage;
mod system_proxy;
mod tls;
mod tls_stage;
mod token;
mod user_access;
mod way_out;
