//! The ledger of grants in `gatehouse.db`: the only inventory there is, since Klarna lists none.

use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};
use uuid::Uuid;

use super::grant::EXPIRING_DAYS;
use super::{Grant, GrantOrigin};
use crate::problem::{ErrorCode, Problem};

pub(super) const COLUMNS: &str = "id, profile, merchant_id, principal, person, on_behalf_of, roles, expires_on, inactivity, origin, \
     invited, reason, granted_by, granted_at_ms, changed_at_ms, doubtful, revoke_accepted_ms, out_by_ms";

/// Which grants are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Of one merchant, by its account KRN.
    pub merchant_id: Option<String>,
    /// Of one person, in the form by which persons are told apart.
    pub person: Option<String>,
    /// With one role.
    pub role: Option<String>,
    /// Ending within the next days and not revoked, as of this day, soonest first.
    pub expiring_from: Option<Date>,
    /// Not revoked.
    pub living: bool,
}

/// A grant, and when its person was last seen to enter the merchant's portal through us.
pub type Seen = (Grant, Option<i64>);

/// A page of grants, newest change first; those that end soon by their end.
///
/// # Errors
/// What the database says; `database_damaged` for a row that was tampered with.
pub fn page(connection: &Connection, profile: Uuid, wanted: &Wanted, page: (u32, u32)) -> Result<Vec<Grant>, Problem> {
    let rows = page_with_seen(connection, profile, wanted, page)?;
    Ok(rows.into_iter().map(|(grant, _)| grant).collect())
}

/// The same, each with when its person was last seen.
///
/// # Errors
/// As [`page`].
pub fn page_with_seen(
    connection: &Connection,
    profile: Uuid,
    wanted: &Wanted,
    (first, count): (u32, u32),
) -> Result<Vec<Seen>, Problem> {
    let (condition, mut values) = condition(profile, wanted);
    values.extend([Box::new(count) as Box<dyn ToSql>, Box::new(first)]);
    let order = if wanted.expiring_from.is_some() {
        "expires_on, id"
    } else {
        "changed_at_ms DESC, id"
    };
    let sql =
        format!("SELECT {COLUMNS}, seen_at_ms FROM access_grant WHERE {condition} ORDER BY {order} LIMIT ? OFFSET ?");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(rusqlite::params_from_iter(values), read_with_seen)?;
    rows.map(|row| row?.ok_or_else(damaged)).collect()
}

/// The grants of these ids, in their order, each with when its person was last seen; what is gone is left out.
///
/// # Errors
/// As [`page`].
pub fn by_ids(connection: &Connection, ids: &[Uuid]) -> Result<Vec<Seen>, Problem> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS}, seen_at_ms FROM access_grant WHERE id = ?1"))?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(row) = statement.query_row([id.to_string()], read_with_seen).optional()? {
            found.push(row.ok_or_else(damaged)?);
        }
    }
    Ok(found)
}

/// How many grants are wanted.
///
/// # Errors
/// What the database says.
pub fn count(connection: &Connection, profile: Uuid, wanted: &Wanted) -> Result<u64, Problem> {
    let (condition, values) = condition(profile, wanted);
    let sql = format!("SELECT count(*) FROM access_grant WHERE {condition}");
    let mut statement = connection.prepare_cached(&sql)?;
    let count: i64 = statement.query_row(rusqlite::params_from_iter(values), |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

fn condition(profile: Uuid, wanted: &Wanted) -> (String, Vec<Box<dyn ToSql>>) {
    let mut parts = vec!["profile = ?".to_owned()];
    let mut values: Vec<Box<dyn ToSql>> = vec![Box::new(profile.to_string())];
    let texts = [
        ("merchant_id = ?", &wanted.merchant_id),
        ("person = ?", &wanted.person),
        // Roles are words without spaces, so a role is a whole word between spaces.
        ("instr(' ' || roles || ' ', ' ' || ? || ' ') > 0", &wanted.role),
    ];
    for (part, value) in texts {
        if let Some(value) = value {
            parts.push(part.to_owned());
            values.push(Box::new(value.clone()));
        }
    }
    if let Some(today) = wanted.expiring_from {
        let until = today.saturating_add(jiff::Span::new().days(EXPIRING_DAYS));
        parts.push(
            "expires_on IS NOT NULL AND revoke_accepted_ms IS NULL AND expires_on > ? AND expires_on <= ?".into(),
        );
        values.push(Box::new(today.to_string()));
        values.push(Box::new(until.to_string()));
    }
    if wanted.living {
        parts.push("revoke_accepted_ms IS NULL".into());
    }
    (parts.join(" AND "), values)
}

/// A person's grant at a merchant on an account's behalf.
///
/// # Errors
/// As [`page`].
pub fn find(
    connection: &Connection,
    profile: Uuid,
    (merchant_id, person, on_behalf_of): (&str, &str, &str),
) -> Result<Option<Grant>, Problem> {
    let found = connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM access_grant WHERE profile = ?1 AND merchant_id = ?2 AND person = ?3 AND on_behalf_of = ?4"
        ))?
        .query_row(params![profile.to_string(), merchant_id, person, on_behalf_of], read)
        .optional()?;
    found.map(|row| row.ok_or_else(damaged)).transpose()
}

