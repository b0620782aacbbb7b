//! The tamper-evident audit log: canonical bytes, tree, checkpoints, store, read model, verify.
//!
//! What it promises and against whom is said in `docs/THREAT_MODEL.md`; every byte it writes is described in
//! `docs/audit-format.md`. Deliberately absent: anything of Klarna, keyrings, clocks, randomness. Those come in as parameters.

#![forbid(unsafe_code)]

mod anchor;
mod body;
pub mod canonical;
mod draft;
mod entry;
mod error;
mod index;
mod log;
pub mod note;
mod reader;
mod report;
mod store;
mod time;
pub mod tree;
mod verify;

pub use anchor::{Anchor, AnchorFailure, AnchorStore, CheckpointSigner, Opening};
pub use body::{Body, FORMAT_VERSION, KIND_ERASED, KIND_GENESIS, KIND_REANCHORED};
pub use draft::{Actor, Device, Draft, Phase, Stamp};
pub use entry::Entry;
pub use error::LogError;
pub use index::query::{ActPage, ActRow, Page, Query};
pub use log::{Appended, Log};
pub use reader::{Head, Reader, verify_directory};
pub use report::{Defect, Finding, Report, Verdict};
pub use store::{APPLICATION_ID, FILE_NAME, INDEX_FILE_NAME, LOCK_FILE_NAME, SCHEMA_VERSION};
