//! How many tokens each key has signed: counted where the key signs, kept with the log's anchor, compared with the log's intents.
//!
//! Whoever uses a key through this program without an act leaves one signature more than the log has intents. Deliberately absent: a
//! verdict, which is the verification's, and uses of a key by another program, which nobody here can count.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use gatehouse_audit::{Anchor, AnchorFailure, AnchorStore};
use gatehouse_klarna::SignFailure;

use crate::signing_key::{Signer, UnlockWindow};

type Counts = BTreeMap<String, u64>;

/// Signatures that are not yet kept with the anchor.
#[derive(Debug, Clone, Default)]
pub struct Signatures(Arc<Mutex<Counts>>);

impl Signatures {
    /// Counts a token that was signed.
    fn add(&self, key_id: &str) {
        self.with(|counts| *counts.entry(key_id.to_owned()).or_insert(0) += 1);
    }

    /// Takes back what was counted last: the very same claims were signed again, or nothing that anybody could use.
    pub fn take_back(&self, key_id: &str) {
        self.with(|counts| {
            if let Some(count) = counts.get_mut(key_id) {
                *count = count.saturating_sub(1);
            }
            counts.retain(|_, count| *count > 0);
        });
    }

    fn pending(&self) -> Counts {
        self.with(|counts| counts.clone())
    }

    /// Forgets what is kept now; more may have been counted meanwhile.
    fn kept(&self, saved: &Counts) {
        self.with(|counts| {
            for (key, count) in saved {
                if let Some(left) = counts.get_mut(key) {
                    *left = left.saturating_sub(*count);
                }
            }
            counts.retain(|_, count| *count > 0);
        });
    }

    fn with<T>(&self, change: impl FnOnce(&mut Counts) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A key whose tokens are counted.
#[derive(Debug)]
pub(crate) struct Counted<S> {
    pub key: S,
    pub signatures: Signatures,
}

impl<S: Signer> Signer for Counted<S> {
    fn spki_der(&self) -> Vec<u8> {
        self.key.spki_der()
    }

    fn key_id(&self) -> String {
        self.key.key_id()
    }

    fn sign_es256(&self, message: &[u8]) -> Result<[u8; 64], SignFailure> {
        let signature = self.key.sign_es256(message)?;
        self.signatures.add(&self.key.key_id());
        Ok(signature)
    }

    fn reproducible(&self) -> bool {
        self.key.reproducible()
    }

    fn window(&self) -> Option<&Arc<UnlockWindow>> {
        self.key.window()
    }
}

/// What the log itself says of signed tokens, where no count was kept before.
type FromLog = Box<dyn Fn() -> Option<Counts> + Send + Sync>;

/// An anchor's place that keeps the counts with each anchor.
///
/// Invariant: it is written under the log's write lock alone, and whoever finds that another process wrote the log loads the anchor before
/// the next save. So what was loaded or saved here last is what stands there, and a save without new signatures costs no look.
pub(super) struct CountingAnchors<A> {
    place: A,
    signatures: Signatures,
    from_log: FromLog,
    last: Mutex<Option<Anchor>>,
}

impl<A: AnchorStore> CountingAnchors<A> {
    pub fn new(place: A, signatures: Signatures, from_log: FromLog) -> Self {
        Self {
            place,
            signatures,
            from_log,
            last: Mutex::new(None),
        }
    }

    fn remember(&self, anchor: Option<&Anchor>) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = anchor.cloned();
    }

    /// The counts that stand with the anchor; a log that begins has none.
    fn standing(&self, anchor: &Anchor, look: bool) -> Result<Option<Counts>, AnchorFailure> {
        if look {
            self.load()?;
        }
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let same = last.as_ref().filter(|last| last.log_id == anchor.log_id);
        let begins = anchor.size <= 1 && same.is_none_or(|last| last.size == 0);
        Ok(match same {
            _ if begins => Some(Counts::new()),
            Some(last) => last.signatures.clone(),
            None => None,
        })
    }
}

impl<A: AnchorStore> AnchorStore for CountingAnchors<A> {
    fn load(&self) -> Result<Option<Anchor>, AnchorFailure> {
        let anchor = self.place.load()?;
        self.remember(anchor.as_ref());
        Ok(anchor)
    }

    fn save(&self, anchor: &Anchor) -> Result<(), AnchorFailure> {
        let pending = self.signatures.pending();
        let standing = self.standing(anchor, !pending.is_empty())?;
        let signatures = match standing {
            // An anchor from before there was a count begins at what the log says; the intent of what is pending stands there already.
            None if !pending.is_empty() => (self.from_log)(),
            None => None,
            Some(mut counts) => {
                for (key, count) in &pending {
                    *counts.entry(key.clone()).or_insert(0) += count;
                }
                Some(counts)
            }
        };
        let anchor = Anchor {
            signatures,
            ..anchor.clone()
        };
        self.place.save(&anchor)?;
        self.signatures.kept(&pending);
        self.remember(Some(&anchor));
        Ok(())
    }
}

#[cfg(test)]
mod tests;
