//! The members of an entry, version 1, as they stand in its canonical bytes.
//!
//! Deliberately absent: private data (side rows) and any member that a reader would have to guess.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::anchor::is_hex;
use crate::canonical::{self, CanonicalFault, MAX_ENTRY};
use crate::draft::{Actor, Device, Phase, is_kind};
use crate::time;
use crate::tree::Hash;

/// The version of the entry's form.
pub const FORMAT_VERSION: u32 = 1;
/// The kind of the first entry, and of no other.
pub const KIND_GENESIS: &str = "log.genesis";
/// The kind of the entry that begins a new epoch.
pub const KIND_REANCHORED: &str = "log.reanchored";
/// The kind of the entry that bears a witness's co-signature.
pub const KIND_WITNESSED: &str = "audit.witnessed";
/// The kind of the entry that bears the co-signature of a daily review.
pub const KIND_REVIEW: &str = "audit.review";
/// The kind of the entry that tells which entries were moved to an archive.
pub const KIND_ARCHIVED: &str = "log.archived";
/// The kind of the entry that allows one private side row to be missing: `request.seq` names it.
pub const KIND_ERASED: &str = "private.erased";

/// What `env` may say.
pub(crate) const ENVIRONMENTS: [&str; 3] = ["live", "test", "sandbox"];

/// The members of an entry (audit.md 2.1); absent ones are left out of the bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Format version: 1.
    pub v: u32,
    /// Log id: 32 hex digits.
    pub log: String,
    /// Sequence number, from 1, without gaps.
    pub seq: u64,
    /// Leaf hash of the entry before, in hex; 64 zeros in the first.
    pub prev: String,
    /// RFC 3339, UTC, milliseconds.
    pub time: String,
    /// Monotonic milliseconds since the process began.
    pub mono: u64,
    /// What kind of entry.
    pub kind: String,
    /// Intent, outcome or note.
    pub phase: Phase,
    /// The act it belongs to.
    pub act: Uuid,
    /// Profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Environment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub env: Option<String>,
    /// Who.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<Actor>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<Device>,
    /// Account KRN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant: Option<String>,
    /// What was asked for.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub request: Map<String, Value>,
    /// What came of it.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub result: Map<String, Value>,
    /// Key and certificate.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub signing: Map<String, Value>,
    /// Hash of a plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_sha256: Option<String>,
    /// Commitment to the private side row: `SHA-256(salt || json)` in hex.
    #[serde(rename = "priv", skip_serializing_if = "Option::is_none")]
    pub commitment: Option<String>,
}

/// The place that the log gives to an entry.
#[derive(Debug, Clone)]
pub struct Place<'a> {
    /// RFC 3339, UTC, milliseconds.
    pub time: &'a str,
    /// Monotonic milliseconds since the process began.
    pub mono: u64,
    /// Log id.
    pub log_id: &'a str,
    /// Sequence number.
    pub seq: u64,
    /// Leaf hash of the entry before; zeros at the beginning.
    pub prev: Hash,
    /// Commitment to the private side row.
    pub commitment: Option<Hash>,
}

impl Body {
    /// Writes the canonical bytes.
    ///
    /// # Errors
    /// Outside the restricted form, or longer than 16 KiB.
    pub fn to_bytes(&self) -> Result<Vec<u8>, CanonicalFault> {
        match serde_json::to_value(self) {
            Ok(Value::Object(object)) => canonical::write(&object, MAX_ENTRY),
            Ok(_) => Err(CanonicalFault::NotCanonical),
            Err(fault) => Err(CanonicalFault::Outside(fault.to_string())),
        }
    }

    /// Reads an entry strictly: canonical bytes, the members of this format and no others, each in its form.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CanonicalFault> {
        let object = canonical::parse(bytes, MAX_ENTRY)?;
        check_spelling(&object)?;
        let body: Self = serde_json::from_value(Value::Object(object))
            .map_err(|fault| CanonicalFault::Outside(format!("its members are not those of an entry: {fault}")))?;
        body.check_members()?;
        Ok(body)
    }

    fn check_members(&self) -> Result<(), CanonicalFault> {
        let rules = [
            (self.v == FORMAT_VERSION, "v"),
            (is_hex(&self.log, 32), "log"),
            (self.seq >= 1, "seq"),
            (is_hex(&self.prev, 64), "prev"),
            (time::read(&self.time).is_some(), "time"),
            (is_kind(&self.kind), "kind"),
            (self.env.as_deref().is_none_or(|env| ENVIRONMENTS.contains(&env)), "env"),
            (
                self.plan_sha256.as_ref().is_none_or(|hash| is_hex(hash, 64)),
                "plan_sha256",
            ),
            (self.commitment.as_ref().is_none_or(|hash| is_hex(hash, 64)), "priv"),
        ];
        match rules.iter().find(|(holds, _)| !holds) {
            None => Ok(()),
            Some((_, member)) => Err(CanonicalFault::Outside(format!("its member {member} is out of form"))),
        }
    }

    /// The time in milliseconds since 1970; 0 when it cannot be read.
    #[must_use]
    pub fn unix_ms(&self) -> i64 {
        time::read(&self.time).unwrap_or(0)
    }

    /// A text member of `result`, such as `outcome` or `code`.
    #[must_use]
    pub fn result_text(&self, name: &str) -> Option<&str> {
        self.result.get(name).and_then(Value::as_str)
    }

    /// Stands in for an entry whose bytes cannot be read, so that the row is shown and not hidden.
    pub(crate) fn unreadable(seq: u64) -> Self {
        Self {
            v: 0,
            log: String::new(),
            seq,
            prev: String::new(),
            time: String::new(),
            mono: 0,
            kind: "unreadable".to_owned(),
            phase: Phase::Note,
            act: Uuid::nil(),
            profile: None,
            env: None,
            actor: None,
            device: None,
            merchant: None,
            request: Map::new(),
            result: Map::new(),
            signing: Map::new(),
            plan_sha256: None,
            commitment: None,
        }
    }
}

/// What reading would forgive: an act id in another spelling, members that are present but empty, and lists in the place of objects.
fn check_spelling(object: &Map<String, Value>) -> Result<(), CanonicalFault> {
    let act = object.get("act").and_then(Value::as_str).unwrap_or_default();
    let spelt = Uuid::try_parse(act).is_ok_and(|id| id.hyphenated().to_string() == act);
    let empty = |name| object.get(name).and_then(Value::as_object).is_some_and(Map::is_empty);
    let list = |name| object.get(name).is_some_and(Value::is_array);
    if spelt && !["request", "result", "signing"].into_iter().any(empty) && !["actor", "device"].into_iter().any(list) {
        Ok(())
    } else {
        Err(CanonicalFault::NotCanonical)
    }
}
