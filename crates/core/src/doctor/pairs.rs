//! Keys with their certificates: each check, the days left, and a signature that goes nowhere.
//!
//! The dry signature is over a text that is no token, made with the stored key and verified against the certificate. Deliberately
//! absent: asking Klarna; the certificates are judged by what they say.

use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::pkcs8::DecodePublicKey;

use super::{DoctorLine, token};
use crate::facade::{Gatehouse, KeyFacts};
use crate::problem::{ErrorCode, Problem};
use crate::profile::expiry::API_KEY_SUBJECT;
use crate::profile::key_rows::{self, KeyRow};
use crate::profile::secrets::ProfileSecrets;
use crate::profile::{KeyPlace, Profile};
use crate::signing_key::CertificateUsage;

/// Days before the end at which a person is told, each its own step.
const STEPS: [i64; 5] = [1, 7, 14, 30, 60];
const DRY: &[u8] = b"gatehouse doctor: a signature that goes nowhere";

pub(super) fn lines(gatehouse: &Gatehouse, profile: &Profile, secrets: Option<&ProfileSecrets>) -> Vec<DoctorLine> {
    let facts = match gatehouse.key_facts(profile) {
        Err(problem) => return vec![DoctorLine::bad("certificates", problem)],
        Ok(facts) => facts,
    };
    let rows = key_rows::all(&gatehouse.core().database(), profile.id).unwrap_or_default();
    let mut lines: Vec<DoctorLine> = [CertificateUsage::JwtSigning, CertificateUsage::Mtls]
        .into_iter()
        .map(|usage| {
            let facts = facts.iter().find(|facts| facts.usage == usage);
            one(usage, facts, facts.and_then(|facts| held(&rows, facts, secrets)))
        })
        .collect();
    lines.extend(token::lines(gatehouse.core(), &rows));
    lines.push(dry_signature(gatehouse, &rows, secrets));
    lines.extend(idle_key(gatehouse, profile));
    lines
}

/// Whether the key store has the private half; nothing for one on a token, or when the key store could not be read.
fn held(rows: &[KeyRow], facts: &KeyFacts, secrets: Option<&ProfileSecrets>) -> Option<bool> {
    let row = rows.iter().find(|row| row.key_id == facts.key_id)?;
    match row.place {
        KeyPlace::KeyStore => secrets.map(|secrets| secrets.keys(row.usage).find(&row.key_id).is_some()),
        KeyPlace::Token(_) => None,
    }
}

/// The API key's idle limit; the certificates' ends stand in their own lines.
fn idle_key(gatehouse: &Gatehouse, profile: &Profile) -> Option<DoctorLine> {
    let warnings = gatehouse.expiry_warnings(profile).ok()?;
    let idle = warnings
        .into_iter()
        .find(|warning| warning.subject == API_KEY_SUBJECT)?;
    Some(DoctorLine::warn("API key's use", idle.message, idle.hint))
}

fn one(usage: CertificateUsage, facts: Option<&KeyFacts>, held: Option<bool>) -> DoctorLine {
    let part = format!("{} certificate", usage.as_str());
    let Some(facts) = facts else {
        return DoctorLine::bad(
            &part,
            Problem::new(
                ErrorCode::CertificateMissing,
                format!("This profile has no {} certificate.", usage.as_str()),
                "Finish the profile's set-up: ask Klarna for one, and install it.",
            ),
        );
    };
    if let Some(line) = facts.checks.iter().find(|line| !line.passed) {
        return DoctorLine::bad(&part, Problem::from(line));
    }
    if held == Some(false) {
        return DoctorLine::bad(&part, for_another_key());
    }
    let end = crate::network::day(facts.certificate.not_after_unix_s);
    match STEPS.into_iter().find(|step| facts.days_left <= *step) {
        Some(_) => DoctorLine::warn(
            &part,
            format!("It ends on {end}, in {} days.", facts.days_left),
            "Ask Klarna for the next one now and switch to it before that day; the old one stays valid meanwhile.",
        ),
        None => DoctorLine::ok(
            &part,
            format!("Fits key and account; ends on {end}, {} days left.", facts.days_left),
        ),
    }
}

pub(super) fn for_another_key() -> Problem {
    Problem::new(
        ErrorCode::CertificateMismatch,
        "The certificate was issued for another key than the stored one.",
        "Install the certificate that answers this profile's own signing request.",
    )
}

fn dry_signature(gatehouse: &Gatehouse, rows: &[KeyRow], secrets: Option<&ProfileSecrets>) -> DoctorLine {
    const PART: &str = "signature";
    let row = key_rows::in_use(rows, CertificateUsage::JwtSigning);
    let Some((row, certificate)) = row.and_then(|row| Some((row, row.certificate().ok()??))) else {
        return DoctorLine::skipped(PART, "Not tried, because there is no signing certificate in use.");
    };
    if let Some(token) = row.place.token() {
        return token::signature(gatehouse.core(), row, &certificate, token);
    }
    let Some(secrets) = secrets else {
        return DoctorLine::skipped(PART, "Not tried, because the signing key could not be read.");
    };
    let Some(key) = secrets.jwt.find(&row.key_id) else {
        return DoctorLine::bad(PART, for_another_key());
    };
    let public = VerifyingKey::from_public_key_der(&certificate.spki_der()).ok();
    let signature = Signature::from_slice(&key.sign_es256(DRY)).ok();
    let fits = public
        .zip(signature)
        .is_some_and(|(public, signature)| public.verify(DRY, &signature).is_ok());
    if fits {
        DoctorLine::ok(
            PART,
            "A dry signature by the stored key fits the certificate; nothing was sent.",
        )
    } else {
        DoctorLine::bad(PART, for_another_key())
    }
}
