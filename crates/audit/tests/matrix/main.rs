//! The tamper matrix (audit.md 3): classes T1 to T15, each mutated at random, judged by the library and by `verify.py`.
//!
//! Both must give the same verdict, the same first bad entry and the same notices; each mutation must be caught, and at the right
//! entry. 300 mutations of each class here, as many as `cargo xtask soak` says there. Deliberately absent: proofs of what nobody
//! can find locally, which T10 tests honestly.

#![allow(clippy::unwrap_used, reason = "a test that cannot set its stage must stop")]

mod classes;
mod clean;
mod forge;
mod fuzz;
mod ground;
mod judges;
mod rng;
mod run;
#[path = "../stage/mod.rs"]
#[allow(dead_code, reason = "it is shared with the other tests, which use the rest of it")]
mod stage;
mod vectors;
