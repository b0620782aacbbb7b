//! What is derived from the entries so far: the subtrees that the last one completed, and the checkpoint at this size.
//!
//! Deliberately absent: rows beyond the last entry (`leftovers`).

use super::batch::{Batch, Item};
use super::examine::{self, Opened};
use super::walk::Walk;
use crate::note;
use crate::report::{Defect, Finding};
use crate::tree::{Hash, Node};

impl Walk<'_> {
    /// Compares completed subtrees with the stored ones.
    pub(super) fn check_nodes(&mut self, nodes: &[Node], stored: &[Option<Hash>]) {
        for (at, node) in nodes.iter().enumerate() {
            if stored.get(at).copied().flatten() != Some(node.hash) {
                let detail = format!(
                    "The stored subtree {} of level {} is missing or was changed.",
                    node.idx, node.level
                );
                self.suspect(Defect::Node, &detail);
            }
        }
    }

    /// Checks the checkpoint at this size, if there is one: older ones may have been thinned out.
    pub(super) fn check_checkpoint(
        &mut self,
        batch: &Batch,
        item: &Item,
        opened: Option<Opened>,
    ) -> Result<(), Finding> {
        if item.note.is_none() {
            return Ok(());
        }
        let size = self.size();
        match self.read_checkpoint(batch, item, opened, size) {
            Err(detail) => self.suspect(Defect::Checkpoint, &detail),
            Ok(root) if root == self.walked.at.frontier.root() => {
                self.walked.at.signed = size;
                self.vouch();
            }
            Ok(_) => {
                let first = self.walked.at.vouched + 1;
                let detail = format!("The entries from {first} to {size} are not those that were signed.");
                return Err(Finding::new(Defect::Checkpoint, Some(first), detail));
            }
        }
        Ok(())
    }

    /// The root that a true checkpoint of this size names. What was opened with another key than the entries tell is opened again.
    fn read_checkpoint(&self, batch: &Batch, item: &Item, opened: Option<Opened>, size: u64) -> Result<Hash, String> {
        let epoch = self
            .walked
            .at
            .epochs
            .last()
            .expect("the first entry names its key, or the walk stops there");
        let text = examine::text(batch, item).ok_or_else(|| format!("The checkpoint at {size} is no text."))?;
        let opened = opened.filter(|opened| opened.key == epoch.key && opened.log_id == epoch.log_id);
        let found = opened.map_or_else(|| note::open(text, &epoch.log_id, &epoch.key), |opened| opened.found);
        let found = found.map_err(|fault| format!("At the checkpoint at {size}, {fault}."))?;
        if found.size == size {
            Ok(found.root)
        } else {
            Err(format!("The checkpoint at {size} is the one at {}.", found.size))
        }
    }

    fn suspect(&mut self, defect: Defect, detail: &str) {
        let size = self.size();
        self.walked
            .pending
            .get_or_insert_with(|| Finding::new(defect, Some(size), detail));
    }
}
