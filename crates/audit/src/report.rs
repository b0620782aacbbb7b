//! The answer of a verification: one verdict, one reason, and the findings behind it.
//!
//! Deliberately absent: advice. What to do about a verdict is for the caller to say.

use std::fmt;

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
    /// The anchor's size that the check went against.
    pub anchored: Option<u64>,
}

impl Report {
    /// Tells whether the log is as it was written and anchored.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.verdict == Verdict::Intact
    }
}
