//! The answer of a verification: one verdict, one reason, and the findings behind it.
//!
//! Deliberately absent: advice. What to do about a verdict is for the caller to say.

use std::fmt;

use serde_json::{Value, json};

use crate::verify::Verified;

/// The verdict, in the words of the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Every entry, node and checkpoint is as written, and the anchor agrees.
    Intact,
    /// An entry, or something derived from the entries, was changed; or the file's tables were.
    Broken,
    /// The anchor or a stored checkpoint is ahead of the log, and the rest is no older state of its own.
    Truncated,
    /// A whole older state, consistent in itself: the anchor is ahead of it.
    RolledBack,
    /// Another history than the anchored one: another log, or the same log with other entries.
    Replaced,
    /// Entries, but no anchor.
    Unanchored,
}

impl Verdict {
    /// The word used in `--json` answers and in the screens.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Intact => "intact",
            Self::Broken => "broken",
            Self::Truncated => "truncated",
            Self::RolledBack => "rolled_back",
            Self::Replaced => "replaced",
            Self::Unanchored => "unanchored",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What kind of thing was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Defect {
    /// Tables, triggers, views, application id or schema version are not the ones of this format.
    Schema,
    /// SQLite's own check of the file failed.
    File,
    /// A sequence number is missing or out of range.
    Gap,
    /// An entry's bytes do not give its leaf hash.
    Leaf,
    /// An entry's bytes are not canonical.
    Form,
    /// An entry's members are not those of this format, or contradict its place.
    Members,
    /// An entry does not name the leaf hash of the one before it.
    Chain,
    /// A stored subtree hash is wrong, missing or left over.
    Node,
    /// A checkpoint is wrong, missing or left over.
    Checkpoint,
    /// A private side row does not match its commitment, is missing, or is left over.
    Private,
    /// The table of log id and keys contradicts the entries.
    Meta,
    /// The anchor disagrees, is ahead, or is missing.
    Anchor,
    /// The checkpoint key is not the one in force.
    Key,
    /// A co-signature in an entry does not hold, or a checkpoint that a witness kept is another one.
    Witness,
    /// What an archive left in the file contradicts the entry that tells of it.
    Archive,
    /// More tokens were signed with a key than the log has intents for. Flagged only; never a verdict.
    Signatures,
    /// The clock went back, or ran unlike the monotonic one. Flagged only; never a verdict.
    Clock,
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind.
    pub defect: Defect,
    /// The entry it concerns, where there is one.
    pub seq: Option<u64>,
    /// A full sentence.
    pub detail: String,
}

impl Finding {
    pub(crate) fn new(defect: Defect, seq: Option<u64>, detail: impl Into<String>) -> Self {
        Self {
            defect,
            seq,
            detail: detail.into(),
        }
    }
}

/// To where somebody other than the log vouched for it, by a co-signature that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witnessed {
    /// Number of entries that the co-signature covers.
    pub size: u64,
    /// The time of the entry that bears it: RFC 3339, UTC.
    pub time: String,
    /// The witness's public key in hex.
    pub witness: String,
    /// The entry that bears it.
    pub entry: u64,
}

impl Witnessed {
    fn document(&self) -> Value {
        json!({ "size": self.size, "time": self.time, "witness": self.witness, "entry": self.entry })
    }
}

/// A key that signed more tokens than the log has intents for: somebody used it beside the log, which is whole all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedBeside {
    /// The key's id.
    pub key: String,
    /// How many tokens were counted where it signs.
    pub signed: u64,
    /// How many intents the log has for it, archived ones included.
    pub known: u64,
}

impl UsedBeside {
    /// A full sentence about it.
    #[must_use]
    pub fn sentence(&self) -> String {
        let Self { key, signed, known } = self;
        format!(
            "{signed} tokens were signed with the key {key}, and the log has {known} intents for it: it was used beside the log."
        )
    }
}

/// What findings say, a sentence each.
#[must_use]
pub fn details(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.detail.as_str()).collect()
}

/// The answer of a verification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The verdict.
    pub verdict: Verdict,
    /// Number of entries that were found.
    pub size: u64,
    /// RFC 6962 root over the stored entries, in hex; `None` when there are none or they cannot be read to their end.
    pub root: Option<String>,
    /// The first entry that does not hold or is missing, where that can be told.
    pub first_bad_seq: Option<u64>,
    /// A full sentence that says why.
    pub reason: String,
    /// All that was found, the deciding one first.
    pub findings: Vec<Finding>,
    /// What is odd but proves nothing: a clock that went back.
    pub notices: Vec<Finding>,
    /// Keys that were used beside the log; each is told among the notices as well.
    pub beside: Vec<UsedBeside>,
    /// The anchor's size that the check went against.
    pub anchored: Option<u64>,
    /// The largest size for which an entry bears a co-signature of a witness who is none of the log's own persons.
    pub witnessed: Option<Witnessed>,
    /// The largest size that a daily review signed off, by whomever.
    pub reviewed: Option<Witnessed>,
    /// The first entry in the file: 1 unless earlier ones were archived.
    pub first: u64,
    /// Where a log that holds ended, for the next verification of this process to go on from.
    pub verified: Option<Verified>,
}

impl Report {
    /// The answer as one JSON object, as the command line and `gatehouse-verify` give it (design section 7).
    #[must_use]
    pub fn document(&self) -> Value {
        json!({
            "verdict": self.verdict.as_str(),
            "size": self.size,
            "root": self.root,
            "first_bad_seq": self.first_bad_seq,
            "reason": self.reason,
            "first": self.first,
            "anchored": self.anchored,
            "witnessed": self.witnessed.as_ref().map(Witnessed::document),
            "reviewed": self.reviewed.as_ref().map(Witnessed::document),
            "notices": details(&self.notices),
        })
    }

    /// Tells whether the log is as it was written and anchored.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.verdict == Verdict::Intact
    }
}
