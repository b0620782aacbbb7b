//! What a caller hands to the log: an entry without its place, and the moment at which it is made.
//!
//! Deliberately absent: sequence number, previous hash, log id and time. Only the log gives these.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::anchor::is_hex;
use crate::body::{KIND_GENESIS, KIND_REANCHORED};
use crate::canonical;
use crate::error::LogError;

/// The longest kind, in bytes.
const MAX_KIND: usize = 64;

/// The moment at which an entry is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Milliseconds since 1970, UTC.
    pub unix_ms: i64,
    /// Milliseconds on a clock that never goes back, since the process began.
    pub mono_ms: u64,
}

/// Where an entry stands in its act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Written and anchored before anything leaves the machine.
    Intent,
    /// Written when the answer is known, or known to be unknown.
    Outcome,
    /// Stands alone.
    Note,
}

impl Phase {
    /// The word in the entry.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Intent => "intent",
            Self::Outcome => "outcome",
            Self::Note => "note",
        }
    }
}

/// Who acted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// Key id of the person key.
    pub key_id: String,
    /// The role in which the person acted.
    pub role: String,
    /// One run of the program; the monotonic clock is comparable within it.
    pub session: String,
}

/// On which machine, with which program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Device {
    /// Opaque id of the data directory.
    pub id: String,
    /// Operating system.
    pub os: String,
    /// Program and version.
    pub app: String,
}

/// An entry before the log gives it its place.
///
/// `request`, `result`, `signing` and `private` hold strings, integers up to 2^53-1, booleans, arrays and objects; no floats, no
/// `null`; member names are printable ASCII. Empty ones are left out of the entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Dotted lower-case words, such as `portal.open`.
    pub kind: String,
    /// Intent, outcome or note.
    pub phase: Phase,
    /// Joins intent and outcome of one act (UUIDv7).
    pub act: Uuid,
    /// Profile.
    pub profile: Option<String>,
    /// `live`, `test` or `sandbox`.
    pub env: Option<String>,
    /// Who.
    pub actor: Option<Actor>,
    /// Where.
    pub device: Option<Device>,
    /// Account KRN of the merchant.
    pub merchant: Option<String>,
    /// What was asked for.
    pub request: Map<String, Value>,
    /// What came of it.
    pub result: Map<String, Value>,
    /// With which key and certificate.
    pub signing: Map<String, Value>,
    /// Hash of the plan it belongs to: 64 hex digits.
    pub plan_sha256: Option<String>,
    /// Personal data and free text: goes to a salted side row, of which the entry holds a commitment only.
    pub private: Option<Map<String, Value>>,
}

impl Draft {
    /// Makes a draft with nothing but kind, phase and act.
    #[must_use]
    pub fn new(kind: impl Into<String>, phase: Phase, act: Uuid) -> Self {
        Self {
            kind: kind.into(),
            phase,
            act,
            profile: None,
            env: None,
            actor: None,
            device: None,
            merchant: None,
            request: Map::new(),
            result: Map::new(),
            signing: Map::new(),
            plan_sha256: None,
            private: None,
        }
    }

    /// Checks what the format asks of a draft, all but its length.
    ///
    /// # Errors
    /// [`LogError::Refused`] with the first rule that is broken. The log's own kinds are refused too.
    pub fn check(&self) -> Result<(), LogError> {
        if matches!(self.kind.as_str(), KIND_GENESIS | KIND_REANCHORED) {
            return Err(LogError::Refused(format!(
                "only the log itself writes entries of the kind {}",
                self.kind
            )));
        }
        self.check_own()
    }

    /// As [`Draft::check`], for the log's own entries.
    pub(crate) fn check_own(&self) -> Result<(), LogError> {
        if !is_kind(&self.kind) {
            return Err(LogError::Refused(
                "the kind is not two or more lower-case words joined by dots".to_owned(),
            ));
        }
        if self.plan_sha256.as_ref().is_some_and(|hash| !is_hex(hash, 64)) {
            return Err(LogError::Refused(
                "plan_sha256 is not 64 lower-case hex digits".to_owned(),
            ));
        }
        [&self.request, &self.result, &self.signing]
            .into_iter()
            .chain(&self.private)
            .try_for_each(|object| canonical::check_object(object, 2))
            .map_err(|fault| LogError::Refused(fault.to_string()))
    }
}

/// Tells whether a text is a kind: two or more words of `[a-z0-9_]`, each beginning with a letter, joined by dots.
pub fn is_kind(kind: &str) -> bool {
    let word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    kind.len() <= MAX_KIND && kind.contains('.') && kind.split('.').all(word)
}
