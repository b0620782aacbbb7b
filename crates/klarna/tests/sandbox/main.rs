//! The client against the simulated Klarna, over real HTTP: links, credentials, mTLS, refusals, faults.
//!
//! The sandbox shares no type with the client, so both can only agree where both follow the facts.
#![allow(
    clippy::disallowed_methods,
    reason = "these tests mint the permits that gatehouse_core::acts mints after recording an act"
)]
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot set up its stage should stop at once"
)]

mod credentials;
mod faults;
mod linking;
mod links;
mod probe;
mod stage;
mod token_course;
mod token_ends;
mod token_terms;