/// When the oldest of a profile's grants that are not revoked was made.
///
/// # Errors
/// What the database says.
pub fn oldest_living_ms(connection: &Connection, profile: Uuid) -> Result<Option<i64>, Problem> {
    Ok(connection
        .prepare_cached(
            "SELECT min(granted_at_ms) FROM access_grant WHERE profile = ?1 AND revoke_accepted_ms IS NULL",
        )?
        .query_row([profile.to_string()], |row| row.get(0))?)
}

/// Whether a person was ever granted anything with this profile, so that Klarna has a portal user for them.
///
/// # Errors
/// What the database says.
pub fn knows(connection: &Connection, profile: Uuid, person: &str) -> Result<bool, Problem> {
    Ok(connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM access_grant WHERE profile = ?1 AND person = ?2 AND doubtful = 0)",
        )?
        .query_row(params![profile.to_string(), person], |row| row.get(0))?)
}

/// When a grant's person was last seen to enter the merchant's portal through us, by links that were opened as them.
///
/// # Errors
/// What the database says.
pub fn seen_ms(connection: &Connection, grant: &Grant) -> Result<Option<i64>, Problem> {
    let seen = connection
        .prepare_cached("SELECT seen_at_ms FROM access_grant WHERE id = ?1")?
        .query_row([grant.id.to_string()], |row| row.get(0))
        .optional()?;
    Ok(seen.flatten())
}

/// Writes a grant as it is now; there is one row of a person, a merchant and an account on whose behalf.
///
/// # Errors
/// What the database says.
pub fn save(connection: &Connection, grant: &Grant) -> Result<(), Problem> {
    connection
        .prepare_cached(&format!(
            "INSERT INTO access_grant ({COLUMNS}) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18)
             ON CONFLICT (profile, merchant_id, person, on_behalf_of) DO UPDATE SET
             principal = excluded.principal, roles = excluded.roles, expires_on = excluded.expires_on,
             inactivity = excluded.inactivity, origin = excluded.origin, invited = excluded.invited,
             reason = excluded.reason, granted_by = excluded.granted_by, granted_at_ms = excluded.granted_at_ms,
             changed_at_ms = excluded.changed_at_ms, doubtful = excluded.doubtful,
             revoke_accepted_ms = excluded.revoke_accepted_ms, out_by_ms = excluded.out_by_ms"
        ))?
        .execute(params![
            grant.id.to_string(),
            grant.profile.to_string(),
            grant.merchant_id,
            grant.principal,
            grant.person,
            grant.on_behalf_of,
            grant.roles.join(" "),
            grant.expires_on.map(|day| day.to_string()),
            grant.inactivity,
            grant.origin.word(),
            grant.invited,
            grant.reason,
            grant.granted_by,
            grant.granted_at_ms,
            grant.changed_at_ms,
            grant.doubtful,
            grant.revoke_accepted_ms,
            grant.out_by_ms,
        ])?;
    Ok(())
}

fn read_with_seen(row: &Row<'_>) -> rusqlite::Result<Option<Seen>> {
    let seen_ms = row.get(18)?;
    Ok(read(row)?.map(|grant| (grant, seen_ms)))
}

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Option<Grant>> {
    let (id, profile, origin): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(9)?);
    let (roles, end): (String, Option<String>) = (row.get(6)?, row.get(7)?);
    let (Ok(id), Ok(profile), Some(origin)) = (id.parse(), profile.parse(), GrantOrigin::from_word(&origin)) else {
        return Ok(None);
    };
    let Ok(expires_on) = end.map(|text| text.parse::<Date>()).transpose() else {
        return Ok(None);
    };
    Ok(Some(Grant {
        id,
        profile,
        merchant_id: row.get(2)?,
        principal: row.get(3)?,
        person: row.get(4)?,
        on_behalf_of: row.get(5)?,
        roles: roles.split(' ').map(str::to_owned).collect(),
        expires_on,
        inactivity: row.get(8)?,
        origin,
        invited: row.get(10)?,
        reason: row.get(11)?,
        granted_by: row.get(12)?,
        granted_at_ms: row.get(13)?,
        changed_at_ms: row.get(14)?,
        doubtful: row.get(15)?,
        revoke_accepted_ms: row.get(16)?,
        out_by_ms: row.get(17)?,
    }))
}

pub(super) fn damaged() -> Problem {
    Problem::new(
        ErrorCode::DatabaseDamaged,
        "A grant in the ledger cannot be read.",
        "Restore gatehouse.db from a backup.",
    )
}
