//! Profiles in `gatehouse.db`; their keys stand in [`super::key_rows`].

use gatehouse_klarna::{AccountKrn, Email};
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use super::{Endpoint, Method, Profile, ProfileEnvironment, ProxySetting, damaged};
use crate::database;
use crate::policy::Policy;
use crate::problem::{ErrorCode, Problem};

const ACTIVE: &str = "active_profile";
const COLUMNS: &str = "id, name, environment, account, account_name, user_email, endpoint, ca_pem, allowed_hosts, policy, created_at_ms, method, proxy";

/// All profiles by name.
///
/// # Errors
/// What the database says; `database_damaged` for a row that cannot be read.
pub fn all(connection: &Connection) -> Result<Vec<Profile>, Problem> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM profile ORDER BY name"))?;
    let rows = statement.query_map([], raw)?.collect::<Result<Vec<_>, _>>()?;
    rows.into_iter().map(finish).collect()
}

/// One profile by name.
///
/// # Errors
/// As [`all`].
pub fn by_name(connection: &Connection, name: &str) -> Result<Option<Profile>, Problem> {
    one(connection, "name", name)
}

/// The profile in use.
///
/// # Errors
/// As [`all`].
pub fn active(connection: &Connection) -> Result<Option<Profile>, Problem> {
    match database::setting(connection, ACTIVE)? {
        Some(id) => one(connection, "id", &id),
        None => Ok(None),
    }
}

/// Makes a profile the one in use.
///
/// # Errors
/// What the database says.
pub fn set_active(connection: &Connection, profile: Uuid) -> Result<(), Problem> {
    database::set_setting(connection, ACTIVE, &profile.to_string())
}

/// Writes a profile, new or changed.
///
/// # Errors
/// `profile_exists` when another profile has the name.
pub fn save(connection: &Connection, profile: &Profile) -> Result<(), Problem> {
    let (url, ca_pem) = match &profile.endpoint {
        Endpoint::Embedded => ("embedded", None),
        Endpoint::Url { url, ca_pem } => (url.as_str(), ca_pem.as_deref()),
    };
    let written = connection
        .prepare_cached(&format!(
            "INSERT INTO profile ({COLUMNS}) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13) ON CONFLICT (id) DO UPDATE SET
             name = excluded.name, user_email = excluded.user_email, policy = excluded.policy, allowed_hosts = excluded.allowed_hosts,
             method = excluded.method, proxy = excluded.proxy"
        ))?
        .execute(params![
            profile.id.to_string(),
            profile.name,
            profile.environment.word(),
            profile.account.as_str(),
            profile.account_name,
            profile.user.as_str(),
            url,
            ca_pem,
            profile.allowed_hosts.join(" "),
            profile.policy.to_json(),
            profile.created_at_ms,
            profile.method.map(Method::word),
            profile.proxy.text(),
        ]);
    match written {
        Err(cause) if cause.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation) => {
            Err(exists(&profile.name))
        }
        other => other.map(|_| ()).map_err(Problem::from),
    }
}

/// Removes a profile with its certificates, merchants and sessions; the log keeps what was done with it.
///
/// # Errors
/// What the database says.
pub fn remove(connection: &mut Connection, profile: Uuid) -> Result<(), Problem> {
    let id = profile.to_string();
    let transaction = connection.transaction()?;
    for table in ["merchant", "portal_session"] {
        transaction.execute(&format!("DELETE FROM {table} WHERE profile = ?1"), [&id])?;
    }
    transaction.execute("DELETE FROM profile WHERE id = ?1", [&id])?;
    transaction.execute("DELETE FROM setting WHERE key = ?1 AND value = ?2", [ACTIVE, &id])?;
    Ok(transaction.commit()?)
}

/// The problem of a name that is taken.
#[must_use]
pub fn exists(name: &str) -> Problem {
    Problem::new(
        ErrorCode::ProfileExists,
        format!("A profile named {name:?} exists already."),
        "Choose another name, or use the existing one.",
    )
}

struct Raw {
    texts: [String; 10],
    ca_pem: Option<String>,
    method: Option<String>,
    created_at_ms: i64,
}

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok(Raw {
        texts: [
            row.get(0)?,
            row.get(1)?,
            row.get(2)?,
            row.get(3)?,
            row.get(4)?,
            row.get(5)?,
            row.get(6)?,
            row.get(8)?,
            row.get(9)?,
            row.get(12)?,
        ],
        ca_pem: row.get(7)?,
        method: row.get(11)?,
        created_at_ms: row.get(10)?,
    })
}

fn one(connection: &Connection, column: &str, value: &str) -> Result<Option<Profile>, Problem> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM profile WHERE {column} = ?1"))?
        .query_row([value], raw)
        .optional()?
        .map(finish)
        .transpose()
}

fn finish(raw: Raw) -> Result<Profile, Problem> {
    let [
        id,
        name,
        environment,
        account,
        account_name,
        user,
        url,
        hosts,
        policy,
        proxy,
    ] = raw.texts;
    Ok(Profile {
        id: Uuid::parse_str(&id).map_err(|_| damaged())?,
        name,
        environment: ProfileEnvironment::from_word(&environment).ok_or_else(damaged)?,
        account: AccountKrn::parse(&account).map_err(|_| damaged())?,
        account_name,
        user: Email::parse(&user).map_err(|_| damaged())?,
        endpoint: if url == "embedded" {
            Endpoint::Embedded
        } else {
            Endpoint::Url {
                url,
                ca_pem: raw.ca_pem,
            }
        },
        allowed_hosts: hosts.split_whitespace().map(str::to_owned).collect(),
        policy: Policy::from_json(&policy)?,
        method: raw.method.as_deref().and_then(Method::from_word),
        proxy: ProxySetting::parse(&proxy).map_err(|_| damaged())?,
        created_at_ms: raw.created_at_ms,
    })
}
