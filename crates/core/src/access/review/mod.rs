//! Access reviews: a snapshot of who has access, decided line by line, signed off, and told to strangers as a package.
//!
//! A snapshot, what a reviewer hands in and what a review came to are documents of canonical lines with a SHA-256; signatures and the
//! log's entries speak of these hashes (docs/review-format.md). Any revoke wins. Deliberately absent: revoking itself, which is a
//! plan's work, and a server: reviewers work together by signed files.

pub mod campaign;
pub mod check;
mod check_lines;
mod check_log;
mod conclude;
mod csv;
mod decide;
pub(crate) mod document;
mod exchange;
mod line;
mod notes;
pub mod opened;
pub mod package;
mod pdf;
mod plan_told;
mod refused;
mod report;
pub(crate) mod rhythm;
mod seal;
mod sign_off;
mod snapshot;
mod store;
mod store_package;
mod taken_hand_in;
mod taken_in;

pub use campaign::{Progress, Review, ReviewOrigin, ReviewScope, ReviewState, Verdict};
pub use conclude::Conclusion;
pub(crate) use conclude::conclude;
pub use decide::Decision;
pub(crate) use decide::decide;
pub(crate) use exchange::{export_task, hand_in};
pub use line::{GrantFacts, OpenedLine, ReviewLine};
pub use sign_off::{SignOff, SignOffRequest};
pub(crate) use sign_off::{revocations, sign_off};
pub use snapshot::NewReview;
pub(crate) use snapshot::start;
pub use store::LineFilter;
pub(crate) use store::{all, find, name_plan, page};
pub use taken_in::Imported;
pub(crate) use taken_in::import;
