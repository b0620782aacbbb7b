//! Where the log's anchor lies: in the key store, or, for one of several replicas, at a place outside the machine.
//!
//! A log that began with its anchor in the key store takes it along: until the place outside has one, the key store's counts. From the
//! first anchor outside on a mark in the key store says so, so that a place that lost its anchor is an alarm, not a new beginning.
//! The key store's own stays as it was: other programs on the directory go on from it, and find the log ahead, which is sound.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use gatehouse_audit::{Anchor, AnchorFailure, AnchorStore};

use super::keys::KeyStoreAnchors;
use crate::key_store::{ItemName, SecretBytes};
use crate::surroundings::Replica;

/// The place of a data directory's anchor.
pub(super) enum Anchors {
    /// The key store.
    Keys(KeyStoreAnchors),
    /// A place that replicas share.
    Shared(SharedAnchors),
}

/// An anchor outside the machine, and what the key store knows of it.
pub(super) struct SharedAnchors {
    place: Arc<dyn AnchorStore>,
    before: KeyStoreAnchors,
    mark: ItemName,
    is_marked: AtomicBool,
}

impl Anchors {
    /// The place that this program was given, or else the key store.
    pub fn new(before: KeyStoreAnchors, mark: ItemName, replica: Option<&Replica>) -> Self {
        match replica {
            None => Self::Keys(before),
            Some(replica) => Self::Shared(SharedAnchors {
                place: Arc::clone(&replica.anchors),
                before,
                mark,
                is_marked: AtomicBool::new(false),
            }),
        }
    }
}

impl AnchorStore for Anchors {
    fn load(&self) -> Result<Option<Anchor>, AnchorFailure> {
        match self {
            Self::Keys(place) => place.load(),
            Self::Shared(place) => place.load(),
        }
    }

    fn save(&self, anchor: &Anchor) -> Result<(), AnchorFailure> {
        match self {
            Self::Keys(place) => place.save(anchor),
            Self::Shared(place) => place.save(anchor),
        }
    }
}

impl AnchorStore for SharedAnchors {
    fn load(&self) -> Result<Option<Anchor>, AnchorFailure> {
        let found = self.place.load()?;
        if found.is_some() || self.was_kept_outside()? {
            return Ok(found);
        }
        self.before.load()
    }

    fn save(&self, anchor: &Anchor) -> Result<(), AnchorFailure> {
        self.place.save(anchor)?;
        if !self.is_marked.load(Ordering::Acquire) {
            if !self.was_kept_outside()? {
                self.before
                    .store
                    .set(&self.mark, &SecretBytes::from_slice(b"outside"))
                    .map_err(AnchorFailure::new)?;
            }
            self.is_marked.store(true, Ordering::Release);
        }
        Ok(())
    }
}

impl SharedAnchors {
    fn was_kept_outside(&self) -> Result<bool, AnchorFailure> {
        let mark = self.before.store.get(&self.mark).map_err(AnchorFailure::new)?;
        Ok(mark.is_some())
    }
}
