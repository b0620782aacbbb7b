//! The tamper-evident audit log: canonical bytes, tree, checkpoints, store, read model, verify.
//!
//! What it promises and against whom is said in `docs/THREAT_MODEL.md`; every byte it writes is described in
//! `docs/audit-format.md`. Deliberately absent: anything of Klarna, keyrings, clocks, randomness. Those come in as parameters.

#![forbid(unsafe_code)]

mod anchor;
pub mod archive;
mod archive_check;
mod backup;
mod body;
pub mod canonical;
mod checking;
mod choosing;
mod compose;
pub mod cosign;
mod draft;
mod entry;
mod error;
mod facts;
mod failpoint;
mod index;
mod joined;
mod log;
pub mod note;
mod partial;
mod print;
pub mod proof;
pub mod query;
mod reader;
mod reading;
mod reading_days;
pub mod replica;
mod report;
mod scan;
mod snapshot;
mod store;
mod time;
pub mod tlog_proof;
pub mod tree;
mod verify;
mod vouch;
pub mod witness;

pub use anchor::{Anchor, AnchorFailure, AnchorStore, CheckpointSigner, Opening};
pub use backup::{BackedUp, BackupStep, BackupWatch};
pub use body::{
    Body, FORMAT_VERSION, KIND_ARCHIVED, KIND_ERASED, KIND_GENESIS, KIND_REANCHORED, KIND_REVIEW, KIND_WITNESSED,
};
pub use checking::{verify_directory, verify_directory_with, verify_file};
pub use choosing::Chosen;
pub use draft::{Actor, Device, Draft, Phase, Stamp};
pub use entry::Entry;
pub use error::LogError;
#[cfg(debug_assertions)]
#[doc(hidden)]
pub use failpoint::on_reached;
pub use index::query::{ActPage, ActRow, Page, Query};
pub use index::{Bar, FacetCounts, Histogram, Novelty, NoveltyOf};
pub use log::{Anew, Appended, Erased, Log};
pub use proof::{Proof, ProvenEntry};
pub use query::{QueryFault, Question};
pub use reader::{Head, Reader};
pub use reading::follow;
pub use report::{Defect, Finding, Report, UsedBeside, Verdict, Witnessed, details};
pub use snapshot::{EpochKey, Snapshot, StoredEntry};
pub use store::{APPLICATION_ID, FILE_NAME, INDEX_FILE_NAME, LOCK_FILE_NAME, SCHEMA_VERSION};
pub use verify::{Former, Outside, Verified, Watch};

/// The verifier in Python, written from `docs/audit-format.md` alone: every evidence bundle holds it.
pub const VERIFIER: &str = include_str!("../verify.py");
