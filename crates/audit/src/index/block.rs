//! The columns of one segment, and which of its entries a sieve lets through.
//!
//! Deliberately absent: the entries themselves.

use std::ops::{ControlFlow, Range};

use rusqlite::{Connection, OptionalExtension};

use super::bits::{Bits, Grams, SEGMENT, place_of, segment_of};
use super::catch_up::State;
use super::seal::{self, Column};
use super::sieve::Sieve;
use super::signed;
use super::test::{Probe, Test};
use crate::error::LogError;

/// The columns of one segment.
pub struct Block {
    base: u64,
    combos: Vec<u8>,
    merchants: Vec<u8>,
    ms: Vec<u8>,
    maybe: Bits,
}

/// What of a segment is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
    pub merchants: bool,
    pub ms: bool,
    /// Whether segments without a passing combination are passed over.
    pub combos: bool,
}

impl Block {
    pub fn seq(&self, place: u16) -> u64 {
        self.base + u64::from(place)
    }

    pub fn combo(&self, place: u16) -> u32 {
        cell(&self.combos, place).map_or(0, u32::from_le_bytes)
    }

    pub fn merchant(&self, place: u16) -> u32 {
        cell(&self.merchants, place).map_or(0, u32::from_le_bytes)
    }

    pub fn ms(&self, place: u16) -> i64 {
        cell(&self.ms, place).map_or(0, i64::from_le_bytes)
    }

    /// Whether an entry may hold what the tests ask for, and lies in the time asked for.
    pub fn may(&self, sieve: &Sieve, place: u16) -> bool {
        (sieve.tests.is_empty() || self.maybe.has(place))
            && (self.ms.is_empty() || !sieve.asks_time() || is_within(&sieve.ms, self.ms(place)))
    }

    fn load(conn: &Connection, segment: u64, sieve: &Sieve, needs: Needs) -> Result<Self, LogError> {
        let part = |wanted: bool, column| {
            if wanted {
                seal::part(conn, segment, column)
            } else {
                Ok(Vec::new())
            }
        };
        Ok(Self {
            base: segment * SEGMENT,
            combos: part(true, Column::Combo)?,
            merchants: part(needs.merchants, Column::Merchant)?,
            ms: part(needs.ms, Column::Ms)?,
            maybe: maybe(&sieve.tests, |probe| letters(conn, segment, probe))?,
        })
    }

    fn tail(conn: &Connection, state: &State, sieve: &Sieve) -> Result<Self, LogError> {
        let segment = segment_of(state.tail);
        let columns = seal::columns(conn, segment)?;
        Ok(Self {
            base: segment * SEGMENT,
            combos: columns.combos,
            merchants: columns.merchants,
            ms: columns.ms,
            maybe: maybe(&sieve.tests, |probe| tail_words(conn, probe))?,
        })
    }
}

fn cell<const N: usize>(column: &[u8], place: u16) -> Option<[u8; N]> {
    column.as_chunks::<N>().0.get(usize::from(place)).copied()
}

/// An entry whose time cannot be read lies in no time that is asked for.
pub fn is_within(range: &Range<i64>, ms: i64) -> bool {
    ms > 0 && range.contains(&ms)
}

/// Goes through the segments before a sequence number, newest first, as long as `visit` wants.
pub fn each(
    conn: &Connection,
    sieve: &Sieve,
    needs: Needs,
    before: u64,
    mut visit: impl FnMut(&Block) -> Result<ControlFlow<()>, LogError>,
) -> Result<(), LogError> {
    let state = State::load(conn)?;
    let needs = Needs {
        ms: needs.ms || sieve.asks_time(),
        merchants: needs.merchants || sieve.asks_merchants(),
        ..needs
    };
    if before > state.tail && state.head >= state.tail && visit(&Block::tail(conn, &state, sieve)?)?.is_break() {
        return Ok(());
    }
    let mut spans = conn.prepare_cached(
        "SELECT segment, low_ms, high_ms, combos FROM span WHERE segment <= ?1 ORDER BY segment DESC",
    )?;
    let mut rows = spans.query([signed(segment_of(before.saturating_sub(1)))])?;
    while let Some(row) = rows.next()? {
        let (low, high) = (row.get::<_, i64>(1)?, row.get::<_, i64>(2)?);
        let apart = sieve.asks_time() && (high < sieve.ms.start || low >= sieve.ms.end);
        let combos = row.get_ref(3)?.as_blob().unwrap_or_default();
        if apart || (needs.combos && !has_any(combos, &sieve.combos)) {
            continue;
        }
        let block = Block::load(conn, row.get::<_, i64>(0)?.unsigned_abs(), sieve, needs)?;
        if visit(&block)?.is_break() {
            break;
        }
    }
    Ok(())
}

