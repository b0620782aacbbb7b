//! What is derived from the entries so far: the subtrees that the last one completed, and the checkpoint at this size.
//!
//! Deliberately absent: rows beyond the last entry (`leftovers`).

use super::walk::Walk;
use crate::error::LogError;
use crate::note;
use crate::report::{Defect, Finding};
use crate::store::rows;
use crate::tree::Node;

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
        let Some(epoch) = self.walked.epochs.last() else {
            return Ok(());
        };
        match note
            .as_deref()
            .map(|note| note::open(note, &epoch.log_id, &epoch.key))
        {
            None => self.suspect(
                Defect::Checkpoint,
                &format!("The checkpoint at {size} is no text."),
            ),
            Some(Err(fault)) => self.suspect(
                Defect::Checkpoint,
                &format!("At the checkpoint at {size}, {fault}."),
            ),
            Some(Ok(found)) if found.size != size => {
                self.suspect(
                    Defect::Checkpoint,
                    &format!("The checkpoint at {size} is the one at {}.", found.size),
                );
            }
            Some(Ok(found)) if found.root == self.walked.frontier.root() => {
                self.walked.signed = size;
                self.vouch();
            }
            Some(Ok(_)) => {
                let first = self.walked.vouched + 1;
                let detail =
                    format!("The entries from {first} to {size} are not those that were signed.");
                self.walked.stopped = Some(Finding::new(Defect::Checkpoint, Some(first), detail));
            }
        }
        Ok(())
    }

    fn suspect(&mut self, defect: Defect, detail: &str) {
        let size = self.walked.frontier.size();
        self.walked
            .pending
            .get_or_insert_with(|| Finding::new(defect, Some(size), detail));
    }
}
