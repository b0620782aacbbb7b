//! What is wrong with extra merchant data, rule by rule; nothing is sent.
//!
//! Takes what people paste: a whole request, an attachment, or the data alone. Deliberately absent: required packages, and
//! quoting of values, which are about customers.

use super::EMD_CONTENT_TYPE;
use super::shapes::{Holds, PACKAGES, fits};
use serde_json::{Map, Value};
use std::net::IpAddr;

/// The call in which the data is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmdPlace {
    /// The browser's `authorize()`: the best place.
    Authorize,
    /// The update of a session: the second best.
    SessionUpdate,
    /// The start of a session.
    SessionCreate,
    /// The placing of an order.
    OrderCreate,
}

/// A rule that was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EmdRule {
    /// The pasted text is no JSON.
    NotJson,
    /// `body` is an object and not a text.
    BodyIsObject,
    /// `body` is neither a text nor an object.
    BodyIsNoText,
    /// The text in `body` is no JSON object.
    BodyNotJson,
    /// `content_type` is missing or another one.
    ContentType,
    /// There is no package in it.
    Empty,
    /// A package is no list.
    PackageIsNoList,
    /// An entry of a package is no object.
    EntryIsNoObject,
    /// IP addresses and device fingerprints must never be added.
    Forbidden,
    /// A date is none of ISO 8601.
    Date,
    /// A member holds another kind of value than documented.
    Kind,
    /// A member was given twice.
    Twice,
    /// A package that no document names.
    UnknownPackage,
    /// A member that no document names.
    UnknownMember,
    /// Klarna does not look at it in this call.
    Place,
    /// In the EU, customer data does not belong in this call.
    CustomerDataTooEarly,
}

impl EmdRule {
    /// Tells whether Klarna refuses or ignores the data for it; otherwise it is worth a look.
    #[must_use]
    pub const fn is_fault(self) -> bool {
        !matches!(
            self,
            Self::UnknownPackage | Self::UnknownMember | Self::CustomerDataTooEarly | Self::Kind
        )
    }

    /// Says what is wrong and what to do.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NotJson => "This is no JSON. Paste the request, the attachment, or the data alone.",
            Self::BodyIsObject => {
                "body is an object. Klarna wants a text that holds JSON: write the object as a string."
            }
            Self::BodyIsNoText => "body is no text. Klarna wants a text that holds JSON.",
            Self::BodyNotJson => "The text in body is no JSON object. Check its quotes and backslashes.",
            Self::ContentType => "content_type must be application/vnd.klarna.internal.emd-v2+json.",
            Self::Empty => "There is no package in it. Leave the attachment out, or add a package.",
            Self::PackageIsNoList => "A package must be a list, even with one entry: put square brackets around it.",
            Self::EntryIsNoObject => "Each entry of a package must be an object.",
            Self::Forbidden => "IP addresses and device fingerprints must never be added. Take this out.",
            Self::Date => "This is no date. Write it like 2023-01-14, or with a time like 2023-01-14T12:00:00Z.",
            Self::Kind => "This holds another kind of value than Klarna's pages show. Check it.",
            Self::Twice => "This is given twice. Give it once, or as another entry of the package.",
            Self::UnknownPackage => "No page of Klarna's names this package. Check its spelling.",
            Self::UnknownMember => "No page of Klarna's names this member. Check its spelling.",
            Self::Place => "Klarna does not look at the data when an order is placed. Send it with authorize().",
            Self::CustomerDataTooEarly => {
                "In the EU, customer data does not belong in the start of a session. Send it with authorize()."
            }
        }
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmdFinding {
    /// The rule.
    pub rule: EmdRule,
    /// Where, such as `customer_account_info[0].account_registration_date`; empty for the whole.
    pub path: String,
}

/// Looks data over; `place` says in which call it is sent, when that is known.
#[must_use]
pub fn lint_emd(text: &str, place: Option<EmdPlace>) -> Vec<EmdFinding> {
    let mut lint = Lint { found: Vec::new() };
    lint.place(place);
    match serde_json::from_str::<Value>(text) {
        Ok(value) => lint.pasted(&value),
        Err(_) => lint.note(EmdRule::NotJson, ""),
    }
    lint.found
}

