//! What a service provider asks for: `AuthnRequest` by HTTP-Redirect, read, checked against what was configured, and never trusted
//! beyond that.

mod query;
mod tree;

use aws_lc_rs::signature::{
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RsaParameters,
    UnparsedPublicKey,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;

use self::query::{Query, unpacked};
use self::tree::Element;
use super::context::{Comparison, WantedContexts};
use super::key::Certificate;
use super::names::{ASSERTION, PROTOCOL};
use super::status::Status;
use crate::config::{NameIdFormat, RELAY_STATE, Saml};

/// A request that is to be answered: by signing somebody on, or with a status.
#[derive(Debug)]
pub struct Asked {
    /// The request's id.
    pub id: String,
    /// Where the answer goes.
    pub acs: String,
    /// What goes back with it.
    pub relay_state: Option<String>,
    /// Whether the person must sign in anew.
    pub fresh: bool,
    /// Whether nobody may be asked anything.
    pub passive: bool,
    /// How the person must have signed in.
    pub contexts: Option<WantedContexts>,
    /// Until when the same id is a repeat, milliseconds since 1970 UTC.
    pub fresh_until_ms: i64,
    /// What cannot be done, though the request is good.
    pub refused: Option<Status>,
}

/// Reads a request and checks it.
///
/// # Errors
/// A word that says why it has no answer but a page.
pub fn read(query: &str, settings: &Saml, service: Option<&Certificate>, now_ms: i64) -> Result<Asked, &'static str> {
    let query = Query::read(query)?;
    let packed = query.request.as_deref().ok_or("request_missing")?;
    let usable = |text: &String| text.len() <= LONGEST_RELAY_STATE && !text.chars().any(char::is_control);
    if !query.relay_state.as_ref().is_none_or(usable) {
        return Err("relay_state_unusable");
    }
    signed(&query, settings, service)?;
    let root = tree::read(&unpacked(packed)?)?;
    if !root.is(PROTOCOL, "AuthnRequest") {
        return Err("no_authn_request");
    }
    addressed(&root, settings, query.signature.is_some() && service.is_some())?;
    let fresh_until_ms = issued(&root, settings, now_ms)?;
    let flag = |name: &str| root.attribute(name).is_some_and(|value| matches!(value, "true" | "1"));
    let contexts = contexts(&root);
    let refused = refused(&root, settings, contexts.as_ref().is_err());
    Ok(Asked {
        id: id(&root)?,
        acs: acs(&root, settings)?,
        relay_state: query.relay_state.filter(|text| !text.is_empty()),
        fresh: flag("ForceAuthn"),
        passive: flag("IsPassive"),
        contexts: contexts.unwrap_or_default(),
        fresh_until_ms,
        refused,
    })
}

/// The standard's limit is 80 bytes, which many services do not keep to.
const LONGEST_RELAY_STATE: usize = RELAY_STATE * 16;

/// Signatures that are good enough; no SHA-1 and nothing symmetric.
const ALGORITHMS: [(&str, &RsaParameters); 3] = [
    (
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        &RSA_PKCS1_2048_8192_SHA256,
    ),
    (
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
        &RSA_PKCS1_2048_8192_SHA384,
    ),
    (
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
        &RSA_PKCS1_2048_8192_SHA512,
    ),
];

/// With a certificate every signature is checked; without one there is nothing to check it with.
fn signed(query: &Query<'_>, settings: &Saml, service: Option<&Certificate>) -> Result<(), &'static str> {
    let (Some((algorithm, signature)), Some(service)) = (&query.signature, service) else {
        return if settings.signed_requests {
            Err("signature_missing")
        } else {
            Ok(())
        };
    };
    let found = ALGORITHMS.iter().find(|(name, _)| name == algorithm);
    let (_, parameters) = found.ok_or("signature_algorithm")?;
    let signature = STANDARD.decode(signature).map_err(|_| "signature_wrong")?;
    UnparsedPublicKey::new(*parameters, &service.public_key)
        .verify(query.signed.join("&").as_bytes(), &signature)
        .map_err(|_| "signature_wrong")
}

/// Who asks, and whether it is us who are asked.
fn addressed(root: &Element, settings: &Saml, signed: bool) -> Result<(), &'static str> {
    let issuer = root.only(ASSERTION, "Issuer").ok_or("issuer_missing")?;
    if issuer.text.trim() != settings.service {
        return Err("issuer_unknown");
    }
    match root.attribute("Destination") {
        Some(destination) if destination == settings.sso_url => {}
        None if !signed => {}
        Some(_) => return Err("destination_wrong"),
        None => return Err("destination_missing"),
    }
    if root.attribute("Version") != Some("2.0") {
        return Err("version");
    }
    Ok(())
}

