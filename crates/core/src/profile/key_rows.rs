//! A profile's keys as `gatehouse.db` knows them: state, place, public half, request, certificate; never the private half.
//!
//! A key's life runs one way: generated, requested, active, retiring, destroyed. At most one key of a usage is on its way,
//! one active and one retiring; the database's own indexes hold that. Deliberately absent: deleting a row; a destroyed key
//! stays known, so that old entries of the log can be read.

use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use super::{KeyPlace, Problem, damaged};
use crate::signing_key::{Certificate, CertificateUsage, Signer};

/// Where a key is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyState {
    /// It exists; nobody was asked for a certificate yet.
    Generated,
    /// A certificate was asked for, or is installed and waits to be taken into use.
    Requested,
    /// It is in use.
    Active,
    /// Another took its place; Klarna may still accept it.
    Retiring,
    /// The private half is gone for good.
    Destroyed,
}

impl KeyState {
    const ALL: [Self; 5] = [
        Self::Generated,
        Self::Requested,
        Self::Active,
        Self::Retiring,
        Self::Destroyed,
    ];

    /// The word in the database and for scripts.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Generated => "generated",
            Self::Requested => "requested",
            Self::Active => "active",
            Self::Retiring => "retiring",
            Self::Destroyed => "destroyed",
        }
    }

    /// Whether the key is on its way to be used.
    #[must_use]
    pub fn is_next(self) -> bool {
        matches!(self, Self::Generated | Self::Requested)
    }

    fn column(self) -> &'static str {
        match self {
            Self::Generated => "generated_at_ms",
            Self::Requested => "requested_at_ms",
            Self::Active => "active_at_ms",
            Self::Retiring => "retiring_at_ms",
            Self::Destroyed => "destroyed_at_ms",
        }
    }
}

/// One key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRow {
    /// RFC 7638 thumbprint.
    pub key_id: String,
    /// What it is for.
    pub usage: CertificateUsage,
    /// Where it is in its life.
    pub state: KeyState,
    /// Where the private half is.
    pub place: KeyPlace,
    /// The public half, DER.
    pub spki: Vec<u8>,
    /// The signing request, PEM.
    pub csr: Option<String>,
    /// Klarna's id of the certificate, if it is known.
    pub credential_id: Option<String>,
    /// The certificate, leaf first.
    pub pem: Option<String>,
    /// When it was made or taken in.
    pub generated_at_ms: i64,
    /// When a certificate was asked for.
    pub requested_at_ms: Option<i64>,
    /// When the certificate was installed.
    pub installed_at_ms: Option<i64>,
    /// When it was taken into use.
    pub active_at_ms: Option<i64>,
    /// When another took its place.
    pub retiring_at_ms: Option<i64>,
    /// From when Klarna refuses its certificate.
    pub revoked_from_ms: Option<i64>,
    /// When the private half was removed.
    pub destroyed_at_ms: Option<i64>,
}

impl KeyRow {
    /// A key just made.
    #[must_use]
    pub fn generated(usage: CertificateUsage, key: &dyn Signer, place: KeyPlace, now_ms: i64) -> Self {
        Self {
            key_id: key.key_id(),
            usage,
            state: KeyState::Generated,
            place,
            spki: key.spki_der(),
            csr: None,
            credential_id: None,
            pem: None,
            generated_at_ms: now_ms,
            requested_at_ms: None,
            installed_at_ms: None,
            active_at_ms: None,
            retiring_at_ms: None,
            revoked_from_ms: None,
            destroyed_at_ms: None,
        }
    }

    /// The installed certificate.
    ///
    /// # Errors
    /// `certificate_unreadable` for a row that was tampered with.
    pub fn certificate(&self) -> Result<Option<Certificate>, Problem> {
        Ok(self.pem.as_deref().map(Certificate::from_pem).transpose()?)
    }
}

const COLUMNS: &str = "key_id, usage, state, place, spki, csr, credential_id, pem, generated_at_ms, requested_at_ms,
     installed_at_ms, active_at_ms, retiring_at_ms, revoked_from_ms, destroyed_at_ms";

/// A profile's keys, JWT_SIGNING first, the oldest of a usage first.
///
/// # Errors
/// What the database says; `database_damaged` for a word that is none of ours.
pub fn all(connection: &Connection, profile: Uuid) -> Result<Vec<KeyRow>, Problem> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM profile_key WHERE profile = ?1 ORDER BY usage, generated_at_ms, key_id"
    ))?;
    let rows = statement
        .query_map([profile.to_string()], read)?
        .collect::<Result<Vec<_>, _>>()?;
    rows.into_iter().map(|row| row.ok_or_else(damaged)).collect()
}

