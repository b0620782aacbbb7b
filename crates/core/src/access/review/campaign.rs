//! What a review is: its scope, its state, and how far it has come.

use jiff::civil::Date;
use uuid::Uuid;

/// What the snapshot holds; all of it is of one profile, and so of one environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReviewScope {
    /// Every grant that is not revoked.
    All,
    /// Those of one merchant, by its account KRN.
    Merchant(String),
    /// Those with the role merchant:admin.
    Admins,
}

impl ReviewScope {
    /// The word in documents and in the log.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Merchant(_) => "merchant",
            Self::Admins => "admins",
        }
    }
}

/// Where a review came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewOrigin {
    /// Started in this data directory.
    Own,
    /// A colleague's, taken in as a file.
    Task,
}

/// How far a review has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewState {
    /// Lines are decided.
    Open,
    /// A colleague's review whose decisions were handed in.
    HandedIn,
    /// Decided and signed; the revocations are to run.
    SignedOff,
    /// The after-list was taken.
    Concluded,
}

macro_rules! words {
    ($name:ident $($variant:ident $word:literal)*) => {
        impl $name {
            /// The word in the database and for scripts.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            pub(super) fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

words! { ReviewOrigin Own "own" Task "task" }
words! { ReviewState Open "open" HandedIn "handed_in" SignedOff "signed_off" Concluded "concluded" }
words! { Verdict Keep "keep" Revoke "revoke" }

/// What is decided of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The access stays.
    Keep,
    /// The access goes.
    Revoke,
}

impl Verdict {
    /// What the decisions on one line come to: any revoke wins; nothing without decisions.
    #[must_use]
    pub fn of(decisions: impl IntoIterator<Item = Self>) -> Option<Self> {
        decisions.into_iter().max()
    }

    pub(super) fn number(verdict: Option<Self>) -> i64 {
        match verdict {
            None => 0,
            Some(Self::Keep) => 1,
            Some(Self::Revoke) => 2,
        }
    }

    pub(super) fn from_number(number: i64) -> Option<Self> {
        match number {
            1 => Some(Self::Keep),
            2 => Some(Self::Revoke),
            _ => None,
        }
    }
}

/// How many lines are decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// In the snapshot.
    pub lines: u32,
    /// With a decision.
    pub decided: u32,
    /// Of these, to be revoked.
    pub revoked: u32,
}

impl Progress {
    /// Without a decision.
    #[must_use]
    pub fn undecided(self) -> u32 {
        self.lines.saturating_sub(self.decided)
    }

    /// To be kept.
    #[must_use]
    pub fn kept(self) -> u32 {
        self.decided.saturating_sub(self.revoked)
    }
}

/// One review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Its id; the same in every reviewer's data directory.
    pub id: Uuid,
    /// What people call it.
    pub name: String,
    /// Started here, or a colleague's.
    pub origin: ReviewOrigin,
    /// How far it has come.
    pub state: ReviewState,
    /// What was looked at.
    pub scope: ReviewScope,
    /// The snapshot's hash, hex.
    pub snapshot_sha256: String,
    /// How many lines are decided.
    pub progress: Progress,
    /// When the snapshot was taken.
    pub started_ms: i64,
    /// The day by which it is to be signed off, UTC.
    pub due: Option<Date>,
    /// The starter's key id.
    pub starter: String,
    /// The log's entry that tells of its start, or of its being taken in.
    pub start_seq: u64,
    /// The log's checkpoint after that entry.
    pub checkpoint: String,
    /// When it was signed off.
    pub signed_off_ms: Option<i64>,
    /// Hash of the plan that revokes, once there is one.
    pub plan_sha256: Option<String>,
    /// When the after-list was taken.
    pub concluded_ms: Option<i64>,
}
