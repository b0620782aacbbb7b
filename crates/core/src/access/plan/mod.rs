//! Plans: many grants and revocations, each checked and named before anything is done (decision 0010).
//!
//! A plan is a file of canonical bytes, signed by whoever made it. Its hash is what is approved, what is carried out and what stands in
//! the log. Deliberately absent: carrying it out, which is [`super::run`]; approving it, which is [`super::approval`].

mod cache;
mod count;
mod file;
mod judge;
mod read;

pub(crate) use cache::PlanCache;
pub(crate) use count::paced_per_1000_s;
pub use count::{Counts, per_second};
pub use file::PlanFile;
pub(crate) use file::VALID_MS;
pub(crate) use judge::{Judge, grant_of};
pub use read::MAX_ROWS;
pub(crate) use read::{Column, Sheet, read};

use serde::{Deserialize, Serialize};

/// What a row asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowAction {
    /// Give or change access.
    Grant,
    /// Take access away.
    Revoke,
}

impl RowAction {
    /// The word in files and for scripts.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Grant => "grant",
            Self::Revoke => "revoke",
        }
    }
}

/// What a row would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The person has no access to this merchant that we know of, and gets it.
    New,
    /// The person has some, and it changes.
    Update,
    /// The person's access ends.
    Revoke,
    /// The same, but the ledger knows of none: it was made elsewhere, or is none.
    RevokeUnlisted,
    /// It is so already; nothing is sent.
    AlreadySo,
    /// Two rows say different things of one person at one merchant; neither is done.
    Conflict,
    /// It breaks a rule; it is not done.
    Refused,
}

impl Verdict {
    /// All of them, as they are counted.
    pub const ALL: [Self; 7] = [
        Self::New,
        Self::Update,
        Self::Revoke,
        Self::RevokeUnlisted,
        Self::AlreadySo,
        Self::Conflict,
        Self::Refused,
    ];

    /// The word in files and for scripts.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Update => "update",
            Self::Revoke => "revoke",
            Self::RevokeUnlisted => "revoke_unlisted",
            Self::AlreadySo => "already_so",
            Self::Conflict => "conflict",
            Self::Refused => "refused",
        }
    }

    /// Whether a call is made for it.
    #[must_use]
    pub fn is_done(self) -> bool {
        matches!(self, Self::New | Self::Update | Self::Revoke | Self::RevokeUnlisted)
    }
}

/// One row of a plan, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanRow {
    /// The line of the file it was read from, or its place in the list.
    pub line: u32,
    /// What it asks for.
    pub action: RowAction,
    /// The merchant's account KRN; for a refused row whatever was written.
    pub merchant: String,
    /// The merchant's name as we know it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub merchant_name: String,
    /// The person's e-mail, or Klarna's user id for a revocation.
    pub principal: String,
    /// On whose behalf; nothing in a revocation ends every access of the person to the merchant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<String>,
    /// Roles of a grant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// The day on which a grant ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    /// After how much inactivity a grant lapses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inactivity_grace_period: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What it would do.
    pub verdict: Verdict,
    /// Whether Klarna will most likely send an invitation.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub invitation: bool,
    /// What changes, each as a sentence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<String>,
    /// Roles that the person gains.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gains: Vec<String>,
    /// Why it is not done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// A plan as it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessPlan {
    /// Live, test or sandbox.
    pub environment: String,
    /// The acquirer's account KRN.
    pub account: String,
    /// When it was made, Unix milliseconds.
    pub made_at_ms: i64,
    /// From when on it is not carried out any more.
    pub expires_at_ms: i64,
    /// Public key of the person who made it, hex.
    pub made_by: String,
    /// What it was made of: a file's name, "review ...".
    pub source: String,
    /// The rows, as they stood.
    pub rows: Vec<PlanRow>,
}
