//! Paths of many entries of one tree: neighbours share most of their subtrees, so each is read once.

use std::cell::RefCell;
use std::collections::HashMap;

use gatehouse_audit::tree::Hash;
use gatehouse_audit::{LogError, Snapshot, proof};

/// The most subtrees that are kept: far more than one path has.
const MOST: usize = 4096;

/// The log's tree, with the subtrees that were read last.
pub struct KeptNodes<'a> {
    snapshot: &'a Snapshot<'a>,
    kept: RefCell<HashMap<(u32, u64), Hash>>,
}

impl<'a> KeptNodes<'a> {
    /// Keeps nothing yet.
    pub fn new(snapshot: &'a Snapshot<'a>) -> Self {
        Self {
            snapshot,
            kept: RefCell::default(),
        }
    }

    /// The inclusion proof of an entry.
    ///
    /// # Errors
    /// The file cannot be read, or a subtree is missing.
    pub fn path(&self, seq: u64) -> Result<Vec<Hash>, LogError> {
        proof::path(seq.saturating_sub(1), self.snapshot.size, &|level, idx| {
            self.node(level, idx)
        })
    }

    fn node(&self, level: u32, idx: u64) -> Result<Option<Hash>, LogError> {
        let known = self.kept.borrow().get(&(level, idx)).copied();
        if known.is_some() {
            return Ok(known);
        }
        let read = self.snapshot.node(level, idx)?;
        if let Some(hash) = read {
            let mut kept = self.kept.borrow_mut();
            if kept.len() >= MOST {
                kept.clear();
            }
            kept.insert((level, idx), hash);
        }
        Ok(read)
    }
}
