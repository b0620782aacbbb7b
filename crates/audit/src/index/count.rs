//! Counts: facets and bars over time, from the packed columns in one pass, with a bound on how much is looked at.
//!
//! Deliberately absent: exact counts at any price. What was not looked at is said to be more.

use std::collections::HashMap;
use std::ops::ControlFlow;

use super::Index;
use super::bars::{Bar, Ended, Histogram, MINUTE, STEPS, ended};
use super::block::{self, Block, Needs};
use super::sieve::Sieve;
use super::terms;
use crate::error::LogError;
use crate::query::Field;
use rusqlite::Connection;

/// Entries that are read again at most to count words.
const MOST_READ: usize = 2_000;
/// Entries that are counted at most.
const MOST_COUNTED: u64 = 4_000_000;
/// Values of one field that are answered at most.
const MOST_VALUES: usize = 50;

/// How often each value of a field comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetCounts {
    /// The field.
    pub field: Field,
    /// Values with their counts, the most frequent first.
    pub values: Vec<(String, u64)>,
    /// Whether there are more values, or older acts that were not counted.
    pub more: bool,
}

impl Index {
    /// How often each value comes among the acts that a question finds, each field counted without its own conditions.
    pub fn facets(&self, log: &Connection, sieve: &Sieve) -> Result<Vec<FacetCounts>, LogError> {
        let mut tally = Tally::new(self, log, sieve);
        let needs = Needs {
            merchants: true,
            ms: false,
            combos: false,
        };
        block::each(&self.conn, sieve, needs, u64::MAX / 2, |block| tally.facets(block))?;
        let fields = [
            Field::Act,
            Field::Actor,
            Field::Env,
            Field::Outcome,
            Field::Merchant,
            Field::Profile,
        ];
        fields.into_iter().map(|field| tally.of(field)).collect()
    }

    /// Acts over time, in about so many bars.
    pub fn histogram(&self, log: &Connection, sieve: &Sieve, bars: u32) -> Result<Histogram, LogError> {
        let Some((low, high)) = self.reach(sieve)? else {
            return Ok(Histogram {
                step_ms: MINUTE,
                ..Histogram::default()
            });
        };
        let wanted = i64::from(bars.clamp(1, 1000));
        let step = |step: &i64| high.div_euclid(*step) - low.div_euclid(*step) < wanted;
        let step_ms = STEPS
            .into_iter()
            .find(step)
            .unwrap_or_else(|| (high - low) / wanted + 1);
        let from_ms = low.div_euclid(step_ms) * step_ms;
        let count = usize::try_from((high - from_ms) / step_ms + 1).unwrap_or(1);
        let mut histogram = Histogram {
            from_ms,
            step_ms,
            bars: vec![Bar::default(); count],
            more: false,
        };
        let mut tally = Tally::new(self, log, sieve);
        let needs = Needs {
            merchants: false,
            ms: true,
            combos: true,
        };
        block::each(&self.conn, sieve, needs, u64::MAX / 2, |block| {
            tally.bars(block, &mut histogram)
        })?;
        histogram.more = tally.more;
        Ok(histogram)
    }

    /// From when to when entries may lie that a question finds.
    fn reach(&self, sieve: &Sieve) -> Result<Option<(i64, i64)>, LogError> {
        let state = self.state()?;
        let mut find = self.conn.prepare_cached(
            "SELECT min(low), max(high) FROM (SELECT low_ms AS low, high_ms AS high FROM span WHERE high_ms > 0
             UNION ALL SELECT ms, ms FROM line WHERE seq >= ?1 AND ms > 0)",
        )?;
        let (low, high): (Option<i64>, Option<i64>) =
            find.query_row([super::signed(state.tail)], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let reach = low
            .zip(high)
            .map(|(low, high)| (low.max(sieve.ms.start), high.min(sieve.ms.end.saturating_sub(1))));
        Ok(reach.filter(|(low, high)| low <= high))
    }
}

struct Tally<'t> {
    index: &'t Index,
    log: &'t Connection,
    sieve: &'t Sieve,
    combos: Vec<u64>,
    merchants: HashMap<u32, u64>,
    counted: u64,
    read: usize,
    more: bool,
}

impl<'t> Tally<'t> {
    fn new(index: &'t Index, log: &'t Connection, sieve: &'t Sieve) -> Self {
        Self {
            index,
            log,
            sieve,
            combos: vec![0; sieve.combos.len()],
            merchants: HashMap::new(),
            counted: 0,
            read: 0,
            more: false,
        }
    }

