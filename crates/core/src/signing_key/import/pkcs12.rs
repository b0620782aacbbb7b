//! PKCS#12 files (.p12, .pfx; RFC 7292): AES as today's tools write them, Triple-DES and RC2 as older ones did.

use p12_keystore::Pkcs12Archive;
use p12_keystore::error::Error;

use super::{Imported, NotImportable, certificates_for, plain};
use crate::key_store::SecretBytes;

/// Opens the file and takes its one key with the certificates that belong to it. A file without a passphrase opens without one.
pub(super) fn open(der: &[u8], passphrase: Option<&SecretBytes>) -> Result<Imported, NotImportable> {
    let words = match passphrase {
        Some(passphrase) => passphrase.expose_str().ok_or(NotImportable::WrongPassphrase)?,
        None => "",
    };
    let archive = Pkcs12Archive::from_pkcs12(der, words).map_err(|failure| cause(&failure, passphrase.is_some()))?;
    let key = match &archive.keys[..] {
        [one] => plain::pkcs8(one.key.as_der())?,
        [] => return Err(NotImportable::NoKeyInside),
        several => return Err(NotImportable::SeveralKeys { count: several.len() }),
    };
    let ders = archive.certs.iter().map(|bag| bag.cert.as_der().to_vec()).collect();
    let certificates = certificates_for(&key, ders);
    Ok(Imported { key, certificates })
}

fn cause(failure: &Error, passphrase_given: bool) -> NotImportable {
    match failure {
        // The file's own check failed, or what came out of the decryption had no end that could be right.
        Error::MacError(_) | Error::UnpadError | Error::Pkcs5Error(_) if passphrase_given => {
            NotImportable::WrongPassphrase
        }
        Error::MacError(_) | Error::UnpadError | Error::Pkcs5Error(_) => NotImportable::PassphraseNeeded,
        Error::InvalidParameters => NotImportable::TooMuchWork,
        Error::UnsupportedContentType
        | Error::UnsupportedEncryptionScheme
        | Error::UnsupportedMacAlgorithm
        | Error::UnsupportedCertificateType => NotImportable::OldEncryption,
        Error::IoError(_)
        | Error::DerError(_)
        | Error::InvalidVersion
        | Error::X509Error(_)
        | Error::InvalidLength
        | Error::InvalidData
        | Error::InvalidPrivateKey => NotImportable::Damaged,
    }
}
