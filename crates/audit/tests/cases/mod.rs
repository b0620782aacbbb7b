//! One module for each promise.

mod anchor_form;
mod anchoring;
mod appending;
mod canonical_form;
mod entry_form;
mod exact_bytes;
mod files;
mod notes;
mod processes;
mod read_model;
mod read_only;
mod reading;
mod reanchoring;
mod schema;
mod tampering;
mod tampering_at_random;
mod tampering_bytes;
mod tree;
