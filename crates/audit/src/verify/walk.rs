//! Along the chain, entry by entry in order: place, chain, kind; then what is derived from each.
//!
//! Two kinds of faults: one in an entry stops the walk (nothing after it follows from anything); one in a derived row (subtree,
//! checkpoint) waits until a true checkpoint or the anchor vouches for the entries, and so tells which of the two was changed.
//! Deliberately absent: what an entry says by itself (`examine`), and weighing (`conclude`).

use std::collections::BTreeSet;

use super::batch::{Batch, Item};
use super::clock;
use super::examine::{Examined, Side};
use super::source::From;
use super::standing::{Standing, Ticked};
use super::told::{Cosigned, Told};
use crate::anchor::{Anchor, is_hex};
use crate::body::{Body, KIND_GENESIS, KIND_REANCHORED};
use crate::draft::Phase;
use crate::facts::Facts;
use crate::report::{Defect, Finding};
use crate::store::rows::Epoch;
use crate::tree::empty_root;

/// What the walk found.
#[derive(Default)]
pub struct Walked {
    /// Where it stands.
    pub at: Standing,
    /// The entry at which it stopped.
    pub stopped: Option<Finding>,
    /// The first fault of a derived row whose entries are vouched for.
    pub confirmed: Option<Finding>,
    /// The first fault of a derived row since the last vouched entry.
    pub pending: Option<Finding>,
    /// Whether the root at the anchor's size is the anchored one; `None` when the walk did not come by there.
    pub anchor_agrees: Option<bool>,
    /// Entries whose side row is missing, without an entry yet that says so.
    pub missing: BTreeSet<u64>,
    /// The first entry with a side row that it does not name.
    pub stray: Option<u64>,
    /// Co-signatures that entries bear.
    pub cosigned: Vec<Cosigned>,
    /// The first entry that tells of others in no form that can be read.
    pub malformed: Option<u64>,
    /// What is odd but proves nothing.
    pub notices: Vec<Finding>,
}

/// The walk under way.
pub struct Walk<'a> {
    anchor: Option<&'a Anchor>,
    pub(super) walked: Walked,
    /// Rows before the next entry were archived, or verified before.
    passed: bool,
}

impl<'a> Walk<'a> {
    /// Begins behind what is known already: nothing, archived entries, or an earlier verification.
    pub fn new(anchor: Option<&'a Anchor>, at: Standing) -> Self {
        let passed = at.size() > at.archived;
        let anchor_agrees = anchor
            .filter(|anchor| anchor.size == 0)
            .map(|anchor| anchor.root == hex::encode(empty_root()));
        Self {
            anchor,
            passed,
            walked: Walked {
                at,
                anchor_agrees,
                ..Walked::default()
            },
        }
    }

    /// Where to read on.
    pub const fn from(&self) -> From {
        From {
            seq: self.size() + 1,
            passed: self.passed,
        }
    }

    /// The number of entries that hold so far.
    pub const fn size(&self) -> u64 {
        self.walked.at.size()
    }

    /// Tells whether an entry did not hold.
    pub const fn has_stopped(&self) -> bool {
        self.walked.stopped.is_some()
    }

    /// What was found.
    pub fn end(self) -> Walked {
        self.walked
    }

    /// Takes the next entries.
    pub fn take_all(&mut self, batch: &Batch, examined: Vec<Examined>) {
        for (item, examined) in batch.items.iter().zip(examined) {
            if self.has_stopped() {
                return;
            }
            self.walked.stopped = self.take(batch, item, examined).err();
        }
    }

    fn take(&mut self, batch: &Batch, item: &Item, examined: Examined) -> Result<(), Finding> {
        let seq = self.size() + 1;
        let found = u64::try_from(item.seq).unwrap_or(0);
        if found != seq {
            let detail = format!("Entry {seq} is missing: the next one in the file is {}.", item.seq);
            return Err(Finding::new(Defect::Gap, Some(seq.min(found.max(1))), detail));
        }
        let (facts, leaf) = examined.entry?;
        self.check_place(&facts, seq)?;
        self.check_kind(&facts, seq)?;
        self.check_side(&facts, examined.side)?;
        let nodes = self.walked.at.frontier.push(leaf);
        self.walked.at.last_leaf = leaf;
        self.check_nodes(&nodes, batch.nodes(item));
        self.check_checkpoint(batch, item, examined.note)?;
        self.check_anchor();
        self.note_what_it_tells(facts);
        Ok(())
    }

