//! What a bundle's entries come to, counted as they go by.

use std::collections::BTreeMap;

use gatehouse_audit::StoredEntry;

use crate::audit_export::raw;
use crate::audit_export::seen::Seen;

/// The most kinds that are told apart: of a log of ours there are fewer.
const MOST_KINDS: usize = 500;

/// Numbers for the page.
#[derive(Debug, Default)]
pub struct Counts {
    /// When the first entry was written.
    pub from: String,
    /// When the last entry was written.
    pub until: String,
    /// Outcomes: succeeded, refused, unknown.
    pub outcomes: [u64; 3],
    /// Entries of each kind.
    pub kinds: BTreeMap<String, u64>,
    /// Entries whose side row is there.
    pub named: u64,
}

impl Counts {
    /// Takes an entry in; nothing for one that cannot be read.
    pub fn add(&mut self, entry: &StoredEntry<'_>, redact: bool) -> Option<()> {
        let seen = Seen::of(entry, redact)?;
        if self.from.is_empty() {
            seen.time.clone_into(&mut self.from);
        }
        seen.time.clone_into(&mut self.until);
        self.named += u64::from(!seen.private.is_empty());
        let ended = match raw::member(seen.result, "outcome") {
            Some("\"succeeded\"") => Some(0),
            Some("\"refused\"") => Some(1),
            Some("\"unknown\"") => Some(2),
            Some(_) | None => None,
        };
        if let Some(count) = ended.and_then(|at: usize| self.outcomes.get_mut(at)) {
            *count += 1;
        }
        if let Some(count) = self.kinds.get_mut(seen.kind) {
            *count += 1;
        } else if self.kinds.len() < MOST_KINDS {
            self.kinds.insert(seen.kind.to_owned(), 1);
        }
        Some(())
    }

    /// The kinds with most entries, the largest first.
    pub fn most(&self, count: usize) -> Vec<(&str, u64)> {
        let mut kinds: Vec<(&str, u64)> = self.kinds.iter().map(|(kind, count)| (kind.as_str(), *count)).collect();
        kinds.sort_by_key(|(kind, count)| (std::cmp::Reverse(*count), *kind));
        kinds.truncate(count);
        kinds
    }
}