struct Lint {
    found: Vec<EmdFinding>,
}

impl Lint {
    fn note(&mut self, rule: EmdRule, path: &str) {
        let path = path.to_owned();
        self.found.push(EmdFinding { rule, path });
    }

    fn place(&mut self, place: Option<EmdPlace>) {
        match place {
            Some(EmdPlace::OrderCreate) => self.note(EmdRule::Place, ""),
            Some(EmdPlace::SessionCreate) => self.note(EmdRule::CustomerDataTooEarly, ""),
            Some(EmdPlace::Authorize | EmdPlace::SessionUpdate) | None => {}
        }
    }

    /// Finds the data in what was pasted.
    fn pasted(&mut self, value: &Value) {
        let attachment = value.get("attachment").unwrap_or(value);
        if attachment.get("body").is_none() && attachment.get("content_type").is_none() {
            return self.data(attachment);
        }
        let kind = attachment.get("content_type").and_then(Value::as_str);
        if kind != Some(EMD_CONTENT_TYPE) {
            self.note(EmdRule::ContentType, "attachment.content_type");
        }
        match attachment.get("body") {
            Some(Value::String(text)) => match serde_json::from_str::<Value>(text) {
                Ok(data) => self.data(&data),
                Err(_) => self.note(EmdRule::BodyNotJson, "attachment.body"),
            },
            Some(data @ Value::Object(_)) => {
                self.note(EmdRule::BodyIsObject, "attachment.body");
                self.data(data);
            }
            _ => self.note(EmdRule::BodyIsNoText, "attachment.body"),
        }
    }

    fn data(&mut self, data: &Value) {
        let Some(packages) = data.as_object() else {
            return self.note(EmdRule::BodyNotJson, "");
        };
        if packages.is_empty() {
            self.note(EmdRule::Empty, "");
        }
        for (name, package) in packages {
            self.forbidden(name, package, name);
            let known = PACKAGES.iter().find(|(known, _)| known == name);
            if known.is_none() && !is_forbidden(name) {
                self.note(EmdRule::UnknownPackage, name);
            }
            let Some(entries) = package.as_array() else {
                self.note(EmdRule::PackageIsNoList, name);
                continue;
            };
            for (at, entry) in entries.iter().enumerate() {
                let path = format!("{name}[{at}]");
                match (entry.as_object(), known) {
                    (Some(members), Some((_, shape))) => self.members(members, shape, &path),
                    (Some(_), None) => {}
                    (None, _) => self.note(EmdRule::EntryIsNoObject, &path),
                }
            }
        }
    }

    fn members(&mut self, members: &Map<String, Value>, shape: &[(&str, Holds)], path: &str) {
        for (name, value) in members {
            let here = format!("{path}.{name}");
            match shape.iter().find(|(known, _)| known == name) {
                None if is_forbidden(name) => {}
                None => self.note(EmdRule::UnknownMember, &here),
                Some((_, Holds::Date)) if !fits(Holds::Date, value) => self.note(EmdRule::Date, &here),
                Some((_, holds)) if !fits(*holds, value) => self.note(EmdRule::Kind, &here),
                Some((_, Holds::Parts(parts))) => {
                    if let Some(members) = value.as_object() {
                        self.members(members, parts, &here);
                    }
                }
                Some(_) => {}
            }
        }
    }

    /// Looks for IP addresses and fingerprints in names and values, however deep.
    fn forbidden(&mut self, name: &str, value: &Value, path: &str) {
        let is_address = value.as_str().is_some_and(|text| text.parse::<IpAddr>().is_ok());
        if is_forbidden(name) || is_address {
            self.note(EmdRule::Forbidden, path);
        }
        match value {
            Value::Object(members) => members
                .iter()
                .for_each(|(name, value)| self.forbidden(name, value, &format!("{path}.{name}"))),
            Value::Array(list) => {
                for (at, value) in list.iter().enumerate() {
                    self.forbidden("", value, &format!("{path}[{at}]"));
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

/// Tells a name of what must never be added: a word `ip` in it, or a fingerprint.
fn is_forbidden(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    let is_ip = words.into_iter().any(|word| word == "ip" || word == "ipaddress");
    is_ip || lower.contains("fingerprint") || lower == "clientip" || lower == "customerip"
}
