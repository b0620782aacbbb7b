//! Keys in DER without encryption, and telling from its outermost shape what a piece of DER is.

use p256::SecretKey;
use p256::ecdsa::SigningKey;
use p256::pkcs8::der::asn1::{ObjectIdentifier, OctetStringRef, UintRef};
use p256::pkcs8::der::{Decode, Header, Reader, SliceReader, Tag};
use p256::pkcs8::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use p256::pkcs8::{DecodePrivateKey, PrivateKeyInfoRef};
use sec1::{EcParameters, EcPrivateKey};
use x509_cert::Certificate as X509;
use x509_cert::request::CertReq;

use super::{NotImportable, oids};
use crate::signing_key::SoftwareKey;
use crate::signing_key::facts::P256_OID;

/// What can hold a key.
pub(super) enum Content {
    Pkcs8,
    Sec1,
    Sealed,
    Pkcs12,
}

/// Tells what `der` is; a form that holds no key, or not one for us, is refused by its name.
pub(super) fn recognise(der: &[u8]) -> Result<Content, NotImportable> {
    let other = |form: &str| NotImportable::OtherForm { form: form.to_owned() };
    match der {
        [] => return Err(NotImportable::Empty),
        [0xfe, 0xed, 0xfe, 0xed, ..] => return Err(other("a Java keystore (JKS)")),
        [0x30, 0x80, ..] => return Err(other("a file with open lengths (BER), as some old programs write it")),
        [0x30, ..] => {}
        _ => return Err(NotImportable::NotAKey),
    }
    if PrivateKeyInfoRef::from_der(der).is_ok() {
        Ok(Content::Pkcs8)
    } else if sealed_parts(der).is_some() {
        Ok(Content::Sealed)
    } else if EcPrivateKey::from_der(der).is_ok() {
        Ok(Content::Sec1)
    } else if is_pkcs12(der) {
        Ok(Content::Pkcs12)
    } else {
        Err(no_key(der))
    }
}

fn no_key(der: &[u8]) -> NotImportable {
    if X509::from_der(der).is_ok() {
        NotImportable::Certificate
    } else if CertReq::from_der(der).is_ok() {
        NotImportable::SigningRequest
    } else if SubjectPublicKeyInfoRef::from_der(der).is_ok() {
        NotImportable::PublicKey
    } else if is_pkcs1(der) {
        NotImportable::OtherKind { kind: "RSA".to_owned() }
    } else if is_whole(der) {
        NotImportable::NotAKey
    } else {
        NotImportable::Damaged
    }
}

/// What DER that is no certificate may be instead.
pub(in crate::signing_key) enum DerKind {
    Key,
    Pkcs12,
    Pkcs7,
    Request,
    PublicKey,
}

/// Names DER that is no certificate, where it is anything known.
pub(in crate::signing_key) fn what_der_is(der: &[u8]) -> Option<DerKind> {
    if begins_as_pkcs7(der) {
        return Some(DerKind::Pkcs7);
    }
    match recognise(der) {
        Ok(Content::Pkcs8 | Content::Sec1 | Content::Sealed) => Some(DerKind::Key),
        Ok(Content::Pkcs12) => Some(DerKind::Pkcs12),
        Err(NotImportable::OtherKind { .. }) => Some(DerKind::Key),
        Err(NotImportable::SigningRequest) => Some(DerKind::Request),
        Err(NotImportable::PublicKey) => Some(DerKind::PublicKey),
        Err(_) => None,
    }
}

/// A `ContentInfo` (RFC 5652 section 3) of `signedData`, which a bundle of certificates is.
fn begins_as_pkcs7(der: &[u8]) -> bool {
    let begins = |der| -> p256::pkcs8::der::Result<bool> {
        let mut reader = SliceReader::new(der)?;
        Header::decode(&mut reader)?.tag().assert_eq(Tag::Sequence)?;
        let content: ObjectIdentifier = ObjectIdentifier::decode(&mut reader)?;
        Ok(content.to_string() == "1.2.840.113549.1.7.2")
    };
    begins(der).unwrap_or(false)
}

/// Whether the outermost length is that of the bytes; of a file that was cut off, it is not.
fn is_whole(der: &[u8]) -> bool {
    let Ok(mut reader) = SliceReader::new(der) else {
        return false;
    };
    let header = Header::decode(&mut reader);
    header.is_ok_and(|header| reader.remaining_len() == header.length())
}

