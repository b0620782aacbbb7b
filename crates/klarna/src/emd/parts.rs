//! Building an attachment out of single members, as a form or a command line has them.
//!
//! Each member is checked against what Klarna's pages name, and the whole is looked over as a pasted one is: what comes out of here has no
//! finding. Deliberately absent: `null` for what is not known; it is left out.

use super::lint::{EmdFinding, EmdRule, lint_emd};
use super::shapes::{Holds, PACKAGES, is_date};
use super::{Attachment, EMD_CONTENT_TYPE};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// One member that is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EmdPart {
    /// The package, such as `customer_account_info`.
    pub package: String,
    /// The entry of the package's list, from 0.
    pub entry: usize,
    /// The member, such as `account_registration_date`, with a dot before a part of it: `account_last_modified.password`.
    pub member: String,
    /// What it holds, as a text.
    pub value: String,
}

impl EmdPart {
    fn path(&self) -> String {
        format!("{}[{}].{}", self.package, self.entry, self.member)
    }
}

/// What a member holds, for a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmdHolds {
    /// A text.
    Text,
    /// A figure.
    Count,
    /// Yes or no: `true` or `false`.
    Truth,
    /// A day or a moment of ISO 8601.
    Date,
}

/// A package as a form shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmdPackage {
    /// Its name.
    pub name: &'static str,
    /// Its members, those inside another with a dot, and what each holds.
    pub members: Vec<(String, EmdHolds)>,
}

/// The packages that Klarna's pages name, with their members.
#[must_use]
pub fn emd_packages() -> Vec<EmdPackage> {
    let all = PACKAGES.iter().map(|(name, members)| EmdPackage {
        name,
        members: flat("", members),
    });
    all.collect()
}

fn flat(before: &str, members: &[(&str, Holds)]) -> Vec<(String, EmdHolds)> {
    let each = members.iter().flat_map(|(name, holds)| {
        let path = format!("{before}{name}");
        match holds {
            Holds::Parts(inner) => flat(&format!("{path}."), inner),
            Holds::Text => vec![(path, EmdHolds::Text)],
            Holds::Count => vec![(path, EmdHolds::Count)],
            Holds::Truth => vec![(path, EmdHolds::Truth)],
            Holds::Date => vec![(path, EmdHolds::Date)],
        }
    });
    each.collect()
}

/// Builds the attachment.
///
/// # Errors
/// The first member that cannot stand in it, with its path and why; [`EmdRule::Empty`] without any.
pub fn build_emd(parts: &[EmdPart]) -> Result<Attachment, EmdFinding> {
    let mut packages: BTreeMap<&str, BTreeMap<usize, Map<String, Value>>> = BTreeMap::new();
    for part in parts {
        let value = value_of(part)?;
        let entries = packages.entry(part.package.as_str()).or_default();
        put(entries.entry(part.entry).or_default(), part, value)?;
    }
    let lists = packages.into_iter().map(|(name, entries)| {
        let list = entries.into_values().map(Value::Object).collect();
        (name.to_owned(), Value::Array(list))
    });
    let body = Value::Object(lists.collect()).to_string();
    match lint_emd(&body, None).into_iter().next() {
        Some(finding) => Err(finding),
        None => Ok(Attachment::of(body)),
    }
}

fn value_of(part: &EmdPart) -> Result<Value, EmdFinding> {
    let refused = |rule| EmdFinding {
        rule,
        path: part.path(),
    };
    let packages = emd_packages();
    let package = packages.iter().find(|package| package.name == part.package);
    let package = package.ok_or_else(|| EmdFinding {
        rule: EmdRule::UnknownPackage,
        path: part.package.clone(),
    })?;
    let known = package.members.iter().find(|(name, _)| *name == part.member);
    let (_, holds) = known.ok_or_else(|| refused(EmdRule::UnknownMember))?;
    let text = part.value.trim();
    if text.is_empty() {
        return Err(refused(EmdRule::Kind));
    }
    match holds {
        EmdHolds::Text => Ok(text.into()),
        EmdHolds::Count => text.parse::<u64>().map(Value::from).map_err(|_| refused(EmdRule::Kind)),
        EmdHolds::Truth => text
            .parse::<bool>()
            .map(Value::from)
            .map_err(|_| refused(EmdRule::Kind)),
        EmdHolds::Date if is_date(text) => Ok(text.into()),
        EmdHolds::Date => Err(refused(EmdRule::Date)),
    }
}

fn put(entry: &mut Map<String, Value>, part: &EmdPart, value: Value) -> Result<(), EmdFinding> {
    let (into, name) = match part.member.split_once('.') {
        None => (Some(entry), part.member.as_str()),
        Some((outer, name)) => {
            let inner = entry.entry(outer).or_insert_with(|| Value::Object(Map::new()));
            (inner.as_object_mut(), name)
        }
    };
    let twice = into.is_none_or(|into| into.insert(name.to_owned(), value).is_some());
    if twice {
        return Err(EmdFinding {
            rule: EmdRule::Twice,
            path: part.path(),
        });
    }
    Ok(())
}

impl Attachment {
    /// Reads an attachment as [`Attachment::to_json`] writes it, or the data alone.
    ///
    /// # Errors
    /// The first fault; what is only worth a look is taken.
    pub fn read(text: &str) -> Result<Self, EmdFinding> {
        if let Some(fault) = lint_emd(text, None).into_iter().find(|found| found.rule.is_fault()) {
            return Err(fault);
        }
        let unreadable = || EmdFinding {
            rule: EmdRule::NotJson,
            path: String::new(),
        };
        let value: Value = serde_json::from_str(text).map_err(|_| unreadable())?;
        let inner = value.get("attachment").unwrap_or(&value);
        if inner.get("content_type").and_then(Value::as_str) == Some(EMD_CONTENT_TYPE) {
            let body = inner.get("body").and_then(Value::as_str).ok_or_else(unreadable)?;
            return Ok(Self::of(body.to_owned()));
        }
        Ok(Self::of(inner.to_string()))
    }
}
