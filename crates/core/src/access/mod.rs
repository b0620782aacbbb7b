//! People's access to merchants: granted and revoked by Klarna's calls, and kept in a ledger of our own.
//!
//! Klarna lists nothing back (portal-access.md 5.3), so the ledger says what was granted with this tool, and says that it is this. One
//! row is one person's access to one merchant on one account's behalf, as it was asked for last; what came before stands in the log.
//! Deliberately absent: any delete that names less than account and person.

pub mod approval;
pub mod confirmation;
mod declare;
mod give;
mod grant;
pub mod inventory;
pub mod leavers;
pub mod ledger;
pub mod plan;
pub mod review;
pub mod run;
pub(crate) mod signed_file;
pub(crate) mod subject;
mod take;
pub mod timeline;
mod wish;

pub(crate) use declare::declare;
pub use declare::{Declared, DeclaredBad};
pub(crate) use give::{Told, claims_of, give, note_given};
pub(crate) use grant::day_of;
pub use grant::{Grant, GrantOrigin, GrantState};
pub(crate) use signed_file::format_of;
pub(crate) use take::{foresee as foresee_taken, is_biting, living_of, note_taken, principal_key, selector, take};
pub(crate) use wish::reason;
pub use wish::{Foreseen, GrantChange, GrantRequest, RevokeRequest, Wish, person_key};
