//! The proof that one entry stands in the log, as a file of its own: C2SP *tlog-proof* (docs/audit-format.md section 11).
//!
//! Deliberately absent: reading one, which every verifier does for itself.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::LogError;
use crate::snapshot::Snapshot;

/// The first line, which names the form.
pub const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";

/// Writes the proof of an entry under the snapshot's checkpoint; nothing for an entry that is not there.
///
/// # Errors
/// The file cannot be read; [`LogError::Damaged`] when a subtree or the checkpoint is missing.
pub fn write(snapshot: &Snapshot<'_>, seq: u64) -> Result<Option<String>, LogError> {
    let within = (snapshot.first..=snapshot.size).contains(&seq);
    let Some(bytes) = snapshot.bytes(seq)?.filter(|_| within && seq > 0) else {
        return Ok(None);
    };
    let mut text = format!("{FIRST_LINE}\nextra {}\nindex {}\n", STANDARD.encode(bytes), seq - 1);
    for hash in snapshot.path(seq)? {
        text.push_str(&STANDARD.encode(hash));
        text.push('\n');
    }
    text.push('\n');
    text.push_str(&snapshot.checkpoint()?);
    Ok(Some(text))
}
