//! What is done with tokens at Klarna, each an act: made with the customer's consent, charged, checked, revoked.
//!
//! Money moves once: a charge is kept before it is sent, under an idempotency key that a repetition uses again. Deliberately absent: trying
//! a charge again by itself; a person decides that.

pub(crate) mod ask;
pub(crate) mod charge;
pub(crate) mod charge_row;
pub(crate) mod check;
pub(crate) mod consent;
mod consent_row;
pub(crate) mod finalise;
pub(crate) mod klarna;
pub(crate) mod revoke;
mod terms;

pub(crate) use charge::Knowingly;
pub use charge::{Charge, ChargeOutcome};
pub use check::CheckedToken;
pub use consent::{Consent, ConsentState};
pub(crate) use consent_row::{by_request, list as consents};
pub use revoke::{RevokeToken, RevokedToken};
pub use terms::{ChargeToken, CreateToken, Line, Ondemand, Presence, Subscribed, Terms};