fn has_any(combos: &[u8], wanted: &[bool]) -> bool {
    let (combos, _) = combos.as_chunks::<4>();
    combos
        .iter()
        .any(|id| wanted.get(u32::from_le_bytes(*id) as usize).copied().unwrap_or(false))
}

/// The places that may pass all tests; those that leave something out cannot be judged by letters.
fn maybe(tests: &[Test], find: impl Fn(&Probe) -> Result<Bits, LogError>) -> Result<Bits, LogError> {
    let mut all = Bits::ALL;
    for test in tests.iter().filter(|test| !test.excluded) {
        let mut any = Bits::NONE;
        for probe in &test.any {
            any.or(&find(probe)?);
        }
        all.and(&any);
        if all.is_empty() {
            break;
        }
    }
    Ok(all)
}

/// Chooses the letters that a test is looked for by: the rarest of the newest sealed segment, since those leave the fewest entries anywhere.
pub fn weigh(conn: &Connection, test: &mut Test) -> Result<(), LogError> {
    let mut find =
        conn.prepare_cached("SELECT docs FROM gram WHERE segment = (SELECT max(segment) FROM span) AND gram = ?1")?;
    for grams in test.any.iter_mut().filter_map(|probe| probe.grams.as_mut()) {
        grams.keep_rarest(&mut |gram| {
            let docs: Option<Vec<u8>> = find.query_row([gram], |row| row.get(0)).optional()?;
            Ok::<_, LogError>(docs.map_or(0, |docs| Bits::from_bytes(&docs).count()))
        })?;
    }
    Ok(())
}

fn letters(conn: &Connection, segment: u64, probe: &Probe) -> Result<Bits, LogError> {
    let mut bits = Bits::ALL;
    match &probe.grams {
        None => {}
        Some(Grams::All(grams)) => {
            let mut find = conn.prepare_cached("SELECT docs FROM gram WHERE segment = ?1 AND gram = ?2")?;
            for gram in grams {
                let docs: Option<Vec<u8>> = find.query_row((signed(segment), gram), |row| row.get(0)).optional()?;
                bits.and(&docs.map_or(Bits::NONE, |docs| Bits::from_bytes(&docs)));
                if bits.is_empty() {
                    break;
                }
            }
        }
        Some(Grams::Between(low, high)) => {
            bits = Bits::NONE;
            let mut find =
                conn.prepare_cached("SELECT docs FROM gram WHERE segment = ?1 AND gram BETWEEN ?2 AND ?3")?;
            let mut rows = find.query((signed(segment), low, high))?;
            while let Some(row) = rows.next()? {
                bits.or(&Bits::from_bytes(row.get_ref(0)?.as_blob().unwrap_or_default()));
            }
        }
    }
    Ok(bits)
}

fn tail_words(conn: &Connection, probe: &Probe) -> Result<Bits, LogError> {
    let mut bits = Bits::NONE;
    let mut find =
        conn.prepare_cached("SELECT tail.seq, line.first, words FROM tail JOIN line ON line.seq = tail.seq")?;
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        if row.get_ref(2)?.as_str().unwrap_or_default().contains(&probe.needle) {
            let (seq, first) = (
                row.get::<_, i64>(0)?.unsigned_abs(),
                row.get::<_, i64>(1)?.unsigned_abs(),
            );
            bits.set(place_of(seq));
            if segment_of(first) == segment_of(seq) {
                bits.set(place_of(first));
            }
        }
    }
    Ok(bits)
}
