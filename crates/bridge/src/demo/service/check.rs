//! Whether an answer signs somebody on: both signatures by the certificate that was handed over, and everything the standard asks of a
//! service provider (SAML core 2.5, profiles 4.1.4.3).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bergshamra::{DsigContext, KeysManager, VerifyResult};
use chrono::{DateTime, Utc};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use super::xml::{Seen, elements};

/// What an answer must be.
pub(super) struct Expected {
    /// The service's own name.
    pub service: String,
    /// Where answers come to.
    pub acs: String,
    /// The identity provider's name.
    pub provider: String,
    /// Its certificate in PEM.
    pub certificate: Vec<u8>,
    /// The time.
    pub now_ms: i64,
}

/// Who is signed on.
pub(super) struct SignedOn {
    /// The person's name.
    pub person: String,
    /// The request that was answered.
    pub request: Option<String>,
    /// What was said of the person.
    pub attributes: Vec<(String, Vec<String>)>,
}

/// A time as the standard writes it.
pub(super) fn written(ms: i64) -> String {
    let time = DateTime::<Utc>::from_timestamp_millis(ms).unwrap_or_default();
    time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Judges an answer.
pub(super) fn checked(answer: &str, expected: &Expected) -> Result<SignedOn, String> {
    let bytes = STANDARD.decode(answer).map_err(|cause| cause.to_string())?;
    let xml = String::from_utf8(bytes).map_err(|cause| cause.to_string())?;
    let seen = elements(&xml)?;
    let status: Vec<&str> = all(&seen, "StatusCode")
        .filter_map(|code| code.attribute("Value"))
        .collect();
    if status != ["urn:oasis:names:tc:SAML:2.0:status:Success"] {
        return Err(format!("the identity provider says {}", status.join(", ")));
    }
    let (response, assertion) = (only(&seen, "Response")?, only(&seen, "Assertion")?);
    signed_by(&xml, expected, &[response, assertion])?;
    let confirmed = only(&seen, "SubjectConfirmationData")?;
    addressed(&seen, (response, confirmed), expected)?;
    let request = response.attribute("InResponseTo");
    if confirmed.attribute("InResponseTo") != request {
        return Err("two requests are named".into());
    }
    in_time(&[only(&seen, "Conditions")?, confirmed], expected.now_ms)?;
    Ok(SignedOn {
        person: only(&seen, "NameID")?.text.clone(),
        request: request.map(str::to_owned),
        attributes: attributes(&seen),
    })
}

/// From whom an answer is, for whom, and where it was sent to.
fn addressed(seen: &[Seen], (response, confirmed): (&Seen, &Seen), expected: &Expected) -> Result<(), String> {
    let equal = |what: &str, found: Option<&str>, wanted: &str| match found {
        Some(found) if found == wanted => Ok(()),
        found => Err(format!("{what} is {}", found.unwrap_or("missing"))),
    };
    equal("the destination", response.attribute("Destination"), &expected.acs)?;
    equal("the recipient", confirmed.attribute("Recipient"), &expected.acs)?;
    let audience = only(seen, "Audience")?.text.as_str();
    equal("the audience", Some(audience), &expected.service)?;
    all(seen, "Issuer").try_for_each(|issuer| equal("the issuer", Some(&issuer.text), &expected.provider))
}

fn all<'a>(seen: &'a [Seen], name: &'a str) -> impl Iterator<Item = &'a Seen> {
    seen.iter().filter(move |one| one.name == name)
}

/// The one element of a name; a second one could be somebody else's.
fn only<'a>(seen: &'a [Seen], name: &'a str) -> Result<&'a Seen, String> {
    let mut found = all(seen, name);
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => Err(format!("there is no {name}")),
        (Some(_), Some(_)) => Err(format!("there is more than one {name}")),
    }
}

/// Each of these elements has a good signature of its own.
fn signed_by(xml: &str, expected: &Expected, elements: &[&Seen]) -> Result<(), String> {
    let certificate = CertificateDer::from_pem_slice(&expected.certificate).map_err(|cause| cause.to_string())?;
    let key = bergshamra::keys::loader::load_x509_cert_der(&certificate).map_err(|cause| cause.to_string())?;
    let mut keys = KeysManager::new();
    keys.add_key(key);
    let found = bergshamra::verify_all(&DsigContext::new(keys), xml).map_err(|cause| cause.to_string())?;
    let mut covered = Vec::new();
    for one in &found {
        match one {
            VerifyResult::Valid { references, .. } => covered.extend(references.iter().map(|one| one.uri.as_str())),
            VerifyResult::Invalid { reason } => return Err(format!("a signature is wrong: {reason}")),
        }
    }
    let wanted: Vec<String> = elements
        .iter()
        .map(|one| format!("#{}", one.attribute("ID").unwrap_or_default()))
        .collect();
    if covered.len() == wanted.len() && wanted.iter().all(|id| covered.contains(&id.as_str())) {
        Ok(())
    } else {
        Err("response and assertion are not both signed".into())
    }
}

fn in_time(elements: &[&Seen], now_ms: i64) -> Result<(), String> {
    let time = |text: &str| DateTime::parse_from_rfc3339(text).map(|time| time.timestamp_millis());
    for one in elements {
        for (name, early) in [("NotBefore", true), ("NotOnOrAfter", false)] {
            let Some(text) = one.attribute(name) else { continue };
            let at_ms = time(text).map_err(|cause| cause.to_string())?;
            if (early && now_ms < at_ms) || (!early && now_ms >= at_ms) {
                return Err(format!("it is not good now: {name} {text}"));
            }
        }
    }
    Ok(())
}

fn attributes(seen: &[Seen]) -> Vec<(String, Vec<String>)> {
    let mut told: Vec<(String, Vec<String>)> = Vec::new();
    for one in seen {
        match (one.name.as_str(), told.last_mut()) {
            ("Attribute", _) => told.push((one.attribute("Name").unwrap_or_default().to_owned(), Vec::new())),
            ("AttributeValue", Some((_, values))) => values.push(one.text.clone()),
            _ => {}
        }
    }
    told
}
