//! One module for each promise.

mod anchoring;
mod appending;
mod canonical_form;
mod entry_form;
mod exact_bytes;
mod notes;
mod processes;
mod read_only;
mod reading;
mod reanchoring;
pub mod tampering;
mod tampering_at_random;
mod tree;
