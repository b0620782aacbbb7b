//! Segments: packed columns of 4096 entries, and for each three letters which of them hold them.
//!
//! A segment is sealed when the log has gone past it. Deliberately absent: the words themselves; what is found by letters is read from
//! the log and looked at again.

use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

use rusqlite::{Connection, OptionalExtension, params};

use super::bits::{Bits, SEGMENT, each_gram, place_of, segment_of};
use super::signed;
use crate::error::LogError;

/// Columns of a segment, each 4096 numbers, little endian.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Four bytes each; 0 where there is no entry.
    Combo = 0,
    /// Four bytes each; 0 where there is no merchant.
    Merchant = 1,
    /// Eight bytes each: milliseconds since 1970.
    Ms = 2,
}

/// The columns of one segment, as they are made.
pub struct Columns {
    pub combos: Vec<u8>,
    pub merchants: Vec<u8>,
    pub ms: Vec<u8>,
    present: BTreeSet<u32>,
    range: (i64, i64),
}

/// Packs a segment's columns from its lines.
pub fn pack(conn: &Connection, segment: u64) -> Result<(), LogError> {
    let columns = columns(conn, segment)?;
    let segment = signed(segment);
    let mut insert = conn.prepare_cached("INSERT OR REPLACE INTO pack (segment, part, data) VALUES (?1, ?2, ?3)")?;
    insert.execute(params![segment, Column::Combo as i64, columns.combos])?;
    insert.execute(params![segment, Column::Merchant as i64, columns.merchants])?;
    insert.execute(params![segment, Column::Ms as i64, columns.ms])?;
    let combos: Vec<u8> = columns.present.iter().flat_map(|combo| combo.to_le_bytes()).collect();
    conn.prepare_cached("INSERT OR REPLACE INTO span (segment, low_ms, high_ms, combos) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![segment, columns.range.0, columns.range.1, combos])?;
    Ok(())
}

/// Makes a segment's columns from its lines.
pub fn columns(conn: &Connection, segment: u64) -> Result<Columns, LogError> {
    let mut columns = Columns {
        combos: vec![0; 4 * 4096],
        merchants: vec![0; 4 * 4096],
        ms: vec![0; 8 * 4096],
        present: BTreeSet::new(),
        range: (i64::MAX, i64::MIN),
    };
    let mut lines = conn.prepare_cached("SELECT seq, combo, merchant, ms FROM line WHERE seq BETWEEN ?1 AND ?2")?;
    let mut rows = lines.query([signed(segment * SEGMENT), signed(segment * SEGMENT + SEGMENT - 1)])?;
    while let Some(row) = rows.next()? {
        let place = usize::from(place_of(row.get::<_, i64>(0)?.unsigned_abs()));
        let (combo, merchant, ms): (u32, u32, i64) = (row.get(1)?, row.get(2)?, row.get(3)?);
        put(&mut columns.combos, place, combo.to_le_bytes());
        put(&mut columns.merchants, place, merchant.to_le_bytes());
        put(&mut columns.ms, place, ms.to_le_bytes());
        columns.present.insert(combo);
        if ms <= 0 {
            continue;
        }
        columns.range = (columns.range.0.min(ms), columns.range.1.max(ms));
    }
    Ok(columns)
}

/// One packed column of a sealed segment.
pub fn part(conn: &Connection, segment: u64, column: Column) -> Result<Vec<u8>, LogError> {
    let mut find = conn.prepare_cached("SELECT data FROM pack WHERE segment = ?1 AND part = ?2")?;
    Ok(find
        .query_row((signed(segment), column as i64), |row| row.get(0))
        .optional()?
        .unwrap_or_default())
}

fn put<const N: usize>(column: &mut [u8], place: usize, bytes: [u8; N]) {
    let (cells, _) = column.as_chunks_mut::<N>();
    if let Some(cell) = cells.get_mut(place) {
        *cell = bytes;
    }
}

/// Three letters, and which entries hold them, as stored.
pub type Set = (i64, Vec<u8>);

/// The letters of a segment on their way to the table.
#[derive(Default)]
pub struct Letters {
    places: HashMap<i64, usize, BuildHasherDefault<Mix>>,
    sets: Vec<Bits>,
}

/// A hash for letters, of which a segment has millions: one multiplication. Who chooses texts can make it slow, not wrong.
#[derive(Default)]
struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_i64(i64::from(*byte)));
    }

    fn write_i64(&mut self, number: i64) {
        let mixed = (self.0 ^ number.cast_unsigned()).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 32);
    }
}

