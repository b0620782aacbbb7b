//! User access: one row for each person, merchant and `on_behalf_of`, kept after its end (portal-access.md section 5).
//!
//! The row holds moments only; what state they amount to is computed in [`crate::portal::standing`]. A grant after a
//! revocation brings the row back, so that the table grows with people and merchants and never with calls.

use rusqlite::{OptionalExtension, Row, Transaction, params, params_from_iter};

/// One access.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    pub(crate) id: i64,
    /// Who granted it.
    pub(crate) acquirer: String,
    pub(crate) account: String,
    /// The address as it is compared.
    pub(crate) address_key: String,
    pub(crate) on_behalf_of: String,
    /// The address as it was last written.
    pub(crate) sub: String,
    pub(crate) roles: Vec<String>,
    pub(crate) expires_at: Option<String>,
    /// `inactivity_grace_period`.
    pub(crate) grace: Option<String>,
    pub(crate) created_ms: i64,
    pub(crate) updated_ms: i64,
    /// The last write or use, from which inactivity counts.
    pub(crate) seen_ms: i64,
    /// How many grants took effect, ever.
    pub(crate) writes: i64,
    /// How many revocations took effect, ever.
    pub(crate) deletes: i64,
    pub(crate) revoked_ms: Option<i64>,
    /// When the revocation bites.
    pub(crate) out_ms: Option<i64>,
}

/// Which accesses are meant; what is absent narrows nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Which {
    pub(crate) acquirer: Option<String>,
    pub(crate) account: Option<String>,
    pub(crate) address_key: Option<String>,
    pub(crate) on_behalf_of: Option<String>,
    /// Only those that nobody revoked.
    pub(crate) standing: bool,
    /// Only those with a greater id.
    pub(crate) after: i64,
}

/// How much a selection holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(crate) accesses: i64,
    pub(crate) people: i64,
    pub(crate) accounts: i64,
}

const COLUMNS: &str = "id, acquirer, account, address_key, on_behalf_of, sub, roles, expires_at, grace, created_ms, \
     updated_ms, seen_ms, writes, deletes, revoked_ms, out_ms";

fn read(row: &Row<'_>) -> rusqlite::Result<Access> {
    let roles: String = row.get(6)?;
    Ok(Access {
        id: row.get(0)?,
        acquirer: row.get(1)?,
        account: row.get(2)?,
        address_key: row.get(3)?,
        on_behalf_of: row.get(4)?,
        sub: row.get(5)?,
        roles: roles.split(' ').map(str::to_owned).collect(),
        expires_at: row.get(7)?,
        grace: row.get(8)?,
        created_ms: row.get(9)?,
        updated_ms: row.get(10)?,
        seen_ms: row.get(11)?,
        writes: row.get(12)?,
        deletes: row.get(13)?,
        revoked_ms: row.get(14)?,
        out_ms: row.get(15)?,
    })
}

impl Which {
    /// The condition, whose form depends on what is given so that SQLite finds the right index, and its values.
    fn condition(&self) -> (String, Vec<&str>) {
        let given = [
            ("acquirer", &self.acquirer),
            ("account", &self.account),
            ("address_key", &self.address_key),
            ("on_behalf_of", &self.on_behalf_of),
        ];
        let mut sql = format!("id > {}", self.after);
        let mut values = Vec::new();
        for (column, value) in given {
            if let Some(value) = value {
                sql.push_str(&format!(" AND {column} = ?"));
                values.push(value.as_str());
            }
        }
        if self.standing {
            sql.push_str(" AND revoked_ms IS NULL");
        }
        (sql, values)
    }
}

/// Finds the access that a grant writes to: the one with the same three, or else any of that person and merchant.
pub(crate) fn find(tx: &Transaction<'_>, new: &Access, any_behalf: bool) -> rusqlite::Result<Option<Access>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM access WHERE acquirer = ?1 AND account = ?2 AND address_key = ?3 AND (on_behalf_of = ?4 OR ?5)
         ORDER BY on_behalf_of = ?4 DESC, updated_ms DESC LIMIT 1"
    );
    let key = params![new.acquirer, new.account, new.address_key, new.on_behalf_of, any_behalf];
    tx.prepare_cached(&sql)?.query_row(key, read).optional()
}

/// Writes a new access, or the one with the same id anew.
pub(crate) fn write(tx: &Transaction<'_>, access: &Access) -> rusqlite::Result<()> {
    tx.prepare_cached(&format!(
        "INSERT INTO access ({COLUMNS}) VALUES (nullif(?1, 0), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
         ON CONFLICT (id) DO UPDATE SET on_behalf_of = excluded.on_behalf_of, sub = excluded.sub, roles = excluded.roles,
             expires_at = excluded.expires_at, grace = excluded.grace, created_ms = excluded.created_ms,
             updated_ms = excluded.updated_ms, seen_ms = excluded.seen_ms, writes = excluded.writes,
             revoked_ms = excluded.revoked_ms, out_ms = excluded.out_ms"
    ))?
    .execute(params![
        access.id,
        access.acquirer,
        access.account,
        access.address_key,
        access.on_behalf_of,
        access.sub,
        access.roles.join(" "),
        access.expires_at,
        access.grace,
        access.created_ms,
        access.updated_ms,
        access.seen_ms,
        access.writes,
        access.deletes,
        access.revoked_ms,
        access.out_ms
    ])
    .map(drop)
}

/// Lists in the order of making.
pub(crate) fn list(tx: &Transaction<'_>, which: &Which, limit: i64) -> rusqlite::Result<Vec<Access>> {
    let (condition, values) = which.condition();
    tx.prepare(&format!(
        "SELECT {COLUMNS} FROM access WHERE {condition} ORDER BY id LIMIT {limit}"
    ))?
    .query_map(params_from_iter(values), read)?
    .collect()
}

pub(crate) fn extent(tx: &Transaction<'_>, which: &Which) -> rusqlite::Result<Extent> {
    let (condition, values) = which.condition();
    let sql =
        format!("SELECT count(*), count(DISTINCT address_key), count(DISTINCT account) FROM access WHERE {condition}");
    tx.prepare_cached(&sql)?.query_row(params_from_iter(values), |row| {
        Ok(Extent {
            accesses: row.get(0)?,
            people: row.get(1)?,
            accounts: row.get(2)?,
        })
    })
}

/// Revokes every access that is meant.
pub(crate) fn revoke(tx: &Transaction<'_>, which: &Which, now_ms: i64, out_ms: i64) -> rusqlite::Result<()> {
    let (condition, values) = which.condition();
    let times = [now_ms, out_ms].map(|time| time.to_string());
    let all = times.iter().map(String::as_str).chain(values);
    tx.prepare_cached(&format!(
        "UPDATE access SET revoked_ms = CAST(? AS INTEGER), out_ms = CAST(? AS INTEGER), deletes = deletes + 1 WHERE {condition}"
    ))?
    .execute(params_from_iter(all))
    .map(drop)
}

/// Notes a use, from which inactivity counts anew.
pub(crate) fn mark_seen(tx: &Transaction<'_>, id: i64, now_ms: i64) -> rusqlite::Result<()> {
    tx.prepare_cached("UPDATE access SET seen_ms = ?2 WHERE id = ?1")?
        .execute([id, now_ms])
        .map(drop)
}
