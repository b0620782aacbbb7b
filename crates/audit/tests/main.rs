//! Tests of the audit log through its public face; one module for each promise.

#![allow(clippy::unwrap_used, reason = "a test that cannot set its stage must stop")]

mod cases;
mod stage;