    fn facets(&mut self, block: &Block) -> Result<ControlFlow<()>, LogError> {
        let sieve = self.sieve;
        for place in (0..4096_u16).rev() {
            let combo = block.combo(place) as usize;
            if !sieve.shown.get(combo).copied().unwrap_or(false) || !block.may(sieve, place) {
                continue;
            }
            let number = block.merchant(place);
            let (by_combo, by_merchant) = (
                sieve.combos.get(combo).copied().unwrap_or(false),
                sieve.merchant(number),
            );
            if !(by_combo || by_merchant) {
                continue;
            }
            match self.look(block.seq(place))? {
                None => return Ok(ControlFlow::Break(())),
                Some(false) => continue,
                Some(true) => {}
            }
            if let Some(count) = self.combos.get_mut(combo).filter(|_| by_merchant) {
                *count += 1;
            }
            if by_combo && number != 0 {
                *self.merchants.entry(number).or_default() += 1;
            }
        }
        Ok(self.go_on())
    }

    fn bars(&mut self, block: &Block, histogram: &mut Histogram) -> Result<ControlFlow<()>, LogError> {
        let sieve = self.sieve;
        let outcomes: Vec<Ended> = ended(sieve);
        for place in (0..4096_u16).rev() {
            let combo = block.combo(place) as usize;
            let passes = sieve.combos.get(combo).copied().unwrap_or(false)
                && (!sieve.asks_merchants() || sieve.merchant(block.merchant(place)));
            if !passes || !block.may(sieve, place) || block.ms(place) <= 0 {
                continue;
            }
            match self.look(block.seq(place))? {
                None => return Ok(ControlFlow::Break(())),
                Some(false) => continue,
                Some(true) => {}
            }
            let at = usize::try_from((block.ms(place) - histogram.from_ms) / histogram.step_ms).unwrap_or(usize::MAX);
            if let Some(bar) = histogram.bars.get_mut(at) {
                match outcomes.get(combo) {
                    Some(Ended::Succeeded) => bar.succeeded += 1,
                    Some(Ended::Refused) => bar.refused += 1,
                    Some(Ended::Unknown) => bar.unknown += 1,
                    Some(Ended::Note) | None => bar.notes += 1,
                }
            }
        }
        Ok(self.go_on())
    }

    /// Whether an entry passes the tests; `None` when enough were read.
    fn look(&mut self, seq: u64) -> Result<Option<bool>, LogError> {
        self.counted += 1;
        if self.sieve.tests.is_empty() {
            return Ok(Some(true));
        }
        if self.read >= MOST_READ {
            self.more = true;
            return Ok(None);
        }
        self.read += 1;
        self.index.holds(self.log, self.sieve, seq).map(Some)
    }

    fn go_on(&mut self) -> ControlFlow<()> {
        if self.counted < MOST_COUNTED {
            return ControlFlow::Continue(());
        }
        self.more = true;
        ControlFlow::Break(())
    }

    fn of(&self, field: Field) -> Result<FacetCounts, LogError> {
        let mut counts: HashMap<String, u64> = HashMap::new();
        if field == Field::Merchant {
            return self.of_merchants();
        }
        for known in &self.sieve.known {
            let count = self.combos.get(known.id as usize).copied().unwrap_or(0);
            if let Some(value) = self
                .sieve
                .value(known, field)
                .filter(|_| count > 0 && self.sieve.passes(known, Some(field)))
            {
                *counts.entry(value.to_owned()).or_default() += count;
            }
        }
        Ok(self.sorted(field, counts.into_iter().collect()))
    }

    fn of_merchants(&self) -> Result<FacetCounts, LogError> {
        let mut most: Vec<(u32, u64)> = self.merchants.iter().map(|(number, count)| (*number, *count)).collect();
        most.sort_unstable_by_key(|(number, count)| (std::cmp::Reverse(*count), *number));
        let more = most.len() > MOST_VALUES;
        let mut values = Vec::new();
        for (number, count) in most.into_iter().take(MOST_VALUES) {
            values.extend(terms::text(&self.index.conn, i64::from(number))?.map(|text| (text, count)));
        }
        let mut facet = self.sorted(Field::Merchant, values);
        facet.more |= more;
        Ok(facet)
    }

    fn sorted(&self, field: Field, mut values: Vec<(String, u64)>) -> FacetCounts {
        values.sort_unstable_by(|(a, x), (b, y)| y.cmp(x).then_with(|| a.cmp(b)));
        let more = self.more || values.len() > MOST_VALUES;
        values.truncate(MOST_VALUES);
        FacetCounts { field, values, more }
    }
}
