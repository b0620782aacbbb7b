//! The vault: tokens sealed in columns of the database, and found without being opened (audit.md 6).
//!
//! What a sealed token belongs to is covered by its seal: table, column, row, key, account. So a row that was copied to another row,
//! another database or another account does not open. Deliberately absent: a way from a sealed token to the window; what leaves the core
//! is the hint.

mod keys;
mod rotate;

pub(crate) use keys::{MasterKey, VaultKeys};
pub(crate) use rotate::rotate;

use std::sync::Arc;

use gatehouse_klarna::CustomerToken;
use rusqlite::Connection;
use zeroize::Zeroizing;

use crate::acts::item;
use crate::facade::{Core, lock};
use crate::key_store::DirectoryItem;
use crate::problem::{ErrorCode, Problem, ways};
use crate::profile::Profile;
use crate::sealing;

/// What a seal covers.
pub(crate) struct Place<'a> {
    /// The table's column: `token.sealed`.
    pub column: &'static str,
    /// The row.
    pub row: &'a str,
    /// The profile's account.
    pub profile: &'a Profile,
}

impl Place<'_> {
    fn covered(&self, key_id: &str) -> Vec<u8> {
        let account = self.profile.account.as_str();
        format!(
            "1|{}|{}|{key_id}|{account}|{}",
            self.column,
            self.row,
            self.profile.environment.word()
        )
        .into_bytes()
    }
}

/// Where a token's seal belongs.
pub(crate) fn of_token<'a>(profile: &'a Profile, row: &'a str) -> Place<'a> {
    Place {
        column: "token.sealed",
        row,
        profile,
    }
}

/// Seals a secret for its place.
pub(crate) fn seal(master: &MasterKey, place: &Place<'_>, secret: &str, fill: fn(&mut [u8])) -> Vec<u8> {
    sealing::seal(&master.enc, &place.covered(&master.id), secret.as_bytes(), fill)
        .expect("a token is shorter than what can be sealed")
}

/// Opens a secret at its place.
///
/// # Errors
/// `vault_key_missing` for a key that is not there, `vault_damaged` for what was changed or moved.
pub(crate) fn open(
    keys: &VaultKeys,
    place: &Place<'_>,
    key_id: &str,
    sealed: &[u8],
) -> Result<Zeroizing<String>, Problem> {
    let master = keys.of(key_id).ok_or_else(key_missing)?;
    let plain = sealing::open(&master.enc, &place.covered(key_id), sealed).ok_or_else(damaged)?;
    let text = std::str::from_utf8(&plain).map_err(|_| damaged())?;
    Ok(Zeroizing::new(text.to_owned()))
}

/// Opens a token.
pub(crate) fn open_token(
    keys: &VaultKeys,
    place: &Place<'_>,
    key_id: &str,
    sealed: &[u8],
) -> Result<CustomerToken, Problem> {
    let mut text = open(keys, place, key_id, sealed)?;
    CustomerToken::parse(std::mem::take(&mut *text)).map_err(|_| damaged())
}

impl Core {
    /// The vault's keys: read once, made with the first token that is kept here.
    ///
    /// # Errors
    /// `vault_key_missing` where tokens are sealed and the key is not in the key store; `keyring_*`, `app_locked`.
    pub fn vault(&self) -> Result<Arc<VaultKeys>, Problem> {
        if let Some(keys) = lock(self.vault_kept()).clone() {
            return Ok(keys);
        }
        let _alone = self.hold_keys()?;
        let keys = Arc::new(self.read_vault()?);
        *lock(self.vault_kept()) = Some(Arc::clone(&keys));
        Ok(keys)
    }

    /// The same, read anew: another process may have changed the key since.
    pub fn vault_anew(&self) -> Result<Arc<VaultKeys>, Problem> {
        *lock(self.vault_kept()) = None;
        self.vault()
    }

    /// The vault's keys that fit a row, read anew where the row has another.
    pub fn vault_for(&self, key_id: &str) -> Result<Arc<VaultKeys>, Problem> {
        let keys = self.vault()?;
        if keys.of(key_id).is_some() {
            return Ok(keys);
        }
        self.vault_anew()
    }

    /// The vault's keys for looking up only: the kept ones where they fit every row, for asking the key store takes longer than the search.
    ///
    /// # Errors
    /// As [`Core::vault`].
    pub fn vault_to_search(&self) -> Result<Arc<VaultKeys>, Problem> {
        let keys = self.vault()?;
        let of_rows = keys_of_rows(&self.database())?;
        if !of_rows.is_empty() && of_rows.iter().all(|id| keys.of(id).is_some()) {
            return Ok(keys);
        }
        self.vault_anew()
    }

    fn read_vault(&self) -> Result<VaultKeys, Problem> {
        let store = self.key_store()?;
        let name = item(self.dir(), DirectoryItem::VaultKey);
        if let Some(bytes) = store.get(&name)? {
            return VaultKeys::parse(&bytes).ok_or_else(key_damaged);
        }
        if anything_sealed(&self.database())? {
            return Err(key_missing());
        }
        let keys = VaultKeys::fresh(self.fill());
        store.set(&name, &keys.to_item())?;
        Ok(keys)
    }

    fn write_vault(&self, keys: VaultKeys) -> Result<Arc<VaultKeys>, Problem> {
        self.key_store()?
            .set(&item(self.dir(), DirectoryItem::VaultKey), &keys.to_item())?;
        let keys = Arc::new(keys);
        *lock(self.vault_kept()) = Some(Arc::clone(&keys));
        Ok(keys)
    }
}

fn anything_sealed(database: &Connection) -> Result<bool, Problem> {
    Ok(database.query_row(
        "SELECT EXISTS (SELECT 1 FROM token) OR EXISTS (SELECT 1 FROM token_consent WHERE session IS NOT NULL)
             OR EXISTS (SELECT 1 FROM linking_session WHERE client IS NOT NULL)",
        [],
        |row| row.get(0),
    )?)
}

/// The ids of the keys that tokens are sealed with, each looked up once in the index.
fn keys_of_rows(database: &Connection) -> Result<Vec<String>, Problem> {
    let mut statement = database.prepare_cached(
        "WITH RECURSIVE used (id) AS (SELECT min(key_id) FROM token
             UNION ALL SELECT (SELECT min(key_id) FROM token WHERE key_id > used.id) FROM used WHERE used.id IS NOT NULL)
         SELECT id FROM used WHERE id IS NOT NULL",
    )?;
    let ids = statement.query_map([], |row| row.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

fn key_missing() -> Problem {
    Problem::new(
        ErrorCode::VaultKeyMissing,
        "The key of the token vault is not in the key store, so no token can be opened. Nothing was changed.",
        ways(
            "If the keyring was restored or changed, bring its old state back; `gatehouse doctor` tells more. The tokens' rows stay as they are.",
            "If the keyring was restored or changed, bring its old state back; Settings, This computer, tells more. The tokens' rows stay as they are.",
        ),
    )
}

fn key_damaged() -> Problem {
    Problem::new(
        ErrorCode::KeyStoreDamaged,
        "The key of the token vault cannot be read.",
        "Another program or a newer Gatehouse may have changed it; bring the keyring's old state back.",
    )
}

fn damaged() -> Problem {
    Problem::new(
        ErrorCode::VaultDamaged,
        "A token of the vault does not open: its row was changed, or moved here from another row, account or database.",
        "Nothing was sent. Restore gatehouse.db from a backup, or take the token in again from its source.",
    )
}
