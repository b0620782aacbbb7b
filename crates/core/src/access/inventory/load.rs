//! From the ledger's table to the index: everything once, and afterwards only what has a higher revision than the last one seen.

use rusqlite::{Connection, Row as SqlRow};
use uuid::Uuid;

use super::Inventory;
use super::row::{NEVER, Row, day_number};
use crate::access::grant::{lapses_on, period_of};
use crate::access::ledger;
use crate::merchants::fold;
use crate::problem::Problem;

/// The role that can do everything.
const ADMIN: &str = "merchant:admin";

impl Inventory {
    /// Takes over what was changed in the ledger since the last time, by whichever process; true if there was anything.
    pub(super) fn catch_up(&mut self, connection: &Connection) -> Result<bool, Problem> {
        // Everything is read in the table's own order; by revision, each row would be looked up on its own.
        let how = if self.rev < 0 {
            "NOT INDEXED"
        } else {
            "INDEXED BY access_grant_rev"
        };
        let mut statement = connection.prepare_cached(&format!(
            "SELECT id, person, merchant_id, roles, expires_on, inactivity, changed_at_ms, seen_at_ms, revoke_accepted_ms,
                    out_by_ms, rev
             FROM access_grant {how} WHERE profile = ?1 AND rev > ?2"
        ))?;
        let (persons, sites) = (self.persons.len(), self.sites.len());
        let mut rows = statement.query((&self.profile, self.rev))?;
        let mut changed = false;
        while let Some(row) = rows.next()? {
            self.take(row)?;
            changed = true;
        }
        self.rev = self.rev.max(0);
        if self.persons.len() != persons {
            self.persons.order();
        }
        if self.sites.len() != sites {
            self.name_sites(connection, sites)?;
        }
        Ok(changed)
    }

    fn take(&mut self, row: &SqlRow<'_>) -> Result<(), Problem> {
        let text = |at| row.get_ref(at)?.as_str().map_err(rusqlite::Error::from);
        let id = Uuid::try_parse(text(0)?).map_err(|_| ledger::damaged())?;
        let roles = self.role_set(text(3)?);
        let (changed_ms, seen_ms): (i64, Option<i64>) = (row.get(6)?, row.get(7)?);
        let ends = match row.get_ref(4)?.as_str_or_null().map_err(rusqlite::Error::from)? {
            None => NEVER,
            Some(day) => day.parse().map(day_number).map_err(|_| ledger::damaged())?,
        };
        let period = row.get_ref(5)?.as_str_or_null().map_err(rusqlite::Error::from)?;
        let since = seen_ms.unwrap_or(changed_ms).max(changed_ms);
        let lapses = period_of(period).and_then(|period| lapses_on(period, since));
        let taken = Row {
            id,
            person: self.persons.take(text(1)?),
            site: self.sites.take(text(2)?),
            roles,
            admin: self
                .role_sets
                .text(u32::from(roles))
                .split(' ')
                .any(|role| role == ADMIN),
            accepted: row.get::<_, Option<i64>>(8)?.is_some(),
            ends,
            lapses: lapses.map_or(NEVER, day_number),
            changed_ms,
            out_by_ms: row.get::<_, Option<i64>>(9)?.unwrap_or(0),
            seen_ms,
        };
        self.rev = self.rev.max(row.get(10)?);
        self.put(taken);
        Ok(())
    }

    fn put(&mut self, row: Row) {
        let next = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        let at = *self.places.entry(row.id).or_insert(next);
        match self.rows.get_mut(at as usize) {
            Some(place) => *place = row,
            None => self.rows.push(row),
        }
    }

    /// There are a handful of sets; one more than sixteen bits can number shares the last number.
    fn role_set(&mut self, roles: &str) -> u16 {
        u16::try_from(self.role_sets.take(roles)).unwrap_or(u16::MAX)
    }

    /// Reads the names of the merchants from a number on: of all after an import, of the new ones otherwise.
    pub(super) fn name_sites(&mut self, connection: &Connection, from: usize) -> Result<(), Problem> {
        let mut statement = connection
            .prepare_cached("SELECT name, reference, folded FROM merchant WHERE profile = ?1 AND merchant_id = ?2")?;
        self.labels.truncate(from);
        for number in self.sites.numbers().skip(from) {
            let id = self.sites.text(number).to_owned();
            let mut rows = statement.query((&self.profile, &id))?;
            let (name, reference, folded) = match rows.next()? {
                Some(row) => (row.get(0)?, row.get(1)?, row.get(2)?),
                None => (String::new(), String::new(), fold(&id)),
            };
            self.sites.fold(number, folded);
            self.labels.push((name, reference));
        }
        self.sites.order();
        Ok(())
    }
}
