//! Checks a certificate signing request (PKCS#10, RFC 2986) against Klarna's rules (portal-access.md 1).
//!
//! Only P-256 with ECDSA over SHA-256 is accepted. Attributes and asked-for extensions are ignored: the profile is Klarna's.

use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{DerSignature, VerifyingKey};
use p256::pkcs8::DecodePublicKey;
use x509_cert::der::{DecodePem, Encode};
use x509_cert::request::CertReq;
use x509_cert::spki::{ObjectIdentifier, SubjectPublicKeyInfoOwned};

const ECDSA_WITH_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");

/// What is wrong with a request, as a sentence for `errors[]`.
pub(crate) type Flaw = &'static str;

/// A request that holds: the key and the wanted common name.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) key: SubjectPublicKeyInfoOwned,
    pub(crate) common_name: Option<String>,
}

/// Reads a request and checks its own signature.
pub(crate) fn read(pem: &str) -> Result<Request, Flaw> {
    let request = CertReq::from_pem(pem.trim()).map_err(|_| "The value is not a PKCS#10 request in PEM.")?;
    let key_der = request
        .info
        .public_key
        .to_der()
        .map_err(|_| "The public key cannot be read.")?;
    let key = VerifyingKey::from_public_key_der(&key_der).map_err(|_| "The key is not on the curve P-256.")?;
    if request.algorithm.oid != ECDSA_WITH_SHA256 {
        return Err("The request is not signed with ECDSA over SHA-256.");
    }
    let signed = request.info.to_der().map_err(|_| "The request cannot be read.")?;
    let signature =
        DerSignature::from_bytes(request.signature.raw_bytes()).map_err(|_| "The signature cannot be read.")?;
    key.verify(&signed, &signature)
        .map_err(|_| "The signature does not match the key in the request.")?;
    let common_name = common_name(&request)?;
    Ok(Request {
        key: request.info.public_key,
        common_name,
    })
}

fn common_name(request: &CertReq) -> Result<Option<String>, Flaw> {
    let name = request
        .info
        .subject
        .common_name()
        .map_err(|_| "The common name cannot be read.")?;
    Ok(name
        .map(|text| text.value().into_owned())
        .filter(|text| !text.is_empty()))
}

/// Applies `csr.cn_rule`: gives the subject's common name, or says what is wrong.
///
/// `invented` is the random tail used where Klarna makes up a name (portal-access.md 1, DOC [D8]).
pub(crate) fn subject(rule: &str, asked: Option<&str>, suffix: &str, invented: &str) -> Result<String, Flaw> {
    match (rule, asked) {
        ("suffix", Some(name)) if name == suffix => Ok(name.to_owned()),
        ("suffix", _) => Err("The common name must be the last segment of the account's KRN."),
        (_, Some(name)) if name.chars().count() <= 64 => Ok(name.to_owned()),
        ("optional", None) => Ok(format!("{suffix}-{invented}")),
        (_, Some(_)) => Err("The common name must not be longer than 64 characters."),
        (_, None) => Err("The request must have a common name."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_name_follows_the_rule() {
        assert_eq!(
            subject("suffix", Some("ABC"), "ABC", "0").as_deref(),
            Ok("ABC"),
            "the suffix itself"
        );
        assert!(
            subject("suffix", Some("XYZ"), "ABC", "0").is_err(),
            "another name is refused"
        );
        assert!(subject("suffix", None, "ABC", "0").is_err(), "no name is refused");
        assert_eq!(
            subject("any64", Some("any, text"), "ABC", "0").as_deref(),
            Ok("any, text"),
            "any text"
        );
        assert!(
            subject("any64", Some(&"x".repeat(65)), "ABC", "0").is_err(),
            "65 characters are too many"
        );
        assert_eq!(
            subject("optional", None, "ABC", "00ff").as_deref(),
            Ok("ABC-00ff"),
            "a name is invented"
        );
    }
}
