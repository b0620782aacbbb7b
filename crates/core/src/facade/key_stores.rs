//! The data directory's key store, as it was chosen: the system's keyring, or the passphrase-sealed file.
//!
//! There is no fallback from one to the other (design section 3, invariant 10).

use std::path::Path;
use std::sync::Arc;

use crate::key_store::{KeyStore, KeyStoreKind, Keyring, SealedFile, SecretBytes};
use crate::problem::{ErrorCode, Problem};

const FILE: &str = "keys.sealed";

/// Opens the chosen store; the sealed file is made at its first use.
pub(super) fn open(
    kind: KeyStoreKind,
    dir: &Path,
    passphrase: Option<&SecretBytes>,
    keyring: Option<&Arc<Keyring>>,
    fill: fn(&mut [u8]),
) -> Result<Arc<dyn KeyStore>, Problem> {
    match kind {
        KeyStoreKind::Keyring => Ok(keyring.map_or_else(
            || Arc::new(Keyring::system()) as Arc<dyn KeyStore>,
            |begun| Arc::clone(begun) as Arc<dyn KeyStore>,
        )),
        KeyStoreKind::SealedFile => sealed(dir, passphrase, fill),
        KeyStoreKind::Memory => Err(Problem::new(
            ErrorCode::InputInvalid,
            "Secrets cannot be kept in memory alone.",
            "Choose keyring or file.",
        )),
    }
}

fn sealed(dir: &Path, passphrase: Option<&SecretBytes>, fill: fn(&mut [u8])) -> Result<Arc<dyn KeyStore>, Problem> {
    let passphrase = passphrase.ok_or_else(|| {
        Problem::new(
            ErrorCode::PassphraseWrong,
            "This data directory keeps its secrets in a sealed file, and no passphrase was given.",
            "Give it with --passphrase-file, or in GATEHOUSE_PASSPHRASE_FILE.",
        )
    })?;
    let path = dir.join(FILE);
    let store = if path.exists() {
        SealedFile::open(&path, passphrase, fill)?
    } else {
        SealedFile::create(&path, passphrase, fill)?
    };
    Ok(Arc::new(store))
}
