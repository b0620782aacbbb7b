//! The certificate signing request: PKCS#10 (RFC 2986) with one common name.
//!
//! The bytes that are signed equal those of `openssl req -new -subj /CN=<suffix>`, which Klarna's own guide uses (portal-access.md
//! section 1). Deliberately absent: attributes and requested extensions; Klarna decides those.

use gatehouse_klarna::{AccountKrn, SignFailure};
use p256::ecdsa::Signature;
use p256::pkcs8::ObjectIdentifier;
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::der::asn1::{Any, BitString, Utf8StringRef};
use x509_cert::der::pem::LineEnding;
use x509_cert::der::{Decode, Encode, EncodePem};
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};
use x509_cert::request::{CertReq, CertReqInfo};
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use super::Signer;

/// `id-at-commonName`, RFC 5280 appendix A.1.
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

/// `ecdsa-with-SHA256`, RFC 5758 section 3.2.
const ECDSA_WITH_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");

/// `ub-common-name`, RFC 5280 appendix A.1; Klarna's page says the same (portal-access.md 1, DOC).
pub const LONGEST_COMMON_NAME: usize = 64;

/// Why no signing request was made.
#[derive(Debug, thiserror::Error)]
pub enum NotRequested {
    /// No common name.
    #[error("The common name is empty. Use the last part of your account id, as Klarna's guide does.")]
    NameEmpty,
    /// More than a certificate can carry.
    #[error(
        "The common name has {found} characters; a certificate carries at most 64. Use the last part of your account id alone."
    )]
    NameTooLong {
        /// How many there are.
        found: usize,
    },
    /// Line ends and their kind.
    #[error("The common name holds a line end or another control character. Paste it again as one line.")]
    NameNotPlain,
    /// The key did not sign.
    #[error("The key could not sign the request. Make the key ready, then try again.")]
    Unsigned(#[from] SignFailure),
}

/// Asks for a certificate for `key` in the name of `account`: PEM text, `CN` = the account's suffix alone.
///
/// # Errors
/// [`NotRequested::Unsigned`] when a hardware key cannot sign now; a software key always can.
pub fn certificate_signing_request(key: &dyn Signer, account: &AccountKrn) -> Result<String, NotRequested> {
    certificate_signing_request_named(key, account.suffix())
}

/// Asks for a certificate with a common name of one's own; Klarna's newer guide lets it be any text (portal-access.md 1, DOC).
///
/// # Errors
/// Any of [`NotRequested`]; the name is judged before the key is touched.
pub fn certificate_signing_request_named(key: &dyn Signer, common_name: &str) -> Result<String, NotRequested> {
    let name = common_name.trim();
    let found = name.chars().count();
    if found == 0 {
        return Err(NotRequested::NameEmpty);
    }
    if found > LONGEST_COMMON_NAME {
        return Err(NotRequested::NameTooLong { found });
    }
    if name.chars().any(char::is_control) {
        return Err(NotRequested::NameNotPlain);
    }
    const FITS: &str = "a P-256 key and a name of 1 to 64 characters always fit a request";
    let info = info(key, name).expect(FITS);
    let signature = key.sign_es256(&info.to_der().expect(FITS))?;
    let signature = Signature::from_slice(&signature).map_err(|cause| SignFailure(Box::new(cause)))?;
    Ok(pem(info, &signature).expect(FITS))
}

fn info(key: &dyn Signer, name: &str) -> x509_cert::der::Result<CertReqInfo> {
    Ok(CertReqInfo {
        version: x509_cert::request::Version::V1,
        subject: subject(name)?,
        public_key: SubjectPublicKeyInfoOwned::from_der(&key.spki_der())?,
        attributes: x509_cert::attr::Attributes::default(),
    })
}

/// Built from parts, not parsed from text, so that commas and equals signs in a name stay in the name.
fn subject(name: &str) -> x509_cert::der::Result<Name> {
    let part = AttributeTypeAndValue {
        oid: COMMON_NAME,
        value: Any::encode_from(&Utf8StringRef::new(name)?)?,
    };
    let mut names = RdnSequence::default();
    names.push(RelativeDistinguishedName::try_from(vec![part])?);
    Name::from_der(&names.to_der()?)
}

fn pem(info: CertReqInfo, signature: &Signature) -> x509_cert::der::Result<String> {
    let request = CertReq {
        info,
        algorithm: AlgorithmIdentifierOwned {
            oid: ECDSA_WITH_SHA256,
            parameters: None,
        },
        signature: BitString::from_bytes(signature.to_der().as_bytes())?,
    };
    request.to_pem(LineEnding::LF)
}
