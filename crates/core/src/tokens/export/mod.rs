//! Tokens handed out as a file: a table without them, or a sealed one with them, to move a vault or to keep it elsewhere.
//!
//! A sealed file opens with its passphrase alone, and `import_tokens` takes what is in it. Both are recorded before the bytes are given
//! away. Deliberately absent: tokens in a file that is not sealed.

mod file;
mod rows;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::query::TokenQuery;
use super::{note, story};
use crate::acts::Members;
use crate::facade::Core;
use crate::key_store::SecretBytes;
use crate::policy;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;

pub(crate) use file::{is_sealed, open};

/// A passphrase of a file that may be carried away has at least so many characters.
const SHORTEST: usize = 12;

/// A file that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TokenExport {
    /// How many tokens are in it.
    pub rows: u64,
    /// SHA-256 of the file, hex; the audit entry has it too.
    pub file_sha256: String,
    /// The audit entry.
    pub seq: u64,
    /// The file's bytes: no token stands in them, or they are sealed.
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

/// A table of the tokens that are looked for, without the tokens themselves.
///
/// # Errors
/// `log_*`, `keyring_*`.
pub(crate) fn masked(core: &Core, profile: &Profile, query: &TokenQuery) -> Result<TokenExport, Problem> {
    let (text, ids) = rows::masked(core, profile, query)?;
    recorded(core, profile, ("masked", None), (text.into_bytes(), &ids))
}

/// The tokens that are looked for, in a file sealed with a passphrase; what is said of each stands beside it, as an import reads it.
///
/// # Errors
/// `reason_required`, `input_invalid` for a passphrase that is too short, before anything is opened; `vault_*`, `keyring_*`, `log_*`.
pub(crate) fn sealed(
    core: &Core,
    profile: &Profile,
    query: &TokenQuery,
    (passphrase, reason): (&SecretBytes, &str),
) -> Result<TokenExport, Problem> {
    let reason = policy::reason_of(Some(reason)).ok_or_else(no_reason)?;
    refuse_short(passphrase)?;
    core.unlock_log()?;
    let (text, ids) = rows::whole(core, profile, query)?;
    let bytes = file::seal(text.as_bytes(), passphrase, core.fill())?;
    drop(text);
    let made = recorded(core, profile, ("sealed", Some(&reason)), (bytes, &ids))?;
    let now_ms = core.clock().unix_ms();
    story::tell_all(
        &mut *core.database_for_change()?,
        &ids,
        ("token.export", now_ms, made.seq),
    )?;
    Ok(made)
}

fn recorded(
    core: &Core,
    profile: &Profile,
    (form, reason): (&str, Option<&str>),
    (bytes, ids): (Vec<u8>, &[i64]),
) -> Result<TokenExport, Problem> {
    let file_sha256 = hex::encode(Sha256::digest(&bytes));
    let rows = ids.len() as u64;
    let mut members = Members::new();
    members.insert("form".into(), form.into());
    members.insert("rows".into(), rows.into());
    members.insert("file_sha256".into(), file_sha256.as_str().into());
    let seq = note(core, profile, ("token.export", None), members, reason)?;
    Ok(TokenExport {
        rows,
        file_sha256,
        seq,
        bytes,
    })
}

fn refuse_short(passphrase: &SecretBytes) -> Result<(), Problem> {
    let length = passphrase.expose_str().map_or(0, |text| text.trim().chars().count());
    if length >= SHORTEST {
        return Ok(());
    }
    Err(Problem::new(
        ErrorCode::InputInvalid,
        format!("The passphrase is shorter than {SHORTEST} characters, so nothing was written."),
        "Take several words; whoever has the file can try as often as he likes.",
    ))
}

fn no_reason() -> Problem {
    Problem::new(
        ErrorCode::ReasonRequired,
        "Tokens are never handed out without a reason, so nothing was written.",
        "Say in a few words why; it stands in the audit log.",
    )
}
