//! One pass over all entries in order: bytes, leaf, form, place, chain; then what is derived from each.
//!
//! Two kinds of faults: one in an entry stops the pass (nothing after it follows from anything); one in a derived row (subtree,
//! checkpoint) waits until a true checkpoint or the anchor vouches for the entries, and so tells which of the two was changed.
//! Deliberately absent: weighing (`conclude`).

use rusqlite::Connection;

use super::private::Privates;
use crate::anchor::{Anchor, is_hex};
use crate::body::{Body, KIND_GENESIS, KIND_REANCHORED};
use crate::canonical::CanonicalFault;
use crate::draft::Phase;
use crate::error::LogError;
use crate::report::{Defect, Finding};
use crate::store::rows::{self, Epoch, EventRow};
use crate::tree::{Frontier, Hash, leaf_hash};

/// The most that a clock may go back, or differ from the monotonic one, before it is flagged.
const CLOCK_TOLERANCE_MS: i64 = 2_000;
/// The most clock notices that are kept.
const MAX_NOTICES: usize = 100;

/// What the pass found.
#[derive(Default)]
pub struct Walked {
    /// The entries that hold, from the first on.
    pub frontier: Frontier,
    /// The log id of the first entry.
    pub log_id: Option<String>,
    /// Keys as the entries tell them.
    pub epochs: Vec<Epoch>,
    /// The entry at which the pass stopped.
    pub stopped: Option<Finding>,
    /// The first fault of a derived row whose entries are vouched for.
    pub confirmed: Option<Finding>,
    /// The first fault of a derived row since the last vouched entry.
    pub pending: Option<Finding>,
    /// The last entry that a true checkpoint or the anchor vouches for.
    pub vouched: u64,
    /// The last entry that a true checkpoint vouches for.
    pub signed: u64,
    /// Whether the root at the anchor's size is the anchored one; `None` when the pass did not get there.
    pub anchor_agrees: Option<bool>,
    /// Side rows against their commitments.
    pub privates: Privates,
    /// What is odd but proves nothing.
    pub notices: Vec<Finding>,
}

/// The pass under way.
pub struct Walk<'a> {
    pub(super) conn: &'a Connection,
    anchor: Option<&'a Anchor>,
    pub(super) walked: Walked,
    last_leaf: Hash,
    last: Option<Body>,
}

impl<'a> Walk<'a> {
    /// Begins before the first entry.
    pub fn new(conn: &'a Connection, anchor: Option<&'a Anchor>) -> Self {
        let mut walked = Walked::default();
        if anchor.is_some_and(|anchor| anchor.size == 0) {
            walked.anchor_agrees = anchor.map(|anchor| anchor.root == hex::encode(crate::tree::empty_root()));
        }
        Self {
            conn,
            anchor,
            walked,
            last_leaf: [0; 32],
            last: None,
        }
    }

    /// Goes through all entries, or up to the first that does not hold.
    pub fn run(mut self) -> Result<Walked, LogError> {
        rows::each_event(self.conn, i64::MIN, |row| {
            match self.check(&row) {
                Ok(body) => self.take(body)?,
                Err(finding) => self.walked.stopped = Some(finding),
            }
            Ok(self.walked.stopped.is_none())
        })?;
        Ok(self.walked)
    }

    /// Everything that can be said of one row by itself and the row before it.
    fn check(&mut self, row: &EventRow) -> Result<(Body, Hash), Finding> {
        let seq = self.walked.frontier.size() + 1;
        let found = u64::try_from(row.seq).unwrap_or(0);
        if found != seq {
            let detail = format!("Entry {seq} is missing: the next one in the file is {}.", row.seq);
            return Err(Finding::new(Defect::Gap, Some(seq.min(found.max(1))), detail));
        }
        let (body, leaf) = read(row, seq)?;
        self.check_place(&body, seq)?;
        self.check_kind(&body, seq)?;
        Ok((body, leaf))
    }

    fn check_place(&self, body: &Body, seq: u64) -> Result<(), Finding> {
        let bad = |seq, defect, detail| Err(Finding::new(defect, Some(seq), detail));
        if body.seq != seq {
            let detail = format!("Entry {seq} calls itself {}.", body.seq);
            return bad(seq, Defect::Members, detail);
        }
        let log_id = self.walked.log_id.as_ref();
        if log_id.is_some_and(|id| *id != body.log) {
            let detail = format!("Entry {seq} belongs to another log.");
            return bad(seq, Defect::Members, detail);
        }
        if body.prev != hex::encode(self.last_leaf) {
            // The one before is as suspect as this one, unless something outside it vouches for it.
            let vouched = self.walked.vouched + 1 == seq;
            let detail = format!("Entry {seq} does not name the hash of entry {}.", seq - 1);
            return bad(if vouched { seq } else { seq - 1 }, Defect::Chain, detail);
        }
        Ok(())
    }