/// Algorithm and ciphertext of an `EncryptedPrivateKeyInfo` (RFC 5958 section 3), whatever the algorithm is.
pub(super) fn sealed_parts(der: &[u8]) -> Option<(AlgorithmIdentifierRef<'_>, &[u8])> {
    let mut reader = SliceReader::new(der).ok()?;
    let parts = reader.sequence(|reader| {
        let algorithm = AlgorithmIdentifierRef::decode(reader)?;
        let ciphertext = <&OctetStringRef>::decode(reader)?;
        Ok::<_, p256::pkcs8::der::Error>((algorithm, ciphertext.as_bytes()))
    });
    parts.ok().filter(|_| reader.is_finished())
}

/// A PFX (RFC 7292 section 4): version 3, then content of the type `data` or `signedData`.
fn is_pkcs12(der: &[u8]) -> bool {
    let begins = |der| -> p256::pkcs8::der::Result<bool> {
        let mut reader = SliceReader::new(der)?;
        Header::decode(&mut reader)?.tag().assert_eq(Tag::Sequence)?;
        let version = u8::decode(&mut reader)?;
        Header::decode(&mut reader)?.tag().assert_eq(Tag::Sequence)?;
        let content: ObjectIdentifier = ObjectIdentifier::decode(&mut reader)?;
        Ok(version == 3 && content.to_string().starts_with("1.2.840.113549.1.7."))
    };
    begins(der).unwrap_or(false)
}

/// An `RSAPrivateKey` or `RSAPublicKey` (RFC 8017, A.1): numbers alone, one of them of at least 512 bits.
fn is_pkcs1(der: &[u8]) -> bool {
    let begins = |der| -> p256::pkcs8::der::Result<bool> {
        let mut reader = SliceReader::new(der)?;
        Header::decode(&mut reader)?.tag().assert_eq(Tag::Sequence)?;
        let (first, second) = (UintRef::decode(&mut reader)?, UintRef::decode(&mut reader)?);
        Ok(first.as_bytes().len().max(second.as_bytes().len()) >= 64)
    };
    begins(der).unwrap_or(false)
}

/// Reads a PKCS#8 key (RFC 5958); of another kind, it is refused by its name.
pub(super) fn pkcs8(der: &[u8]) -> Result<SoftwareKey, NotImportable> {
    if let Ok(key) = SigningKey::from_pkcs8_der(der) {
        return Ok(SoftwareKey::of(key));
    }
    let info = PrivateKeyInfoRef::from_der(der).map_err(|_| NotImportable::Damaged)?;
    let algorithm = info.algorithm.oid.to_string();
    if algorithm != oids::EC_PUBLIC_KEY {
        return Err(NotImportable::OtherKind {
            kind: oids::algorithm(&algorithm),
        });
    }
    match info.algorithm.parameters_oid() {
        Ok(curve) if curve.to_string() == P256_OID => Err(NotImportable::Damaged),
        Ok(curve) => Err(other_curve(&curve.to_string())),
        Err(_) => Err(unnamed_curve()),
    }
}

/// Reads a SEC1 key (RFC 5915). It has to name its curve, because a number of 32 bytes may belong to several.
pub(super) fn sec1(der: &[u8]) -> Result<SoftwareKey, NotImportable> {
    let key = EcPrivateKey::from_der(der).map_err(|_| no_sec1(der))?;
    match key.parameters {
        Some(EcParameters::NamedCurve(curve)) if curve.to_string() == P256_OID => {}
        Some(EcParameters::NamedCurve(curve)) => return Err(other_curve(&curve.to_string())),
        None => return Err(unnamed_curve()),
    }
    SecretKey::try_from(key)
        .map(|secret| SoftwareKey::of(SigningKey::from(secret)))
        .map_err(|_| NotImportable::Damaged)
}

/// A SEC1 key whose curve is written out as numbers is whole, but the library takes names alone.
fn no_sec1(der: &[u8]) -> NotImportable {
    let begins = |der| -> p256::pkcs8::der::Result<bool> {
        let mut reader = SliceReader::new(der)?;
        Header::decode(&mut reader)?.tag().assert_eq(Tag::Sequence)?;
        let version = u8::decode(&mut reader)?;
        let _secret = <&OctetStringRef>::decode(&mut reader)?;
        Header::decode(&mut reader)?;
        Ok(version == 1 && Header::decode(&mut reader)?.tag() == Tag::Sequence)
    };
    if is_whole(der) && begins(der).unwrap_or(false) {
        unnamed_curve()
    } else {
        NotImportable::Damaged
    }
}

fn other_curve(oid: &str) -> NotImportable {
    NotImportable::OtherCurve {
        curve: oids::curve(oid),
    }
}

fn unnamed_curve() -> NotImportable {
    NotImportable::OtherCurve {
        curve: "without a name".to_owned(),
    }
}