impl Letters {
    /// Adds the words of an entry: at its own place, and at its intent's if that lies in the same segment.
    pub fn add(&mut self, seq: u64, first: u64, words: &str) {
        let also = (first != seq && segment_of(first) == segment_of(seq)).then(|| place_of(first));
        self.put(place_of(seq), also, words);
    }

    /// Adds words at a place of their own alone.
    pub fn put(&mut self, place: u16, also: Option<u16>, words: &str) {
        let Self { places, sets } = self;
        each_gram(words, |gram| {
            let at = *places.entry(gram).or_insert_with(|| {
                sets.push(Bits::NONE);
                sets.len() - 1
            });
            if let Some(bits) = sets.get_mut(at) {
                bits.set(place);
                also.iter().for_each(|place| bits.set(*place));
            }
        });
    }

    /// In the order of the table.
    fn sorted(&self) -> Vec<(i64, &Bits)> {
        let mut all: Vec<(i64, &Bits)> = self
            .places
            .iter()
            .filter_map(|(gram, at)| Some((*gram, self.sets.get(*at)?)))
            .collect();
        all.sort_unstable_by_key(|(gram, _)| *gram);
        all
    }

    /// As the table holds them.
    pub fn sets(&self) -> Vec<Set> {
        let sorted = self.sorted().into_iter();
        sorted.map(|(gram, bits)| (gram, bits.to_bytes())).collect()
    }

    /// Adds the letters to those that a segment has.
    pub fn add_to(&self, conn: &Connection, segment: u64) -> Result<(), LogError> {
        let mut find = conn.prepare_cached("SELECT docs FROM gram WHERE segment = ?1 AND gram = ?2")?;
        let mut insert =
            conn.prepare_cached("INSERT OR REPLACE INTO gram (segment, gram, docs) VALUES (?1, ?2, ?3)")?;
        for (gram, bits) in self.sorted() {
            let found: Option<Vec<u8>> = find.query_row((signed(segment), gram), |row| row.get(0)).optional()?;
            let mut bits = bits.clone();
            if let Some(found) = found {
                bits.or(&Bits::from_bytes(&found));
            }
            insert.execute(params![signed(segment), gram, bits.to_bytes()])?;
        }
        Ok(())
    }
}

/// Writes the letters of a segment that has none yet.
pub fn write_letters(conn: &Connection, segment: u64, sets: &[Set]) -> Result<(), LogError> {
    let mut insert = conn.prepare_cached("INSERT OR REPLACE INTO gram (segment, gram, docs) VALUES (?1, ?2, ?3)")?;
    let segment = signed(segment);
    sets.iter()
        .try_for_each(|(gram, docs)| insert.execute(params![segment, gram, docs]).map(drop))?;
    Ok(())
}

/// Takes places out of all letters of a segment, without knowing which letters they had.
pub fn clear(conn: &Connection, segment: u64, places: &[u16]) -> Result<(), LogError> {
    let mut find = conn.prepare_cached("SELECT gram, docs FROM gram WHERE segment = ?1")?;
    let found = find.query_map([signed(segment)], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?))
    })?;
    let found: Vec<(i64, Vec<u8>)> = found.collect::<Result<_, _>>()?;
    let mut put = conn.prepare_cached("UPDATE gram SET docs = ?3 WHERE segment = ?1 AND gram = ?2")?;
    let mut drop = conn.prepare_cached("DELETE FROM gram WHERE segment = ?1 AND gram = ?2")?;
    for (gram, bytes) in found {
        let mut bits = Bits::from_bytes(&bytes);
        if !places.iter().any(|place| bits.has(*place)) {
            continue;
        }
        places.iter().for_each(|place| bits.clear(*place));
        if bits.is_empty() {
            drop.execute((signed(segment), gram))?;
        } else {
            put.execute(params![signed(segment), gram, bits.to_bytes()])?;
        }
    }
    Ok(())
}
