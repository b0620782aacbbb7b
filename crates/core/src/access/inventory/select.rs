//! Which rows a question means, in which order; the last answer is kept, so that further pages are cut from it.

use super::Inventory;
use super::query::{Found, InventoryQuery, Order, View, ViewCounts};
use super::row::{Moment, Row};
use crate::merchants::fold;

/// An answer is cut into pages for so long; afterwards a state may have changed by the clock.
const FRESH_MS: i64 = 2_000;
/// So many words are looked for; one bit each.
const MOST_TERMS: usize = 64;

/// The rows of a question, by their places.
#[derive(Debug)]
pub(super) struct Answer {
    query: InventoryQuery,
    at: Moment,
    pub(super) rows: Vec<u32>,
    pub(super) counts: ViewCounts,
}

/// A question, made ready to be put to each row.
struct Prepared {
    person: Option<Option<u32>>,
    site: Option<Option<u32>>,
    role: Option<Vec<bool>>,
    leavers: Vec<bool>,
    /// For each person and merchant the words that are found there, and all words.
    words: Option<(Vec<u64>, Vec<u64>, u64)>,
}

impl Inventory {
    /// A page of grants with their number, and how many each other view has.
    pub fn page(&mut self, query: &InventoryQuery, now_ms: i64, (first, count): (u32, u32)) -> Found {
        self.answer_to(query, now_ms);
        let answer = self.answer.as_ref().expect("an answer was just made");
        let places = answer.rows.iter().skip(first as usize).take(count as usize);
        Found {
            ids: places
                .filter_map(|at| self.rows.get(*at as usize))
                .map(|row| row.id)
                .collect(),
            total: u32::try_from(answer.rows.len()).unwrap_or(u32::MAX),
            counts: answer.counts,
        }
    }

    /// Makes the answer to a question, unless the last one was to the same and is fresh.
    pub(super) fn answer_to(&mut self, query: &InventoryQuery, now_ms: i64) {
        let at = Moment::at(now_ms);
        let fits = |last: &Answer| {
            last.query == *query && last.at.today == at.today && (0..FRESH_MS).contains(&(now_ms - last.at.now_ms))
        };
        if self.answer.as_ref().is_some_and(fits) {
            return;
        }
        let (mut rows, counts) = self.find(query, at);
        self.sort(&mut rows, query.order, at);
        self.answer = Some(Answer {
            query: query.clone(),
            at,
            rows,
            counts,
        });
    }

    fn find(&self, query: &InventoryQuery, at: Moment) -> (Vec<u32>, ViewCounts) {
        let prepared = self.prepare(query);
        let mut counts = ViewCounts::default();
        let mut found = Vec::new();
        for (place, row) in (0u32..).zip(&self.rows) {
            if !prepared.means(row) {
                continue;
            }
            let leaves = prepared.leavers.get(row.person as usize).copied().unwrap_or(false);
            row.count(&mut counts, leaves, at);
            if row.is_in(query.view, leaves, at) {
                found.push(place);
            }
        }
        (found, counts)
    }

    fn prepare(&self, query: &InventoryQuery) -> Prepared {
        let role = query.role.as_deref().map(|wanted| {
            let sets = self.role_sets.numbers();
            sets.map(|set| self.role_sets.text(set).split(' ').any(|role| role == wanted))
                .collect()
        });
        let mut leavers = vec![false; self.persons.len()];
        for person in query.leavers.iter().flat_map(|list| list.iter()) {
            let number = self.persons.number(person);
            if let Some(place) = number.and_then(|number| leavers.get_mut(number as usize)) {
                *place = true;
            }
        }
        Prepared {
            person: query.person.as_deref().map(|person| self.persons.number(person)),
            site: query.merchant_id.as_deref().map(|id| self.sites.number(id)),
            role,
            leavers,
            words: self.words(&query.text),
        }
    }

    /// Which words of a text are found at which person and merchant.
    fn words(&self, text: &str) -> Option<(Vec<u64>, Vec<u64>, u64)> {
        let folded = fold(text);
        let terms: Vec<&str> = folded.split_whitespace().take(MOST_TERMS).collect();
        if terms.is_empty() {
            return None;
        }
        let (mut persons, mut sites) = (vec![0; self.persons.len()], vec![0; self.sites.len()]);
        let mut all = 0;
        for (place, term) in terms.iter().enumerate() {
            let bit = 1_u64 << place;
            all |= bit;
            self.persons.mark(term, bit, &mut persons);
            // Of a whole KRN only the last segment is searched; the rest is the same in every row.
            self.sites
                .mark(term.rsplit(':').next().unwrap_or(term), bit, &mut sites);
        }
        Some((persons, sites, all))
    }

    fn sort(&self, rows: &mut [u32], order: Order, at: Moment) {
        let ranks = (self.persons.ranks(), self.sites.ranks());
        let rank = |ranks: &[u32], number: u32| u64::from(ranks.get(number as usize).copied().unwrap_or(0));
        let person = |row: &Row| rank(&ranks.0, row.person);
        let site = |row: &Row| rank(&ranks.1, row.site);
        let key = |row: &Row| -> (u64, u64) {
            match order {
                Order::Newest => (descending(row.changed_ms), person(row)),
                Order::SoonestEnd => (ascending(row.ends), person(row) << 32 | site(row)),
                Order::Role => (
                    u64::from(!row.admin) << 32 | u64::from(row.roles),
                    person(row) << 32 | site(row),
                ),
                Order::Person => (person(row), site(row)),
                Order::Merchant => (site(row), person(row)),
                Order::LivingFirst => {
                    let over = !row.is_in(View::Living, false, at);
                    (u64::from(over), descending(row.changed_ms))
                }
            }
        };
        rows.sort_by_cached_key(|place| self.rows.get(*place as usize).map(key));
    }
}

impl Prepared {
    /// Whether a row is meant, but for the view.
    fn means(&self, row: &Row) -> bool {
        let is = |wanted: Option<Option<u32>>, number| wanted.is_none_or(|wanted| wanted == Some(number));
        let has_role = |sets: &Vec<bool>| sets.get(usize::from(row.roles)).copied().unwrap_or(false);
        let found = |(persons, sites, all): &(Vec<u64>, Vec<u64>, u64)| {
            let at = |marks: &[u64], number: u32| marks.get(number as usize).copied().unwrap_or(0);
            at(persons, row.person) | at(sites, row.site) == *all
        };
        is(self.person, row.person)
            && is(self.site, row.site)
            && self.role.as_ref().is_none_or(has_role)
            && self.words.as_ref().is_none_or(found)
    }
}

/// A time as a number that grows the longer ago it is.
fn descending(time_ms: i64) -> u64 {
    !ascending_ms(time_ms)
}

fn ascending_ms(time_ms: i64) -> u64 {
    time_ms.cast_unsigned() ^ (1 << 63)
}

fn ascending(day: i32) -> u64 {
    u64::from(day.cast_unsigned() ^ (1 << 31))
}
