//! Gives the vault a new master key: every row is sealed anew, a few hundred at a time, and whoever is killed goes on where it stopped.
//!
//! The new master stands in the key store before the first row is sealed with it, and the old one goes after the last: at every moment
//! each row's key is there. Deliberately absent: the log's old keys going; old entries name tokens by them.

use rusqlite::{Connection, TransactionBehavior};

use super::{VaultKeys, open, open_token, seal};
use crate::facade::Core;
use crate::problem::Problem;
use crate::profile::{Profile, store};
use crate::tokens::vault::{MasterKey, Place, of_token};

const BATCH: u32 = 500;

/// Rotates, or goes on with a rotation; answers how many rows were sealed anew.
pub(crate) fn rotate(core: &Core, tell: &dyn Fn(u64)) -> Result<u64, Problem> {
    let _alone = core.hold_keys()?;
    let now = core.read_vault()?;
    // Two masters: a rotation was begun and not ended.
    let next = if now.masters().len() > 1 {
        now
    } else {
        now.with_new(core.fill())
    };
    let keys = core.write_vault(next)?;
    let profiles = store::all(&core.database())?;
    let mut done = 0;
    for profile in &profiles {
        for column in FEW {
            reseal_few(core, profile, &keys, column)?;
        }
        loop {
            let count = reseal_batch(core, profile, &keys)?;
            done += count;
            tell(done);
            if count == 0 {
                break;
            }
        }
    }
    let rest = VaultKeys::parse(&keys.to_item()).expect("what was just written is read");
    core.write_vault(rest.retired())?;
    Ok(done)
}

struct Row {
    id: i64,
    key_id: String,
    sealed: Vec<u8>,
}

fn reseal_batch(core: &Core, profile: &Profile, keys: &VaultKeys) -> Result<u64, Problem> {
    let mut database = core.database_for_change()?;
    let change = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let rows = rows_of_others(&change, profile, keys.current())?;
    for row in &rows {
        let place = row.id.to_string();
        let place = of_token(profile, &place);
        let token = open_token(keys, &place, &row.key_id, &row.sealed)?;
        let current = keys.current();
        let sealed = seal(current, &place, token.expose(), core.fill());
        change
            .prepare_cached("UPDATE token SET key_id = ?2, sealed = ?3, blind = ?4, fingerprint = ?5 WHERE id = ?1")?
            .execute((
                row.id,
                &current.id,
                sealed,
                current.blind(&token),
                keys.fingerprint(&token),
            ))?;
    }
    change.commit()?;
    Ok(rows.len() as u64)
}

fn rows_of_others(database: &Connection, profile: &Profile, current: &MasterKey) -> Result<Vec<Row>, Problem> {
    let mut statement = database.prepare_cached(
        "SELECT id, key_id, sealed FROM token WHERE profile = ?1 AND key_id <> ?2 ORDER BY id LIMIT ?3",
    )?;
    let rows = statement.query_map((profile.id.to_string(), &current.id, BATCH), |row| {
        Ok(Row {
            id: row.get(0)?,
            key_id: row.get(1)?,
            sealed: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A column of few and short-lived secrets: where a seal belongs, and the texts that read and write it.
struct Few {
    place: &'static str,
    read: &'static str,
    write: &'static str,
}

/// The session tokens of customers who agreed, dead after an hour, and what starts the purchase of a linking session, dead after two days.
const FEW: &[Few] = &[
    Few {
        place: "token_consent.session",
        read: "SELECT id, key_id, session FROM token_consent WHERE profile = ?1 AND session IS NOT NULL AND key_id <> ?2",
        write: "UPDATE token_consent SET key_id = ?2, session = ?3 WHERE id = ?1 AND key_id = ?4",
    },
    Few {
        place: "linking_session.client",
        read: "SELECT id, key_id, client FROM linking_session WHERE profile = ?1 AND client IS NOT NULL AND key_id <> ?2",
        write: "UPDATE linking_session SET key_id = ?2, client = ?3 WHERE id = ?1 AND key_id = ?4",
    },
];

fn reseal_few(core: &Core, profile: &Profile, keys: &VaultKeys, few: &Few) -> Result<(), Problem> {
    let database = core.database_for_change()?;
    let mut statement = database.prepare_cached(few.read)?;
    let current = keys.current();
    let found = statement.query_map((profile.id.to_string(), &current.id), |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, String>(1)?,
            row.get::<_, Vec<u8>>(2)?,
        ))
    })?;
    let found: Vec<_> = found.collect::<Result<_, _>>()?;
    for (id, key_id, sealed) in found {
        let place = Place {
            column: few.place,
            row: &id,
            profile,
        };
        let text = open(keys, &place, &key_id, &sealed)?;
        let anew = seal(current, &place, &text, core.fill());
        database.execute(few.write, (&id, &current.id, anew, &key_id))?;
    }
    Ok(())
}
