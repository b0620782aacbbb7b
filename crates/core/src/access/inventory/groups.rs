//! Grants summed up by person or by merchant: the groups of a question in their order, the sums only of the page that is shown.

use std::collections::HashSet;

use uuid::Uuid;

use super::Inventory;
use super::names::Names;
use super::query::{Groups, InventoryQuery, MerchantRow, PersonRow, ViewCounts};
use super::row::{NEVER, Row, day_of_number};

/// What is summed up of a group.
#[derive(Debug, Clone, Default)]
struct Sum {
    grants: u32,
    others: HashSet<u32>,
    admins: HashSet<u32>,
    role_sets: HashSet<u16>,
    soonest: Option<i32>,
    seen_ms: Option<i64>,
    only: Option<Uuid>,
}

impl Sum {
    fn add(&mut self, row: &Row, other: u32) {
        self.grants += 1;
        self.others.insert(other);
        if row.admin {
            self.admins.insert(other);
        }
        self.role_sets.insert(row.roles);
        if row.ends != NEVER {
            self.soonest = Some(self.soonest.map_or(row.ends, |known| known.min(row.ends)));
        }
        self.seen_ms = self.seen_ms.max(row.seen_ms);
        self.only = (self.grants == 1).then_some(row.id);
    }
}

impl Inventory {
    /// The persons of a question's grants, by address.
    pub fn persons(&mut self, query: &InventoryQuery, now_ms: i64, page: (u32, u32)) -> Groups<PersonRow> {
        let (sums, total, counts) = self.groups(query, now_ms, page, |row| (row.person, row.site), |all| &all.persons);
        let row = |(person, sum): (u32, Sum)| PersonRow {
            person: self.persons.text(person).to_owned(),
            merchants: size(&sum.others),
            grants: sum.grants,
            roles: self.roles_of(&sum),
            soonest_end: sum.soonest.and_then(day_of_number),
            seen_ms: sum.seen_ms,
            only: sum.only,
        };
        Groups {
            rows: sums.into_iter().map(row).collect(),
            total,
            counts,
        }
    }

    /// The merchants of a question's grants, by name.
    pub fn merchants(&mut self, query: &InventoryQuery, now_ms: i64, page: (u32, u32)) -> Groups<MerchantRow> {
        let (sums, total, counts) = self.groups(query, now_ms, page, |row| (row.site, row.person), |all| &all.sites);
        let row = |(site, sum): (u32, Sum)| {
            let id = self.sites.text(site);
            let (name, reference) = self.merchant(id).unwrap_or_default();
            MerchantRow {
                name: name.to_owned(),
                reference: reference.to_owned(),
                people: size(&sum.others),
                admins: size(&sum.admins),
                soonest_end: sum.soonest.and_then(day_of_number),
                seen_ms: sum.seen_ms,
                only: sum.only,
                merchant_id: id.to_owned(),
            }
        };
        Groups {
            rows: sums.into_iter().map(row).collect(),
            total,
            counts,
        }
    }

    /// The groups of a page with their sums, and how many groups there are; `key` answers a row's group and what is counted in it.
    fn groups(
        &mut self,
        query: &InventoryQuery,
        now_ms: i64,
        (first, count): (u32, u32),
        key: impl Fn(&Row) -> (u32, u32),
        names: impl Fn(&Self) -> &Names,
    ) -> (Vec<(u32, Sum)>, u32, ViewCounts) {
        self.answer_to(query, now_ms);
        let answer = self.answer.as_ref().expect("an answer was just made");
        let rows = || answer.rows.iter().filter_map(|at| self.rows.get(*at as usize));
        // Which groups have a row; then the places that the groups of the page have in it.
        let mut place = vec![None; names(self).len()];
        for row in rows() {
            if let Some(has) = place.get_mut(key(row).0 as usize) {
                *has = Some(u32::MAX);
            }
        }
        let ordered = names(self).sorted().iter().copied();
        let all: Vec<u32> = ordered
            .filter(|group| place.get(*group as usize).copied().flatten().is_some())
            .collect();
        let shown: Vec<u32> = all.iter().copied().skip(first as usize).take(count as usize).collect();
        for (at, group) in (0u32..).zip(&shown) {
            if let Some(has) = place.get_mut(*group as usize) {
                *has = Some(at);
            }
        }
        let mut sums = vec![Sum::default(); shown.len()];
        for row in rows() {
            let (group, other) = key(row);
            let at = place.get(group as usize).copied().flatten().unwrap_or(u32::MAX);
            if let Some(sum) = sums.get_mut(at as usize) {
                sum.add(row, other);
            }
        }
        let total = u32::try_from(all.len()).unwrap_or(u32::MAX);
        (shown.into_iter().zip(sums).collect(), total, answer.counts)
    }

    fn roles_of(&self, sum: &Sum) -> Vec<String> {
        let sets = sum.role_sets.iter().map(|set| self.role_sets.text(u32::from(*set)));
        let mut roles: Vec<String> = sets.flat_map(|set| set.split(' ')).map(str::to_owned).collect();
        roles.sort_unstable();
        roles.dedup();
        roles
    }
}

fn size(set: &HashSet<u32>) -> u32 {
    u32::try_from(set.len()).unwrap_or(u32::MAX)
}