/// When it was issued: neither too long ago nor yet to come. Answers until when it may be used.
fn issued(root: &Element, settings: &Saml, now_ms: i64) -> Result<i64, &'static str> {
    let text = root.attribute("IssueInstant").ok_or("issue_instant_missing")?;
    let issued = DateTime::parse_from_rfc3339(text).map_err(|_| "issue_instant_unusable")?;
    let (issued_ms, skew_ms) = (issued.timestamp_millis(), i64::from(settings.times.skew_s) * 1000);
    let until_ms = issued_ms + i64::from(settings.times.request_s) * 1000 + skew_ms;
    if issued_ms > now_ms + skew_ms {
        return Err("issued_in_the_future");
    }
    if now_ms >= until_ms {
        return Err("stale");
    }
    Ok(until_ms)
}

fn id(root: &Element) -> Result<String, &'static str> {
    let id = root.attribute("ID").unwrap_or_default();
    let first = id
        .chars()
        .next()
        .is_some_and(|one| one.is_ascii_alphabetic() || one == '_');
    let all = id
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
    if first && all && id.len() <= 256 {
        Ok(id.to_owned())
    } else {
        Err("id_unusable")
    }
}

/// Where the answer goes: to an address on our list, or nowhere.
fn acs(root: &Element, settings: &Saml) -> Result<String, &'static str> {
    let (url, index) = (
        root.attribute("AssertionConsumerServiceURL"),
        root.attribute("AssertionConsumerServiceIndex"),
    );
    let found = match (url, index) {
        (Some(_), Some(_)) => return Err("acs_twice"),
        (Some(url), None) => settings.acs.iter().find(|one| one.as_str() == url),
        (None, Some(index)) => index.parse::<usize>().ok().and_then(|index| settings.acs.get(index)),
        (None, None) => settings.acs.first(),
    };
    found.map(ToString::to_string).ok_or("acs_unknown")
}

/// What a good request may ask for and not get.
fn refused(root: &Element, settings: &Saml, contexts_unusable: bool) -> Option<Status> {
    if root.attribute("ProtocolBinding").is_some_and(|binding| binding != POST) {
        return Some(Status::UnsupportedBinding);
    }
    if root.only(ASSERTION, "Subject").is_some() || root.only(ASSERTION, "Conditions").is_some() {
        return Some(Status::RequestUnsupported);
    }
    if contexts_unusable {
        return Some(Status::NoAuthnContext);
    }
    let policy = root.only(PROTOCOL, "NameIDPolicy")?;
    let format = policy.attribute("Format").unwrap_or(NameIdFormat::Unspecified.uri());
    let known = format == NameIdFormat::Unspecified.uri() || format == settings.name_id.uri();
    let qualifier = policy.attribute("SPNameQualifier").unwrap_or(&settings.service);
    (!known || qualifier != settings.service).then_some(Status::InvalidNameIdPolicy)
}

/// The only way back.
pub const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

/// How the person must have signed in; what we have no word for cannot be promised.
fn contexts(root: &Element) -> Result<Option<WantedContexts>, &'static str> {
    let Some(wanted) = root.only(PROTOCOL, "RequestedAuthnContext") else {
        return Ok(None);
    };
    let comparison = match wanted.attribute("Comparison") {
        None => Comparison::Exact,
        Some(word) => Comparison::from_word(word).ok_or("comparison_unknown")?,
    };
    let classes = wanted.all(ASSERTION, "AuthnContextClassRef");
    let classes: Vec<String> = classes.map(|class| class.text.trim().to_owned()).collect();
    let wanted = WantedContexts { comparison, classes };
    if wanted.is_possible() {
        Ok(Some(wanted))
    } else {
        Err("context_impossible")
    }
}
