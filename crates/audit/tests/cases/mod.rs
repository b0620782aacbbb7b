//! One module for each promise.

mod anchor_form;
mod anchoring;
mod appending;
mod archived;
mod asking;
mod canonical_form;
mod consistency;
mod cosignatures;
mod entry_form;
mod entry_proofs;
mod exact_bytes;
mod files;
mod forgetting;
mod full_disk;
mod incremental;
mod keeping;
mod looking_again;
mod notes;
mod processes;
mod proofs;
mod read_model;
mod read_only;
mod reading;
mod reanchoring;
mod replicas;
mod schema;
mod spread;
mod tampering;
mod tampering_at_random;
mod tampering_bytes;
mod tree;
mod verifier;
mod vouched;
mod witnesses;

use gatehouse_audit::{Report, Verdict};

/// Checks verdict and first bad entry.
#[track_caller]
pub fn is(report: &Report, verdict: Verdict, seq: Option<u64>, what: &str) {
    assert_eq!(
        (report.verdict, report.first_bad_seq),
        (verdict, seq),
        "{what}: {}",
        report.reason
    );
}
