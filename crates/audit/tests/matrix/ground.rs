//! The sound logs that are tampered with: one of sixteen entries, its older states, and another laptop's.

use gatehouse_audit::{Actor, Anchor, Draft, Log, Phase};
use serde_json::json;

use crate::classes::bits::{Cell, cells};
use crate::forge::Db;
use crate::stage::{Stage, act, at, intent, note, object, outcome};

/// A file and what is kept outside it.
#[derive(Debug, Clone)]
pub struct Base {
    pub file: Vec<u8>,
    pub anchor: Vec<u8>,
    pub key: [u8; 32],
    pub size: u64,
}

/// A log whose first entries were archived.
pub struct Kept {
    pub db: Db,
    pub anchor: Anchor,
    /// The anchor at each earlier size.
    pub anchors: Vec<Anchor>,
    pub key: [u8; 32],
    /// The number of entries that are gone.
    pub gone: u64,
}

/// Sizes, odd and even, at which a commit ended.
const GONE: [u64; 4] = [4, 7, 13, 16];

/// What the classes start from.
pub struct Ground {
    /// Sixteen entries: two epochs of two keys, groups, side rows, one of them erased.
    pub today: Base,
    /// The rows of `today`.
    pub db: Db,
    /// The same log after each of its commits, oldest first.
    pub before: Vec<Base>,
    /// A log of somebody else.
    pub foreign: Base,
    /// Logs whose beginning was archived.
    pub archived: Vec<Kept>,
    /// Where each row's bytes lie in the file of `today`.
    pub cells: Vec<Cell>,
    /// The seed of the key in force; the first epoch's is one less.
    pub seed: u8,
    /// The first entry of the second epoch.
    pub second: u64,
}

/// The log's file as it is, without a write-ahead log beside it.
fn taken(stage: &Stage) -> Base {
    stage.raw().execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let anchor = stage.anchors.get().unwrap();
    Base {
        file: std::fs::read(stage.path().join(gatehouse_audit::FILE_NAME)).unwrap(),
        anchor: anchor.to_json(),
        key: stage.key(),
        size: anchor.size,
    }
}

fn in_session(mut draft: Draft) -> Draft {
    draft.actor = Some(Actor {
        key_id: "k1".to_owned(),
        role: "operator".to_owned(),
        session: "s1".to_owned(),
    });
    draft
}

/// Appends each group in a commit of its own, keeps what was there after each, and lets go of the log.
fn grow(stage: &Stage, log: Log, groups: Vec<Vec<Draft>>, ms: u64, kept: &mut Vec<Base>) {
    for (group, ms) in groups.into_iter().zip((ms..).step_by(10)) {
        let group: Vec<_> = group.into_iter().map(in_session).collect();
        log.append(&group, at(ms)).unwrap();
        kept.push(taken(stage));
    }
}

fn erased(seq: u64) -> Draft {
    let mut draft = Draft::new("private.erased", Phase::Note, act(60));
    draft.request = object(json!({ "seq": seq }));
    draft
}

fn ours() -> (Stage, Vec<Base>) {
    let (mut stage, mut kept) = (Stage::new(), Vec::new());
    let first = vec![
        vec![intent(1)],
        vec![outcome(1, "succeeded")],
        vec![intent(2), outcome(2, "refused"), intent(3)],
        vec![outcome(3, "unknown")],
        vec![erased(4)],
        vec![note(4)],
    ];
    grow(&stage, stage.log(), first, 10, &mut kept);
    stage
        .raw()
        .execute_batch("DELETE FROM event_private WHERE seq = 4")
        .unwrap();
    stage.seed += 1;
    let log = Log::reanchor(
        stage.path(),
        stage.opening(),
        &gatehouse_audit::Anew::because("a new key"),
        at(100),
    )
    .unwrap();
    kept.push(taken(&stage));
    let second = vec![
        vec![intent(5)],
        vec![outcome(5, "succeeded")],
        vec![intent(6), outcome(6, "succeeded")],
        vec![note(7)],
        vec![note(8)],
    ];
    grow(&stage, log, second, 110, &mut kept);
    (stage, kept)
}

/// 30 entries, the first of them archived.
fn archived(gone: u64) -> Kept {
    let (stage, mut kept) = (Stage::new(), Vec::new());
    let groups = (1..=9_u64).flat_map(|number| {
        let number = u128::from(number);
        [vec![intent(number)], vec![outcome(number, "succeeded"), note(100)]]
    });
    grow(&stage, stage.log(), groups.collect(), 10, &mut kept);
    grow(
        &stage,
        stage.log(),
        vec![vec![stage.archived(gone)], vec![note(200)]],
        500,
        &mut kept,
    );
    let anchors = (1..30).map(|size| stage.anchor_at(size)).collect();
    stage.drop_upto(gone);
    Kept {
        db: Db::read(&stage.raw()),
        anchor: stage.anchors.get().unwrap(),
        anchors,
        key: stage.key(),
        gone,
    }
}

impl Ground {
    pub fn new() -> Self {
        let (stage, mut before) = ours();
        // Without pages that hold older copies of a row: each byte of a row then stands once in the file.
        stage.raw().execute_batch("PRAGMA secure_delete = 1; VACUUM").unwrap();
        let today = taken(&stage);
        before.pop();
        let mut other = Stage::new();
        other.seed = 40;
        other.log().append(&[note(1)], at(5)).unwrap();
        assert_eq!(
            (today.size, before.len()),
            (16, 11),
            "the ground is as the classes expect it"
        );
        let db = Db::read(&stage.raw());
        Self {
            archived: GONE.map(archived).into(),
            cells: cells(&today.file, &db),
            db,
            today,
            before,
            foreign: taken(&other),
            seed: stage.seed,
            second: 10,
        }
    }

    /// The last checkpoint at or before a size, which vouches for all entries up to it.
    pub fn vouched(&self, size: u64) -> u64 {
        let sizes = self
            .db
            .checkpoints
            .iter()
            .map(|(size, _)| u64::try_from(*size).unwrap());
        sizes.filter(|found| *found <= size).max().unwrap_or(0)
    }
}
