//! Entries into the tables: numbers, acts folded, days counted, what was seen for the first time.
//!
//! Deliberately absent: words and segments.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, OptionalExtension, params};

use super::bits::segment_of;
use super::signed;
use super::take::Taken;
use super::terms::{self, Combo, Numbers, Of, Part};
use crate::draft::Phase;
use crate::error::LogError;

/// An intent that has no outcome yet.
pub const OPEN: &str = "open";
const DAY_MS: i64 = 86_400_000;

/// What may be seen for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First {
    /// A person.
    Actor = 1,
    /// A device.
    Device = 2,
    /// A merchant, by a person; only of entries that an archive took.
    Merchant = 3,
    /// A kind, by a person.
    Kind = 4,
    /// An hour of the day (UTC), by a person.
    Hour = 5,
}

/// One row of `line`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub seq: u64,
    pub combo: Combo,
    pub merchant: i64,
    pub ms: i64,
    pub first: u64,
    pub outcome: u64,
}

/// A batch on its way into the tables.
pub struct Batch<'c> {
    conn: &'c Connection,
    numbers: Numbers,
    pub lines: Vec<Line>,
    intents: HashMap<[u8; 16], Vec<usize>>,
    days: HashMap<(i64, i64), i64>,
    waiting: BTreeSet<u64>,
    seen: HashMap<(i64, i64, i64), u64>,
    /// Intents of earlier batches that got an outcome now, with its place in this batch.
    pub late: Vec<(u64, u64)>,
    tail: u64,
}

impl<'c> Batch<'c> {
    /// Begins one; `tail` is the first entry that lies in no sealed segment.
    pub fn new(conn: &'c Connection, tail: u64) -> Self {
        Self {
            conn,
            numbers: Numbers::default(),
            lines: Vec::new(),
            intents: HashMap::new(),
            days: HashMap::new(),
            waiting: BTreeSet::new(),
            seen: HashMap::new(),
            late: Vec::new(),
            tail,
        }
    }

    /// Takes one entry.
    pub fn take(&mut self, taken: &Taken) -> Result<(), LogError> {
        let mut line = self.line(taken)?;
        self.see(&line, taken)?;
        if taken.phase == Phase::Intent {
            self.intents.entry(taken.act).or_default().push(self.lines.len());
            self.waiting.insert(taken.seq);
        }
        if taken.phase == Phase::Outcome {
            self.fold(&mut line, taken)?;
        }
        self.lines.push(line);
        let mut act = self
            .conn
            .prepare_cached("INSERT OR REPLACE INTO act (act, seq) VALUES (?1, ?2)")?;
        act.execute(params![taken.act, signed(taken.seq)])?;
        Ok(())
    }

    fn line(&mut self, taken: &Taken) -> Result<Line, LogError> {
        let outcome = match taken.phase {
            Phase::Intent => Some(OPEN),
            Phase::Outcome | Phase::Note => taken.outcome.as_deref(),
        };
        let part = match taken.phase {
            Phase::Note => Part::Note,
            Phase::Intent => Part::Intent,
            Phase::Outcome => Part::Orphan,
        };
        let mut term = |of, text| self.numbers.term(self.conn, of, text);
        Ok(Line {
            seq: taken.seq,
            combo: Combo {
                kind: term(Of::Kind, Some(&taken.kind))?,
                actor: term(Of::Actor, taken.actor.as_deref())?,
                env: term(Of::Env, taken.env.as_deref())?,
                outcome: term(Of::Outcome, outcome)?,
                profile: term(Of::Profile, taken.profile.as_deref())?,
                part,
            },
            merchant: term(Of::Merchant, taken.merchant.as_deref())?,
            ms: taken.ms,
            first: taken.seq,
            outcome: 0,
        })
    }

    fn see(&mut self, line: &Line, taken: &Taken) -> Result<(), LogError> {
        let device = self.numbers.term(self.conn, Of::Device, taken.device.as_deref())?;
        let (actor, hour) = (line.combo.actor, taken.ms.div_euclid(3_600_000).rem_euclid(24));
        let mut note = |what: First, a: i64, b: i64| {
            self.seen.entry((what as i64, a, b)).or_insert(taken.seq);
        };
        if device != 0 {
            note(First::Device, device, 0);
        }
        if actor != 0 {
            note(First::Actor, actor, 0);
            note(First::Kind, actor, line.combo.kind);
            note(First::Hour, actor, hour);
        }
        Ok(())
    }

    /// Gives an outcome to its intent: the latest of the same act, of the same kind if there is one. A later outcome takes the
    /// place of an earlier one, so that an unknown act that was reconciled shows how it ended.
    fn fold(&mut self, line: &mut Line, taken: &Taken) -> Result<(), LogError> {
        let own = self.intent_here(taken, line.combo.kind);
        if let Some((at, true)) = own {
            self.settle_here(at, line, taken);
            return Ok(());
        }
        match (own, self.intent_before(taken, line.combo.kind)?) {
            (Some((at, _)), None | Some((_, false))) => self.settle_here(at, line, taken),
            (_, Some((intent, _))) => self.settle_before(intent, line, taken)?,
            (None, None) => {}
        }
        Ok(())
    }

