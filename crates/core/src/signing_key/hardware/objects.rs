//! The objects of one key on a token: made, found again, used, destroyed.
//!
//! Both halves carry the same `CKA_ID`. The private one is sensitive, not extractable, and signs; whatever else is found under the id
//! is not used.

use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::Session;
use p256::PublicKey;
use p256::pkcs8::der::asn1::OctetStringRef;
use p256::pkcs8::der::{Decode, Encode};
use p256::pkcs8::{AssociatedOid, EncodePublicKey};

use super::returned::named;
use super::{HardwareFailure, HardwareKeyFacts};
use crate::signing_key::signer::thumbprint;

/// Makes a pair under a new id and reads back what the token made of it; what it would give away is destroyed at once.
pub(super) fn make_pair(
    session: &Session,
    serial: &str,
    label: &str,
    id: &[u8],
) -> Result<HardwareKeyFacts, HardwareFailure> {
    let (public, private) = session
        .generate_key_pair(
            &Mechanism::EccKeyPairGen,
            &public_half(label, id),
            &private_half(label, id),
        )
        .map_err(named)?;
    let made = kept(session, private).and_then(|()| {
        facts(session, public, serial)
            .map_err(named)?
            .ok_or(HardwareFailure::NotP256)
    });
    if made.is_err() {
        for half in [public, private] {
            // The failure that led here is what the person needs to hear.
            let _ = session.destroy_object(half);
        }
    }
    made
}

fn public_half(label: &str, id: &[u8]) -> Vec<Attribute> {
    vec![
        Attribute::Token(true),
        Attribute::Private(false),
        Attribute::Verify(true),
        Attribute::EcParams(p256_parameters()),
        Attribute::Label(label.as_bytes().to_vec()),
        Attribute::Id(id.to_vec()),
    ]
}

fn private_half(label: &str, id: &[u8]) -> Vec<Attribute> {
    vec![
        Attribute::Token(true),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(false),
        Attribute::Sign(true),
        Attribute::Decrypt(false),
        Attribute::Unwrap(false),
        Attribute::Derive(false),
        Attribute::Label(label.as_bytes().to_vec()),
        Attribute::Id(id.to_vec()),
    ]
}

fn p256_parameters() -> Vec<u8> {
    p256::NistP256::OID.to_der().expect("a constant always fits DER")
}

/// Every P-256 public key on the token.
pub(super) fn public_keys(session: &Session, serial: &str) -> Result<Vec<HardwareKeyFacts>, HardwareFailure> {
    let wanted = [
        Attribute::Class(ObjectClass::PUBLIC_KEY),
        Attribute::KeyType(KeyType::EC),
        Attribute::Token(true),
    ];
    let found = session.find_objects(&wanted).map_err(named)?;
    let each = found.into_iter().map(|object| facts(session, object, serial));
    let all: Result<Vec<Option<HardwareKeyFacts>>, _> = each.collect();
    Ok(all.map_err(named)?.into_iter().flatten().collect())
}

/// Reads a public key; nothing where it is on another curve.
fn facts(
    session: &Session,
    object: ObjectHandle,
    serial: &str,
) -> Result<Option<HardwareKeyFacts>, cryptoki::error::Error> {
    let wanted = [
        AttributeType::EcParams,
        AttributeType::EcPoint,
        AttributeType::Label,
        AttributeType::Id,
    ];
    let (mut curve, mut point, mut label, mut object_id) = (Vec::new(), Vec::new(), String::new(), Vec::new());
    for attribute in session.get_attributes(object, &wanted)? {
        if let Attribute::EcParams(bytes) = attribute {
            curve = bytes;
        } else if let Attribute::EcPoint(bytes) = attribute {
            point = bytes;
        } else if let Attribute::Label(bytes) = attribute {
            label = String::from_utf8_lossy(&bytes).into_owned();
        } else if let Attribute::Id(bytes) = attribute {
            object_id = bytes;
        }
    }
    if curve != p256_parameters() {
        return Ok(None);
    }
    Ok(public_key(&point).map(|public| HardwareKeyFacts {
        key_id: thumbprint(&public),
        label,
        serial: serial.to_owned(),
        spki_der: public
            .to_public_key_der()
            .expect("a P-256 point always fits SubjectPublicKeyInfo")
            .into_vec(),
        object_id,
    }))
}

/// The point, in an octet string as PKCS#11 wants it, or bare as some tokens give it.
fn public_key(point: &[u8]) -> Option<PublicKey> {
    let wrapped = <&OctetStringRef>::from_der(point).map(OctetStringRef::as_bytes);
    PublicKey::from_sec1_bytes(wrapped.unwrap_or(point)).ok()
}

/// The private key of this id, if the token keeps it to itself.
pub(super) fn private_key(session: &Session, id: &[u8]) -> Result<ObjectHandle, HardwareFailure> {
    let key = one(session, ObjectClass::PRIVATE_KEY, id)?.ok_or(HardwareFailure::NoKey)?;
    kept(session, key)?;
    Ok(key)
}

fn one(session: &Session, class: ObjectClass, id: &[u8]) -> Result<Option<ObjectHandle>, HardwareFailure> {
    let wanted = [
        Attribute::Class(class),
        Attribute::KeyType(KeyType::EC),
        Attribute::Token(true),
        Attribute::Id(id.to_vec()),
    ];
    Ok(session.find_objects(&wanted).map_err(named)?.first().copied())
}

/// Whether the token never gives the key away.
fn kept(session: &Session, key: ObjectHandle) -> Result<(), HardwareFailure> {
    let wanted = [AttributeType::Sensitive, AttributeType::Extractable];
    let said = session.get_attributes(key, &wanted).map_err(named)?;
    if said.contains(&Attribute::Sensitive(true)) && said.contains(&Attribute::Extractable(false)) {
        Ok(())
    } else {
        Err(HardwareFailure::NotKept)
    }
}

/// Signs a digest; the raw `r || s`.
pub(super) fn sign(session: &Session, key: ObjectHandle, digest: &[u8; 32]) -> Result<[u8; 64], HardwareFailure> {
    let signature = session.sign(&Mechanism::Ecdsa, key, digest).map_err(named)?;
    <[u8; 64]>::try_from(signature).map_err(|other| HardwareFailure::Failed {
        cause: format!("a signature of {} bytes", other.len()),
    })
}

/// Destroys both halves; a half that is gone already is no failure, both gone is.
pub(super) fn destroy(session: &Session, id: &[u8]) -> Result<(), HardwareFailure> {
    let private = one(session, ObjectClass::PRIVATE_KEY, id)?;
    let public = one(session, ObjectClass::PUBLIC_KEY, id)?;
    if private.is_none() && public.is_none() {
        return Err(HardwareFailure::NoKey);
    }
    for half in private.into_iter().chain(public) {
        session.destroy_object(half).map_err(named)?;
    }
    Ok(())
}
