//! Keys in PKCS#8 under a passphrase: PBES2 with PBKDF2 or scrypt and AES or Triple-DES (RFC 8018).

use p256::pkcs8::PrivateKeyInfoRef;
use p256::pkcs8::der::{Decode, Encode};
use pkcs8::pkcs5::Error;
use pkcs8::pkcs5::pbes2::{Kdf, PBES2_OID, Parameters};

use super::{NotImportable, plain, wiped};
use crate::key_store::SecretBytes;
use crate::signing_key::SoftwareKey;

/// Eight times what the most careful tools set today; a second or two here.
const MOST_ITERATIONS: u32 = 5_000_000;

/// openssl's scrypt takes 16 MiB, its careful users 128.
const MOST_SCRYPT_MEMORY: u64 = 256 * 1024 * 1024;
const MOST_SCRYPT_LANES: u16 = 16;

/// Opens an `EncryptedPrivateKeyInfo`.
pub(super) fn open(der: &[u8], passphrase: Option<&SecretBytes>) -> Result<SoftwareKey, NotImportable> {
    let (algorithm, ciphertext) = plain::sealed_parts(der).ok_or(NotImportable::Damaged)?;
    if algorithm.oid != PBES2_OID {
        return Err(NotImportable::OldEncryption);
    }
    let parameters = algorithm.parameters.ok_or(NotImportable::Damaged)?;
    let parameters = parameters.to_der().map_err(|_| NotImportable::Damaged)?;
    let scheme = Parameters::from_der(&parameters).map_err(|_| NotImportable::OldEncryption)?;
    if !is_modest(&scheme.kdf) {
        return Err(NotImportable::TooMuchWork);
    }
    let passphrase = passphrase.ok_or(NotImportable::PassphraseNeeded)?;
    let mut buffer = wiped(ciphertext);
    let opened = scheme
        .decrypt_in_place(passphrase.expose(), &mut buffer)
        .map_err(cause)?;
    // One wrong passphrase in 256 gives padding that looks right; what it gives is no key then.
    if PrivateKeyInfoRef::from_der(opened).is_err() {
        return Err(NotImportable::WrongPassphrase);
    }
    plain::pkcs8(opened)
}

fn cause(cause: Error) -> NotImportable {
    match cause {
        Error::DecryptFailed => NotImportable::WrongPassphrase,
        Error::AlgorithmParametersInvalid { .. } => NotImportable::Damaged,
        Error::NoPbes1CryptSupport | Error::UnsupportedAlgorithm { .. } | Error::EncryptFailed | Error::Rng | _ => {
            NotImportable::OldEncryption
        }
    }
}

fn is_modest(kdf: &Kdf) -> bool {
    if let Some(pbkdf2) = kdf.pbkdf2() {
        return pbkdf2.iteration_count <= MOST_ITERATIONS;
    }
    kdf.scrypt().is_some_and(|scrypt| {
        let memory = scrypt
            .cost_parameter
            .saturating_mul(u64::from(scrypt.block_size))
            .saturating_mul(128);
        memory <= MOST_SCRYPT_MEMORY && scrypt.parallelization <= MOST_SCRYPT_LANES
    })
}
