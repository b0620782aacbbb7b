//! One line of a snapshot: a grant with what matters beside it, as canonical members and back.

use serde_json::Value;

use super::document::{self, Members, damaged, number, text, time, unix_ms};
use super::{Decision, Verdict};
use crate::access::Grant;
use crate::problem::Problem;

/// A grant as it stood when the snapshot was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantFacts {
    /// Number of the line, from 1.
    pub line: u32,
    /// The ledger's own id of it.
    pub grant_id: String,
    /// The merchant's account KRN.
    pub merchant_id: String,
    /// The merchant's name; empty where it is not in the list of merchants.
    pub merchant_name: String,
    /// The merchant's reference.
    pub reference: String,
    /// The person's e-mail.
    pub principal: String,
    /// The account KRN on whose behalf they act.
    pub on_behalf_of: String,
    /// Their roles.
    pub roles: Vec<String>,
    /// Where the grant stood, as far as could be known.
    pub state: String,
    /// `granted` or `declared`.
    pub origin: String,
    /// Why it was granted.
    pub reason: Option<String>,
    /// The key id of who granted it.
    pub granted_by: String,
    /// What they are called, if the profile lists them.
    pub granted_by_name: Option<String>,
    /// When it was granted.
    pub granted_at_ms: i64,
    /// When it was changed last.
    pub changed_at_ms: i64,
    /// When the person was last seen to enter through us.
    pub seen_ms: Option<i64>,
    /// The day on which it ends.
    pub expires_on: Option<String>,
    /// After how much inactivity it lapses.
    pub inactivity: Option<String>,
}

/// A line as it is reviewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewLine {
    /// The grant.
    pub facts: GrantFacts,
    /// What all decisions come to.
    pub verdict: Option<Verdict>,
    /// Each reviewer's decision.
    pub decisions: Vec<Decision>,
    /// Whether whoever reviews here would review their own: they granted it, or it is theirs.
    pub self_review: bool,
}

/// A line with the bytes that were hashed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedLine {
    /// The exact bytes.
    pub body: Vec<u8>,
    /// What all decisions come to.
    pub verdict: Option<Verdict>,
}

/// What stands beside a grant in other tables.
pub(super) struct Beside {
    pub merchant_name: String,
    pub reference: String,
    pub seen_ms: Option<i64>,
    pub granted_by_name: Option<String>,
}

/// The canonical members of a line.
pub(super) fn members(line: u32, grant: &Grant, beside: &Beside, now_ms: i64) -> Members {
    let mut members = Members::new();
    let mut put = |name: &str, value: Value| {
        members.insert(name.to_owned(), value);
    };
    put("line", line.into());
    put("grant_id", grant.id.to_string().into());
    put("merchant_id", grant.merchant_id.as_str().into());
    put("merchant_name", beside.merchant_name.as_str().into());
    put("reference", beside.reference.as_str().into());
    put("principal", grant.principal.as_str().into());
    put("on_behalf_of", grant.on_behalf_of.as_str().into());
    put("roles", grant.roles.clone().into());
    put("state", grant.state(now_ms, beside.seen_ms).word().into());
    put("origin", grant.origin.word().into());
    put("granted_by", grant.granted_by.as_str().into());
    put("granted_at", time(grant.granted_at_ms).into());
    put("changed_at", time(grant.changed_at_ms).into());
    let end = grant.expires_on.map(|day| day.to_string());
    let optional = [
        ("reason", grant.reason.clone()),
        ("granted_by_name", beside.granted_by_name.clone()),
        ("seen_at", beside.seen_ms.map(time)),
        ("expires_on", end),
        ("inactivity", grant.inactivity.clone()),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            put(name, value.into());
        }
    }
    members
}

impl GrantFacts {
    /// Reads a line that was stored or came from outside.
    ///
    /// # Errors
    /// `review_file_damaged` for bytes that are not canonical, and for a line that lacks something.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Problem> {
        let members = document::read(bytes)?;
        Self::of(&members).ok_or_else(|| damaged("One of its lines lacks a part."))
    }

    fn of(members: &Members) -> Option<Self> {
        let owned = |name: &str| text(members, name).map(str::to_owned);
        let at = |name: &str| text(members, name).and_then(unix_ms);
        let roles = members.get("roles")?.as_array()?.iter();
        let seen_ms = match text(members, "seen_at") {
            Some(seen) => Some(unix_ms(seen)?),
            None => None,
        };
        Some(Self {
            line: number(members, "line")?,
            grant_id: owned("grant_id")?,
            merchant_id: owned("merchant_id")?,
            merchant_name: owned("merchant_name")?,
            reference: owned("reference")?,
            principal: owned("principal")?,
            on_behalf_of: owned("on_behalf_of")?,
            roles: roles
                .map(|role| role.as_str().map(str::to_owned))
                .collect::<Option<_>>()?,
            state: owned("state")?,
            origin: owned("origin")?,
            reason: owned("reason"),
            granted_by: owned("granted_by")?,
            granted_by_name: owned("granted_by_name"),
            granted_at_ms: at("granted_at")?,
            changed_at_ms: at("changed_at")?,
            seen_ms,
            expires_on: owned("expires_on"),
            inactivity: owned("inactivity"),
        })
    }

    /// Whether somebody reviews their own here: what they granted, or their own access.
    #[must_use]
    pub(super) fn concerns(&self, reviewer: &Reviewer) -> bool {
        self.granted_by == reviewer.key_id || crate::access::person_key(&self.principal).ok() == reviewer.person
    }

    /// The end of the merchant's account KRN, by which people know it.
    #[must_use]
    pub fn merchant_tail(&self) -> &str {
        self.merchant_id.rsplit(':').next().unwrap_or_default()
    }
}

/// Who decides lines here.
#[derive(Debug, Clone)]
pub(super) struct Reviewer {
    pub key_id: String,
    /// Their address, in the form by which people are told apart.
    pub person: Option<String>,
}

impl Reviewer {
    /// The person who acts in this data directory.
    pub fn here(core: &crate::facade::Core, profile: &crate::profile::Profile) -> Result<Self, Problem> {
        Ok(Self {
            key_id: crate::acts::known_person(&core.database())?.unwrap_or_default(),
            person: Some(profile.user.person_key()),
        })
    }
}
