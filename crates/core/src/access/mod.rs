//! People's access to merchants: granted and revoked by Klarna's calls, and kept in a ledger of our own.
//!
//! Klarna lists nothing back (portal-access.md 5.3), so the ledger says what was granted with this tool, and says that it is this. One
//! row is one person's access to one merchant on one account's behalf, as it was asked for last; what came before stands in the log.
//! Deliberately absent: any delete that names less than account and person.

mod give;
mod grant;
pub mod ledger;
mod take;
mod wish;

pub(crate) use give::{Told, claims_of, give, note_given};
pub(crate) use grant::today;
pub use grant::{EXPIRING_DAYS, Grant, GrantOrigin, GrantState, INVITATION_MS};
pub(crate) use take::{note_taken, take};
pub use wish::{Foreseen, GrantChange, GrantRequest, RevokeRequest, Wish, person_key};