    fn check_place(&self, facts: &Facts, seq: u64) -> Result<(), Finding> {
        let bad = |seq, defect, detail| Err(Finding::new(defect, Some(seq), detail));
        if facts.seq != seq {
            let detail = format!("Entry {seq} calls itself {}.", facts.seq);
            return bad(seq, Defect::Members, detail);
        }
        let log_id = self.walked.at.log_id.as_ref();
        if log_id.is_some_and(|id| id.as_bytes() != facts.log) {
            let detail = format!("Entry {seq} belongs to another log.");
            return bad(seq, Defect::Members, detail);
        }
        if facts.prev != self.walked.at.last_leaf {
            // The one before is as suspect as this one, unless something outside it vouches for it.
            let vouched = self.walked.at.vouched + 1 == seq;
            let detail = format!("Entry {seq} does not name the hash of entry {}.", seq - 1);
            return bad(if vouched { seq } else { seq - 1 }, Defect::Chain, detail);
        }
        Ok(())
    }

    /// The log's own kinds stand where they may, and name the key in force from there on.
    fn check_kind(&mut self, facts: &Facts, seq: u64) -> Result<(), Finding> {
        let bad = |detail: &str| {
            let detail = format!("Entry {seq} {detail}.");
            Err(Finding::new(Defect::Members, Some(seq), detail))
        };
        let own = facts
            .body
            .as_deref()
            .filter(|body| [KIND_GENESIS, KIND_REANCHORED].contains(&body.kind.as_str()));
        if own.is_some_and(|body| body.kind == KIND_GENESIS) != (seq == 1) {
            return bad("is a first entry in another place, or the first entry is of another kind");
        }
        let Some(body) = own else {
            return Ok(());
        };
        let Some(epoch) = epoch_of(body) else {
            return bad("does not name its epoch and checkpoint key");
        };
        let last = self.walked.at.epochs.last().map_or(0, |epoch| epoch.epoch);
        if epoch.epoch <= last || body.phase != Phase::Note {
            return bad("does not begin a new epoch");
        }
        self.walked.at.epochs.push(epoch);
        self.walked.at.log_id.get_or_insert_with(|| body.log.clone());
        Ok(())
    }

    fn check_side(&mut self, facts: &Facts, side: Side) -> Result<(), Finding> {
        match side {
            Side::None | Side::Holds => {}
            Side::Missing => {
                self.walked.missing.insert(facts.seq);
            }
            Side::Stray => {
                self.walked.stray.get_or_insert(facts.seq);
            }
            Side::Wrong => {
                let detail = format!(
                    "The private side row of entry {} is not the one it was written with.",
                    facts.seq
                );
                return Err(Finding::new(Defect::Private, Some(facts.seq), detail));
            }
        }
        Ok(())
    }

    fn check_anchor(&mut self) {
        let size = self.size();
        let Some(anchor) = self.anchor.filter(|anchor| anchor.size == size) else {
            return;
        };
        let agrees = anchor.root == hex::encode(self.walked.at.frontier.root());
        self.walked.anchor_agrees = Some(agrees);
        if agrees {
            self.vouch();
        }
    }

    /// Something outside the entries vouches for all of them so far: a fault waiting since is one of the derived row alone.
    pub(super) fn vouch(&mut self) {
        self.walked.at.vouched = self.size();
        let waiting = self.walked.pending.take();
        if self.walked.confirmed.is_none() {
            self.walked.confirmed = waiting;
        }
    }

    fn note_what_it_tells(&mut self, facts: Facts) {
        match Told::of(&facts) {
            Told::Nothing => {}
            Told::Erased(seq) => {
                self.walked.missing.remove(&seq);
            }
            Told::Cosigned(told) => self.walked.cosigned.push(told),
            Told::Archived(told) => self.walked.at.archives.push(told),
            Told::Malformed => {
                self.walked.malformed.get_or_insert(facts.seq);
            }
        }
        if let Some(key) = facts.signed_with {
            *self.walked.at.signatures.entry(key).or_insert(0) += 1;
        }
        let ticked = Ticked {
            unix_ms: facts.unix_ms,
            mono: facts.mono,
            session: facts.session,
        };
        let last = self.walked.at.last.replace(ticked);
        if let (Some(last), Some(now)) = (&last, &self.walked.at.last) {
            clock::compare(last, now, facts.seq, &mut self.walked.notices);
        }
    }
}

fn epoch_of(body: &Body) -> Option<Epoch> {
    let key = body
        .request
        .get("checkpoint_key")?
        .as_str()
        .filter(|key| is_hex(key, 64))?;
    let key = hex::decode(key).ok()?.try_into().ok()?;
    let epoch = if body.kind == KIND_GENESIS {
        1
    } else {
        body.request.get("epoch")?.as_u64()?
    };
    Some(Epoch {
        epoch,
        log_id: body.log.clone(),
        first_seq: body.seq,
        key,
    })
}
