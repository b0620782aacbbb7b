//! Which access a delete means, as its query says (portal-access.md 5.2, rows 23 and 24).
//!
//! Each of the three may be missing, and what is missing widens the delete: with none of them it is everything. A name that
//! is not known is ignored, as servers do, so a misspelt parameter is a missing one. What cannot be read is refused.

use super::person_key;
use crate::api::Context;
use crate::api::answer::{Refusal, invalid};
use crate::api::text::{account_krn, percent_decode};
use crate::settings::Key;
use crate::store::access::Which;
use crate::store::{people, records};

/// What the query gives; nothing stands for everything.
#[derive(Debug, Default)]
pub(super) struct Selector {
    pub(super) account: Option<String>,
    pub(super) principal: Option<String>,
    pub(super) on_behalf_of: Option<String>,
}

impl Selector {
    pub(super) fn read(context: &Context<'_>) -> Result<Self, Refusal> {
        let pairs = pairs(&context.call.query).ok_or_else(|| invalid("query", "The query cannot be decoded."))?;
        let selector = Self {
            account: one(context, &pairs, "account_id")?,
            principal: one(context, &pairs, "principal")?,
            on_behalf_of: one(context, &pairs, "on_behalf_of")?,
        };
        for (name, value) in [
            ("account_id", &selector.account),
            ("on_behalf_of", &selector.on_behalf_of),
        ] {
            if value.as_deref().is_some_and(|krn| account_krn(krn).is_none()) {
                return Err(invalid(name, "The value is not an account KRN."));
            }
        }
        Ok(selector)
    }

    /// The parameters that every careful delete has and this one lacks.
    pub(super) fn lacking(&self) -> Vec<&'static str> {
        let needed = [("account_id", &self.account), ("principal", &self.principal)];
        let lacking = needed.into_iter().filter(|(_, value)| value.is_none());
        lacking.map(|(name, _)| name).collect()
    }

    /// The caller's standing access that is meant; a user id that nobody has means none.
    pub(super) fn which(&self, context: &Context<'_>) -> rusqlite::Result<Which> {
        let address_key = match &self.principal {
            None => None,
            Some(address) if address.contains('@') => Some(person_key(context.settings, address)),
            Some(id) => Some(people::by_id(context.tx, id)?.map_or_else(String::new, |person| person.address_key)),
        };
        Ok(Which {
            acquirer: Some(context.caller.clone()),
            account: self.account.clone(),
            address_key,
            on_behalf_of: self.on_behalf_of.clone(),
            standing: true,
            after: 0,
        })
    }
}

/// Reads a query; nothing when a part of it is malformed.
fn pairs(query: &str) -> Option<Vec<(String, String)>> {
    let parts = query.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            Some((
                percent_decode(&name.replace('+', " "))?,
                percent_decode(&value.replace('+', " "))?,
            ))
        })
        .collect()
}

fn one(context: &Context<'_>, pairs: &[(String, String)], name: &str) -> Result<Option<String>, Refusal> {
    let mut values = pairs.iter().filter(|(one, _)| one == name).map(|(_, value)| value);
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(_), Some(_)) => Err(invalid(name, "The parameter is there more than once.")),
        (Some(value), None) if value.is_empty() => empty(context, name),
        (Some(value), None) => Ok(Some(value.clone())),
    }
}

/// An empty parameter is as dangerous as a missing one (row 24).
fn empty(context: &Context<'_>, name: &str) -> Result<Option<String>, Refusal> {
    records::raise(
        context.tx,
        "access-empty-parameter",
        &format!("A delete of user access came with an empty {name}."),
        context.now_ms,
    )?;
    match context.settings.text(Key::AccessEmptyParam) {
        "reject" => Err(invalid(name, "The value is empty.")),
        _ => Ok(None),
    }
}
