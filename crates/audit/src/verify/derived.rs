//! What is derived from the entries so far: the subtrees that the last one completed, and the checkpoint at this size.
//!
//! Deliberately absent: rows beyond the last entry (`leftovers`).

use super::walk::Walk;
use crate::error::LogError;
use crate::note;
use crate::report::{Defect, Finding};
use crate::store::rows;
use crate::tree::{Hash, Node};

impl Walk<'_> {
    /// Compares completed subtrees with the stored ones.
    pub(super) fn check_nodes(&mut self, nodes: &[Node]) -> Result<(), LogError> {
        for node in nodes {
            if rows::node(self.conn, node.level, node.idx)? != Some(node.hash) {
                let detail = format!(
                    "The stored subtree {} of level {} is missing or was changed.",
                    node.idx, node.level
                );
                self.suspect(Defect::Node, &detail);
            }
        }
        Ok(())
    }

    /// Checks the checkpoint at this size, if there is one: older ones may have been thinned out.
    pub(super) fn check_checkpoint(&mut self) -> Result<(), LogError> {
        let size = self.walked.frontier.size();
        let Some(note) = rows::checkpoint(self.conn, size)? else {
            return Ok(());
        };
        match self.read_checkpoint(note.as_deref(), size) {
            Err(detail) => self.suspect(Defect::Checkpoint, &detail),
            Ok(root) if root == self.walked.frontier.root() => {
                self.walked.signed = size;
                self.vouch();
            }
            Ok(_) => {
                let first = self.walked.vouched + 1;
                let detail = format!("The entries from {first} to {size} are not those that were signed.");
                self.walked.stopped = Some(Finding::new(Defect::Checkpoint, Some(first), detail));
            }
        }
        Ok(())
    }

    /// The root that a true checkpoint of this size names.
    fn read_checkpoint(&self, note: Option<&str>, size: u64) -> Result<Hash, String> {
        let note = note.ok_or_else(|| format!("The checkpoint at {size} is no text."))?;
        let epoch = self
            .walked
            .epochs
            .last()
            .expect("the first entry names its key, or the walk stops there");
        let found = note::open(note, &epoch.log_id, &epoch.key)
            .map_err(|fault| format!("At the checkpoint at {size}, {fault}."))?;
        if found.size == size {
            Ok(found.root)
        } else {
            Err(format!("The checkpoint at {size} is the one at {}.", found.size))
        }
    }

    fn suspect(&mut self, defect: Defect, detail: &str) {
        let size = self.walked.frontier.size();
        self.walked
            .pending
            .get_or_insert_with(|| Finding::new(defect, Some(size), detail));
    }
}
