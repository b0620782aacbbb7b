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
mod authorize;
mod calls;
mod classic;
mod classic_sessions;
mod classic_stage;
mod credentials;
mod customer_token;
mod emails;
mod emd;
mod empty_selector;
mod explanations;
mod faults;
mod go_live;
mod interception;
mod names;
mod network_stage;
mod network_tokens;
mod probe;
mod raw;
mod repetitions;
mod sketches;
mod stage;
mod system_proxy;
mod terms;
mod tls;
mod tls_stage;
mod token;
mod token_secrecy;
mod user_access;
mod way_out;
mod webhook_calls;
mod webhooks;
