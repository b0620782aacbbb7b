//! The columns of a CSV export, and which member of an entry stands in each.

use super::raw;
use super::seen::Seen;

/// Where a column's text comes from.
#[derive(Clone, Copy)]
pub enum From {
    /// A member of the entry itself.
    Own(for<'a> fn(&Seen<'a>) -> &'a str),
    /// A member of one of its objects.
    Within(for<'a> fn(&Seen<'a>) -> &'a str, &'static str),
    /// A member of the side row, which names persons.
    Private(&'static str),
}

/// The columns that an entry fills, in order, after its number and before its hash.
pub const COLUMNS: &[(&str, From)] = &[
    ("time", From::Own(|seen| seen.time)),
    ("environment", From::Own(|seen| seen.env)),
    ("profile", From::Own(|seen| seen.profile)),
    ("kind", From::Own(|seen| seen.kind)),
    ("phase", From::Own(|seen| seen.phase)),
    ("outcome", From::Within(|seen| seen.result, "outcome")),
    ("code", From::Within(|seen| seen.result, "code")),
    ("merchant_id", From::Own(|seen| seen.merchant)),
    ("person", From::Private("sub")),
    ("person_name", From::Private("person_name")),
    ("reason", From::Private("reason")),
    ("ticket", From::Private("ticket")),
    ("note", From::Private("note")),
    ("file", From::Private("file")),
    ("actor", From::Within(|seen| seen.actor, "key_id")),
    ("role", From::Within(|seen| seen.actor, "role")),
    ("session", From::Within(|seen| seen.actor, "session")),
    ("device", From::Within(|seen| seen.device, "id")),
    ("app", From::Within(|seen| seen.device, "app")),
    ("act", From::Own(|seen| seen.act)),
    ("plan_sha256", From::Own(|seen| seen.plan)),
    ("request", From::Own(|seen| seen.request)),
    ("result", From::Own(|seen| seen.result)),
    ("signing", From::Own(|seen| seen.signing)),
];

impl From {
    /// The text of a column: of a string what it says, of anything else its JSON.
    pub fn cell<'a>(self, seen: &Seen<'a>) -> std::borrow::Cow<'a, str> {
        let value = match self {
            Self::Own(of) => of(seen),
            Self::Within(of, name) => raw::member(of(seen), name).unwrap_or_default(),
            Self::Private(name) => raw::member(seen.private, name).unwrap_or_default(),
        };
        raw::text(value).unwrap_or(value.into())
    }
}