    /// The log's own kinds stand where they may, and name the key in force from there on.
    fn check_kind(&mut self, body: &Body, seq: u64) -> Result<(), Finding> {
        let bad = |detail: &str| {
            Err(Finding::new(
                Defect::Members,
                Some(seq),
                format!("Entry {seq} {detail}."),
            ))
        };
        if (body.kind == KIND_GENESIS) != (seq == 1) {
            return bad("is a first entry in another place, or the first entry is of another kind");
        }
        if body.kind != KIND_GENESIS && body.kind != KIND_REANCHORED {
            return Ok(());
        }
        let Some(epoch) = epoch_of(body) else {
            return bad("does not name its epoch and checkpoint key");
        };
        let last = self.walked.epochs.last().map_or(0, |epoch| epoch.epoch);
        if epoch.epoch <= last || body.phase != Phase::Note {
            return bad("does not begin a new epoch");
        }
        self.walked.epochs.push(epoch);
        self.walked.log_id.get_or_insert_with(|| body.log.clone());
        Ok(())
    }

    /// Builds on an entry that holds, and checks what is derived from it.
    fn take(&mut self, (body, leaf): (Body, Hash)) -> Result<(), LogError> {
        if let Some(finding) = self.walked.privates.check(self.conn, &body)? {
            self.walked.stopped = Some(finding);
            return Ok(());
        }
        let nodes = self.walked.frontier.push(leaf);
        self.last_leaf = leaf;
        self.check_nodes(&nodes)?;
        self.check_checkpoint()?;
        self.check_anchor();
        self.check_clock(&body);
        self.last = Some(body);
        Ok(())
    }

    fn check_anchor(&mut self) {
        let size = self.walked.frontier.size();
        let Some(anchor) = self.anchor.filter(|anchor| anchor.size == size) else {
            return;
        };
        let agrees = anchor.root == hex::encode(self.walked.frontier.root());
        self.walked.anchor_agrees = Some(agrees);
        if agrees {
            self.vouch();
        }
    }

    /// Something outside the entries vouches for all of them so far: a fault waiting since is one of the derived row alone.
    pub(super) fn vouch(&mut self) {
        self.walked.vouched = self.walked.frontier.size();
        let waiting = self.walked.pending.take();
        if self.walked.confirmed.is_none() {
            self.walked.confirmed = waiting;
        }
    }

    fn check_clock(&mut self, body: &Body) {
        let Some(last) = &self.last else { return };
        let passed = body.unix_ms() - last.unix_ms();
        let session = |body: &Body| body.actor.as_ref().map(|actor| actor.session.clone());
        let together = session(body).is_some() && session(body) == session(last);
        let ticked = i64::try_from(body.mono).unwrap_or(0) - i64::try_from(last.mono).unwrap_or(0);
        let odd = passed < -CLOCK_TOLERANCE_MS || (together && (passed - ticked).abs() > CLOCK_TOLERANCE_MS);
        if odd && self.walked.notices.len() < MAX_NOTICES {
            let detail = format!(
                "Between entries {} and {} the clock moved by {passed} ms.",
                last.seq, body.seq
            );
            self.walked
                .notices
                .push(Finding::new(Defect::Clock, Some(body.seq), detail));
        }
    }
}

/// The bytes of a row against its hash and its form.
fn read(row: &EventRow, seq: u64) -> Result<(Body, Hash), Finding> {
    let bad = |defect, detail| Finding::new(defect, Some(seq), detail);
    let (Some(leaf), Some(bytes)) = (row.leaf, row.body.as_deref()) else {
        return Err(bad(
            Defect::Leaf,
            format!("The columns of entry {seq} have other types."),
        ));
    };
    if leaf_hash(bytes) != leaf {
        return Err(bad(
            Defect::Leaf,
            format!("The bytes of entry {seq} are not those of its hash."),
        ));
    }
    let body = Body::from_bytes(bytes)
        .map_err(|fault| bad(defect_of(&fault), format!("Entry {seq} is no sound entry: {fault}.")))?;
    Ok((body, leaf))
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

const fn defect_of(fault: &CanonicalFault) -> Defect {
    match fault {
        CanonicalFault::Outside(_) => Defect::Members,
        CanonicalFault::TooLong { .. } | CanonicalFault::NotCanonical => Defect::Form,
    }
}
