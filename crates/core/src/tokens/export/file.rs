//! A file of tokens under a passphrase.
//!
//! ```text
//! 0   8  "GATETOKS"
//! 8   1  format, 1: Argon2id 1.3, XChaCha20-Poly1305
//! 9   3  zero
//! 12 12  memory in KiB, passes, lanes (u32, little-endian)
//! 24 16  salt
//! 40 16  check value of the derived key
//! 56 24  nonce
//! 80  …  a table in UTF-8, sealed with bytes 0..56 as associated data
//! ```

use crate::key_store::{KeyStoreError, SealingCost, SealingKey, SecretBytes};
use crate::problem::{ErrorCode, Problem};
use crate::sealing;

const MAGIC: &[u8; 8] = b"GATETOKS";
const FORMAT: u8 = 1;
const HEAD: usize = 56;

/// Whether a file says that it is one of these.
pub(crate) fn is_sealed(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// Seals a table.
///
/// # Errors
/// A defect, where no key can be made.
pub(super) fn seal(plain: &[u8], passphrase: &SecretBytes, fill: fn(&mut [u8])) -> Result<Vec<u8>, Problem> {
    let mut salt = [0_u8; 16];
    fill(&mut salt);
    let cost = SealingCost::STANDARD;
    let key = SealingKey::derive(passphrase, &salt, cost)?;
    let mut head = [0_u8; HEAD];
    head[..8].copy_from_slice(MAGIC);
    head[8] = FORMAT;
    head[12..24].copy_from_slice(&cost.to_bytes());
    head[24..40].copy_from_slice(&salt);
    head[40..56].copy_from_slice(&key.check_value());
    let sealed = sealing::seal(key.sealing(), &head, plain, fill);
    let sealed = sealed.ok_or_else(|| KeyStoreError::Crashed("the file could not be sealed".to_owned()))?;
    Ok([&head[..], &sealed].concat())
}

/// Opens a file: the table, as the import takes it.
///
/// # Errors
/// `passphrase_wrong`; `import_unreadable` for what is no such file, was changed, or is of a newer version.
pub(crate) fn open(bytes: &[u8], passphrase: &SecretBytes) -> Result<SecretBytes, Problem> {
    let head: &[u8; HEAD] = bytes.first_chunk().ok_or_else(|| unreadable("It is cut off."))?;
    if !head.starts_with(MAGIC) {
        return Err(unreadable("It is no sealed file of tokens."));
    }
    if head[8] != FORMAT {
        return Err(unreadable("A newer Gatehouse wrote it."));
    }
    let cost = SealingCost::from_bytes(&part(head, 12));
    cost.refuse_unless_within(SealingCost::STANDARD)
        .map_err(|_| unreadable("Its beginning was changed."))?;
    let key = SealingKey::derive(passphrase, &part::<16>(head, 24), cost)?;
    if key.check_value() != part::<16>(head, 40) {
        return Err(Problem::new(
            ErrorCode::PassphraseWrong,
            "The passphrase is not the one that the file was sealed with.",
            "Give the passphrase that was chosen when the tokens were exported.",
        ));
    }
    let body = bytes.get(HEAD..).unwrap_or_default();
    let plain = sealing::open(key.sealing(), head, body).ok_or_else(|| unreadable("It was changed or cut off."))?;
    Ok(SecretBytes::from_slice(&plain))
}

fn part<const N: usize>(head: &[u8; HEAD], at: usize) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(&head[at..at + N]);
    out
}

fn unreadable(why: &str) -> Problem {
    Problem::new(
        ErrorCode::ImportUnreadable,
        format!("The file of tokens cannot be opened. {why}"),
        "Take the file as it was written by an export of tokens.",
    )
}
