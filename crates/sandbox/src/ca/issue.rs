//! Klarna's client certificate, field by field (portal-access.md 1.1, OBS).
//!
//! The issuer's name says "simulated", so that nobody takes one of these for Klarna's; everything else is as observed.

use super::{Authority, CaFailure, Contents, Dates, constraints, extension, key_usage, sign};
use crate::random::Random;
use x509_cert::Certificate;
use x509_cert::attr::{AttributeTypeAndValue, AttributeValue};
use x509_cert::der::asn1::{Ia5String, ObjectIdentifier};
use x509_cert::der::{Decode, Encode, Tag};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{KeyUsages, SubjectAltName};
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};
use x509_cert::spki::SubjectPublicKeyInfoOwned;

/// The authority's name, in the shape of Klarna's.
pub(crate) const ISSUER: &str = "CN=Klarna-Network-Clients-Sandbox-CA,O=Klarna Bank AB (simulated),C=SE";
/// The critical private extension.
pub(crate) const USAGE_OID: &str = "1.3.6.1.4.1.33194.1.1.2";
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const DAY_S: i64 = 86_400;

/// What a certificate is for.
pub(crate) struct Order<'a> {
    /// The account's KRN; it becomes the URI.
    pub(crate) account: &'a str,
    /// The subject's common name.
    pub(crate) common_name: &'a str,
    /// The number in the private extension.
    pub(crate) usage_value: i64,
    pub(crate) key: SubjectPublicKeyInfoOwned,
}

/// Issues a certificate for 1,095 days, the start backdated by one more hour.
pub(crate) fn issue(
    authority: &Authority,
    order: Order<'_>,
    now_s: i64,
    random: Random,
) -> Result<Certificate, CaFailure> {
    let contents = Contents {
        issuer: authority.certificate.tbs_certificate().subject().clone(),
        subject: common_name(order.common_name)?,
        extensions: vec![
            constraints(false)?,
            key_usage(KeyUsages::DigitalSignature.into())?,
            extension("2.5.29.17", false, &account_uri(order.account)?)?,
            extension(USAGE_OID, true, &order.usage_value)?,
        ],
    };
    let dates = Dates {
        from_s: now_s - 3_600,
        until_s: now_s + 1_095 * DAY_S,
    };
    sign(contents, dates, order.key, &authority.key, random)
}

fn account_uri(account: &str) -> Result<SubjectAltName, CaFailure> {
    Ok(SubjectAltName(vec![GeneralName::UniformResourceIdentifier(
        Ia5String::new(account)?,
    )]))
}

/// Builds `CN=<text>` without the string form of names, since the text may hold commas.
fn common_name(text: &str) -> Result<Name, CaFailure> {
    let value = AttributeValue::new(Tag::Utf8String, text.as_bytes())?;
    let mut single = RelativeDistinguishedName::default();
    single.insert(AttributeTypeAndValue {
        oid: COMMON_NAME,
        value,
    })?;
    let mut names = RdnSequence::default();
    names.push(single);
    Ok(Name::from_der(&names.to_der()?)?)
}