    /// The intent in this batch, and whether it is of the same kind.
    fn intent_here(&self, taken: &Taken, kind: i64) -> Option<(usize, bool)> {
        let all = self.intents.get(&taken.act)?;
        let same = |at: &&usize| self.lines.get(**at).is_some_and(|line| line.combo.kind == kind);
        all.iter()
            .rev()
            .find(same)
            .map(|at| (*at, true))
            .or_else(|| all.last().map(|at| (*at, false)))
    }

    /// The intent among the stored ones, and whether it is of the same kind.
    fn intent_before(&self, taken: &Taken, kind: i64) -> Result<Option<(u64, bool)>, LogError> {
        let mut find = self.conn.prepare_cached(
            "SELECT line.seq, combo.kind = ?2 AS same FROM act JOIN line ON line.seq = act.seq JOIN combo ON combo.id = line.combo
             WHERE act.act = ?1 AND combo.phase = 1 ORDER BY same DESC, line.seq DESC LIMIT 1",
        )?;
        let found = find.query_row(params![taken.act, kind], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)));
        Ok(found.optional()?.map(|(seq, same)| (seq.unsigned_abs(), same)))
    }

    fn settle_here(&mut self, at: usize, line: &mut Line, taken: &Taken) {
        line.combo.part = Part::Outcome;
        if let Some(intent) = self.lines.get_mut(at) {
            line.first = intent.seq;
            line.outcome = intent.outcome;
            intent.combo.outcome = line.combo.outcome;
            intent.outcome = line.seq;
            if taken.settled {
                self.waiting.remove(&intent.seq);
            } else {
                self.waiting.insert(intent.seq);
            }
        }
    }

    fn settle_before(&mut self, intent: u64, line: &mut Line, taken: &Taken) -> Result<(), LogError> {
        let seq = signed(intent);
        let (old, ms, last): (i64, i64, i64) = self
            .conn
            .prepare_cached("SELECT combo, ms, outcome FROM line WHERE seq = ?1")?
            .query_row([seq], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let Some(combo) = terms::combo(self.conn, old)? else {
            return Ok(());
        };
        let outcome = line.combo.outcome;
        let new = self.numbers.combo(self.conn, Combo { outcome, ..combo })?;
        let sql = "UPDATE line SET combo = ?2, outcome = ?3 WHERE seq = ?1";
        self.conn
            .prepare_cached(sql)?
            .execute(params![seq, new, signed(line.seq)])?;
        let day = ms.div_euclid(DAY_MS);
        *self.days.entry((day, old)).or_default() -= 1;
        *self.days.entry((day, new)).or_default() += 1;
        let sql = if taken.settled {
            "DELETE FROM waiting WHERE seq = ?1"
        } else {
            "INSERT OR IGNORE INTO waiting (seq) VALUES (?1)"
        };
        self.conn.prepare_cached(sql)?.execute([seq])?;
        line.combo.part = Part::Outcome;
        line.first = intent;
        line.outcome = last.unsigned_abs();
        if intent < self.tail {
            self.late.push((intent, line.seq));
        }
        Ok(())
    }

    /// Writes all that was taken, and answers the segments whose packed columns changed.
    pub fn write(&mut self) -> Result<BTreeSet<u64>, LogError> {
        let mut insert = self.conn.prepare_cached(
            "INSERT INTO line (seq, combo, merchant, ms, first, outcome) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        for line in &self.lines {
            let combo = self.numbers.combo(self.conn, line.combo)?;
            *self.days.entry((line.ms.div_euclid(DAY_MS), combo)).or_default() += 1;
            insert.execute(params![
                signed(line.seq),
                combo,
                line.merchant,
                line.ms,
                signed(line.first),
                signed(line.outcome)
            ])?;
        }
        let mut waits = self
            .conn
            .prepare_cached("INSERT OR IGNORE INTO waiting (seq) VALUES (?1)")?;
        self.waiting
            .iter()
            .try_for_each(|seq| waits.execute([signed(*seq)]).map(drop))?;
        let mut count = self.conn.prepare_cached(
            "INSERT INTO day (day, combo, n) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET n = n + excluded.n",
        )?;
        self.days
            .iter()
            .try_for_each(|((day, combo), n)| count.execute((day, combo, n)).map(drop))?;
        let mut see = self
            .conn
            .prepare_cached("INSERT OR IGNORE INTO seen (what, a, b, seq) VALUES (?1, ?2, ?3, ?4)")?;
        self.seen
            .iter()
            .try_for_each(|((what, a, b), seq)| see.execute((what, a, b, signed(*seq))).map(drop))?;
        Ok(self.late.iter().map(|(intent, _)| segment_of(*intent)).collect())
    }
}
