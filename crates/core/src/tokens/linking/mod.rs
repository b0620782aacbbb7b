//! Payments v1: the older kind of token, and linking a customer's account (tokens.md 4, 5).
//!
//! Another host, another log-in and another error body than the network's. Deliberately absent: order management.

mod classic;
mod login;

pub(crate) use classic::{cancel_again, cancel_classic, charge_classic, read_classic};
pub use login::{PaymentsAccess, PaymentsLoginShown};
pub(crate) use login::{client, keep_login, no_login, shown_login};
