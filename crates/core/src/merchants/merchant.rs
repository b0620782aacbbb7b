//! A merchant as the directory keeps it, and as a file or a person brings it.
//!
//! Deliberately absent: contact people and products; the portal shows those, and nothing here needs them.

use gatehouse_klarna::AccountKrn;

use crate::problem::{ErrorCode, Problem};
use crate::profile::ProfileEnvironment;

/// Klarna's word for whether an account works (portal-access.md section 11, DOC and BRU).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum MerchantState {
    /// Normal.
    Operational,
    /// Just onboarded; it can transact, it cannot be managed yet.
    PartiallyOperational,
    /// Closed by Klarna; nothing works.
    Disabled,
    /// Never read from Klarna, or a word that this version does not know.
    #[default]
    Unknown,
}

impl MerchantState {
    /// Klarna's word, `UNKNOWN` being ours.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Operational => "OPERATIONAL",
            Self::PartiallyOperational => "PARTIALLY_OPERATIONAL",
            Self::Disabled => "DISABLED",
            Self::Unknown => "UNKNOWN",
        }
    }

    /// Reads Klarna's word; any other is [`Self::Unknown`].
    pub fn from_word(word: &str) -> Self {
        match word {
            "OPERATIONAL" => Self::Operational,
            "PARTIALLY_OPERATIONAL" => Self::PartiallyOperational,
            "DISABLED" => Self::Disabled,
            _ => Self::Unknown,
        }
    }
}

/// One merchant of one profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merchant {
    /// The whole account KRN.
    pub id: String,
    /// The name; the KRN's last segment until somebody told one.
    pub name: String,
    /// The acquirer's own reference, or empty.
    pub reference: String,
    /// Two capital letters, or empty.
    pub country: String,
    /// Tags in the order they were given.
    pub tags: Vec<String>,
    /// What Klarna last said.
    pub state: MerchantState,
    /// Whether it stands first in the list.
    pub pinned: bool,
    /// When its portal was last opened from here.
    pub opened_at_ms: Option<i64>,
    /// When Klarna was last asked about it.
    pub refreshed_at_ms: Option<i64>,
    /// When a file or a person last brought something new about it.
    pub imported_at_ms: i64,
}

impl Merchant {
    /// Its account, which must be of this environment.
    ///
    /// # Errors
    /// `environment_mixed`.
    pub fn account_in(&self, environment: ProfileEnvironment) -> Result<AccountKrn, Problem> {
        let krn = AccountKrn::parse(&self.id).map_err(|cause| Problem::internal("read a stored merchant", &cause))?;
        if krn.environment() == environment.krn() {
            return Ok(krn);
        }
        Err(Problem::new(
            ErrorCode::EnvironmentMixed,
            format!(
                "{} belongs to another environment than this {} profile.",
                krn.suffix(),
                environment.word()
            ),
            "Use a profile of its own environment.",
        ))
    }

    /// Refuses a merchant that Klarna closed, or that cannot be managed yet (portal-access.md section 11).
    ///
    /// # Errors
    /// `merchant_not_operational`.
    pub fn must_be_operational(&self) -> Result<(), Problem> {
        let meaning = match self.state {
            MerchantState::Disabled => "it was closed by Klarna",
            MerchantState::PartiallyOperational => "it was just onboarded and cannot be managed yet",
            MerchantState::Operational | MerchantState::Unknown => return Ok(()),
        };
        Err(Problem::new(
            ErrorCode::MerchantNotOperational,
            format!("{} has no portal now: {meaning}.", self.name),
            "Refresh the merchant to see whether that has changed.",
        ))
    }
}

impl Merchant {
    /// The KRN's last segment, which people read to tell namesakes apart.
    pub fn suffix(&self) -> &str {
        suffix_of(&self.id)
    }
}

/// The part of a KRN behind the last colon.
pub(super) fn suffix_of(id: &str) -> &str {
    id.rsplit(':').next().unwrap_or(id)
}

/// What a file or a person says about a merchant. An empty member says nothing: it never erases what is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMerchant {
    /// Which account.
    pub id: AccountKrn,
    /// Its name, or empty.
    pub name: String,
    /// The acquirer's reference, or empty.
    pub reference: String,
    /// Two capital letters, or empty.
    pub country: String,
    /// Tags, or none.
    pub tags: Vec<String>,
}

impl NewMerchant {
    /// An account of which only the id is known.
    pub fn of(id: AccountKrn) -> Self {
        Self {
            id,
            name: String::new(),
            reference: String::new(),
            country: String::new(),
            tags: Vec::new(),
        }
    }
}
