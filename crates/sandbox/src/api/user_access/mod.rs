//! createUserAccess and deleteUserAccess (portal-access.md section 5, rows 23 to 28).
//!
//! What a person sees of it is in [`crate::portal`]. Nothing is listed back: Klarna has no such call.

mod count;
mod grant;
mod invite;
mod revoke;
mod selector;

pub(crate) use count::count_arrival;
pub(super) use count::count_outcome;
pub(super) use grant::grant;
pub(super) use revoke::revoke;

use crate::settings::{Key, Settings};

/// The address as Klarna most plausibly compares it: in lower case, and nothing else folded.
///
/// A portal's accounts are people, to whom case means nothing; the token of the login button looks like Keycloak's
/// (portal-access.md 8), which stores addresses in lower case. A `+` part or dots name another mailbox, so they count.
pub(crate) fn person_key(settings: &Settings, address: &str) -> String {
    match settings.text(Key::AccessEmailCompare) {
        "exact" => address.to_owned(),
        _ => address.to_lowercase(),
    }
}
