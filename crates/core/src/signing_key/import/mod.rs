//! Importing a private key that somebody made elsewhere: PKCS#8, SEC1 or PKCS#12, as PEM or DER, sealed with a passphrase or not.
//!
//! Each wrong file gets its own sentence, because a person with a key in hand cannot see what kind it is. Texts name kinds, curves and
//! counts, never content. Everything of ours that has held key material is wiped; the libraries leave behind, unwiped, the key that
//! PBKDF2 or scrypt derives (pkcs5) and the decrypted bags of a PKCS#12 file (p12-keystore). Deliberately absent: export, older
//! encryptions that today's tools no longer make (MD5, DES, `DEK-Info`), and guessing a passphrase.

mod armour;
mod not_importable;
mod oids;
mod pkcs12;
mod plain;
mod sealed;

pub use not_importable::NotImportable;
pub(super) use plain::{DerKind, what_der_is};

use zeroize::Zeroizing;

use self::armour::{Block, Label};
use self::plain::Content;
use super::{Certificate, SoftwareKey};
use crate::key_store::SecretBytes;

/// A key file is below 2 KiB, a PKCS#12 file with its chain below 10 KiB.
const LARGEST: usize = 64 * 1024;

/// What an import brings.
#[derive(Debug)]
pub struct Imported {
    /// The key.
    pub key: SoftwareKey,
    /// The certificates for this very key that lay beside it, each with its chain; mostly none or one.
    pub certificates: Vec<Certificate>,
}

/// Reads the one P-256 key in a file or in pasted text.
///
/// `passphrase` opens what is sealed, and is not looked at where nothing is. Text around PEM blocks (`Bag Attributes`), blocks of
/// `EC PARAMETERS`, a byte order mark, UTF-16 and any line ends are taken as they come.
pub fn import(bytes: &SecretBytes, passphrase: Option<&SecretBytes>) -> Result<Imported, NotImportable> {
    let bytes = bytes.expose();
    if bytes.len() > LARGEST {
        return Err(NotImportable::TooLarge);
    }
    match armour::text_of(bytes) {
        Some(text) => from_text(&text, passphrase),
        None => from_der(bytes, passphrase),
    }
}

fn from_text(text: &str, passphrase: Option<&SecretBytes>) -> Result<Imported, NotImportable> {
    let blocks = armour::blocks(text)?;
    if blocks.is_empty() {
        return Err(armour::what_else(text));
    }
    let keys: Vec<&Block> = blocks.iter().filter(|block| block.label.is_key()).collect();
    let key = match keys[..] {
        [one] => key_in(one, passphrase)?,
        [] => return Err(instead_of_a_key(&blocks)),
        _ => return Err(NotImportable::SeveralKeys { count: keys.len() }),
    };
    let beside = blocks.iter().filter(|block| block.label == Label::Certificate);
    let certificates = certificates_for(&key, beside.map(|block| block.der.to_vec()).collect());
    Ok(Imported { key, certificates })
}

fn key_in(block: &Block, passphrase: Option<&SecretBytes>) -> Result<SoftwareKey, NotImportable> {
    match &block.label {
        Label::Pkcs8 => plain::pkcs8(&block.der),
        Label::Sealed => sealed::open(&block.der, passphrase),
        Label::Sec1 => plain::sec1(&block.der),
        Label::OldSealed => Err(NotImportable::OldEncryption),
        Label::OtherKey(kind) => Err(NotImportable::OtherKind { kind: kind.clone() }),
        Label::OtherForm(form) => Err(NotImportable::OtherForm { form: form.clone() }),
        Label::Certificate | Label::Request | Label::PublicKey | Label::Ignored => Err(NotImportable::NotAKey),
    }
}

fn instead_of_a_key(blocks: &[Block]) -> NotImportable {
    let has = |label| blocks.iter().any(|block| block.label == label);
    if has(Label::Certificate) {
        NotImportable::Certificate
    } else if has(Label::Request) {
        NotImportable::SigningRequest
    } else if has(Label::PublicKey) {
        NotImportable::PublicKey
    } else {
        NotImportable::NotAKey
    }
}

fn from_der(der: &[u8], passphrase: Option<&SecretBytes>) -> Result<Imported, NotImportable> {
    let key = match plain::recognise(der)? {
        Content::Pkcs8 => plain::pkcs8(der)?,
        Content::Sec1 => plain::sec1(der)?,
        Content::Sealed => sealed::open(der, passphrase)?,
        Content::Pkcs12 => return pkcs12::open(der, passphrase),
    };
    Ok(Imported {
        key,
        certificates: Vec::new(),
    })
}

/// The certificates of `key` among `ders`, each with those above it; others are no business of an import.
fn certificates_for(key: &SoftwareKey, ders: Vec<Vec<u8>>) -> Vec<Certificate> {
    let parsed: Vec<Certificate> = ders.iter().filter_map(|der| Certificate::from_der(der).ok()).collect();
    let spki = key.spki_der();
    parsed
        .iter()
        .filter(|certificate| certificate.spki_der() == spki)
        .map(|leaf| leaf.clone().with_those_above(&parsed))
        .collect()
}

/// A copy of bytes that wipes itself.
fn wiped(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(bytes.to_vec())
}