/// The key of a usage that is in use.
#[must_use]
pub fn in_use(rows: &[KeyRow], usage: CertificateUsage) -> Option<&KeyRow> {
    rows.iter()
        .find(|row| row.usage == usage && row.state == KeyState::Active)
}

/// The ids of keys that stand on hardware tokens and were not destroyed.
///
/// # Errors
/// As [`all`].
pub fn left_on_tokens(connection: &Connection, profile: Uuid) -> Result<Vec<String>, Problem> {
    let left = |row: &KeyRow| row.place.token().is_some() && row.state != KeyState::Destroyed;
    let rows = all(connection, profile)?.into_iter().filter(left);
    Ok(rows.map(|row| row.key_id).collect())
}

/// One key by its id.
///
/// # Errors
/// As [`all`].
pub fn find(connection: &Connection, profile: Uuid, key_id: &str) -> Result<Option<KeyRow>, Problem> {
    let found = connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM profile_key WHERE profile = ?1 AND key_id = ?2"
        ))?
        .query_row([profile.to_string().as_str(), key_id], read)
        .optional()?;
    found.map(|row| row.ok_or_else(damaged)).transpose()
}

/// Writes a new key.
///
/// # Errors
/// What the database says.
pub fn insert(connection: &Connection, profile: Uuid, row: &KeyRow) -> Result<(), Problem> {
    connection
        .prepare_cached(
            "INSERT INTO profile_key (profile, key_id, usage, state, place, spki, generated_at_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            profile.to_string(),
            row.key_id,
            row.usage.as_str(),
            row.state.word(),
            row.place.to_string(),
            row.spki,
            row.generated_at_ms,
        ])?;
    Ok(())
}

/// Keeps a key's signing request.
///
/// # Errors
/// What the database says.
pub fn set_csr(connection: &Connection, profile: Uuid, key_id: &str, csr: &str) -> Result<(), Problem> {
    update(connection, "csr = ?3", profile, key_id, &csr)
}

/// Keeps from when Klarna refuses a key's certificate.
///
/// # Errors
/// What the database says.
pub fn set_revoked(connection: &Connection, profile: Uuid, key_id: &str, from_ms: i64) -> Result<(), Problem> {
    update(connection, "revoked_from_ms = ?3", profile, key_id, &from_ms)
}

/// Moves a key on in its life.
///
/// # Errors
/// What the database says; it refuses a second key in a state that only one may have.
pub fn set_state(
    connection: &Connection,
    profile: Uuid,
    key_id: &str,
    state: KeyState,
    now_ms: i64,
) -> Result<(), Problem> {
    let change = format!("state = '{}', {} = ?3", state.word(), state.column());
    update(connection, &change, profile, key_id, &now_ms)
}

/// Installs a key's certificate.
///
/// # Errors
/// What the database says.
pub fn install(
    connection: &Connection,
    profile: Uuid,
    key_id: &str,
    (pem, credential_id): (&str, Option<&str>),
    now_ms: i64,
) -> Result<(), Problem> {
    connection
        .prepare_cached(
            "UPDATE profile_key SET pem = ?3, credential_id = ?4, installed_at_ms = ?5 WHERE profile = ?1 AND key_id = ?2",
        )?
        .execute(params![profile.to_string(), key_id, pem, credential_id, now_ms])?;
    Ok(())
}

fn update(
    connection: &Connection,
    change: &str,
    profile: Uuid,
    key_id: &str,
    value: &dyn rusqlite::ToSql,
) -> Result<(), Problem> {
    connection
        .prepare_cached(&format!(
            "UPDATE profile_key SET {change} WHERE profile = ?1 AND key_id = ?2"
        ))?
        .execute(params![profile.to_string(), key_id, value])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Option<KeyRow>> {
    let (usage, state, place): (String, String, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
    let usages = [CertificateUsage::JwtSigning, CertificateUsage::Mtls];
    let usage = usages.into_iter().find(|known| known.as_str() == usage);
    let state = KeyState::ALL.into_iter().find(|known| known.word() == state);
    let (Some(usage), Some(state), Some(place)) = (usage, state, KeyPlace::parse(&place)) else {
        return Ok(None);
    };
    Ok(Some(KeyRow {
        key_id: row.get(0)?,
        usage,
        state,
        place,
        spki: row.get(4)?,
        csr: row.get(5)?,
        credential_id: row.get(6)?,
        pem: row.get(7)?,
        generated_at_ms: row.get(8)?,
        requested_at_ms: row.get(9)?,
        installed_at_ms: row.get(10)?,
        active_at_ms: row.get(11)?,
        retiring_at_ms: row.get(12)?,
        revoked_from_ms: row.get(13)?,
        destroyed_at_ms: row.get(14)?,
    }))
}
