//! How each step stands, in words: one function a step, each from facts alone.

use super::{SetupFacts, Step, StepState};
use crate::problem::{Hint, ways};
use crate::profile::api_key::PROVED;
use crate::profile::facts;
use crate::profile::key_life::word;
use crate::profile::key_rows::{KeyRow, KeyState};
use crate::profile::proof::FirstCall;
use crate::signing_key::CertificateUsage;

pub(super) type Look = (StepState, String, Hint);

fn done(detail: impl Into<String>) -> Look {
    (StepState::Done, detail.into(), Hint::default())
}

fn ready(detail: &str, hint: impl Into<Hint>) -> Look {
    (StepState::Ready, detail.into(), hint.into())
}

fn blocked(detail: &str) -> Look {
    (
        StepState::Blocked,
        detail.into(),
        "Do the steps before it first.".into(),
    )
}

pub(super) fn look(facts: &SetupFacts, step: Step) -> Look {
    match step {
        Step::Method => method(facts),
        Step::ApiKey => api_key(facts),
        Step::MtlsKey => key(facts, CertificateUsage::Mtls),
        Step::MtlsRequest => request(facts, CertificateUsage::Mtls),
        Step::MtlsCertificate => certificate(facts, CertificateUsage::Mtls),
        Step::SigningKey => key(facts, CertificateUsage::JwtSigning),
        Step::SigningRequest => request(facts, CertificateUsage::JwtSigning),
        Step::SigningCertificate => certificate(facts, CertificateUsage::JwtSigning),
        Step::DrySignature => dry_signature(facts),
        Step::FirstCall => first_call(facts),
        Step::Merchants => merchants(facts),
    }
}

fn method(facts: &SetupFacts) -> Look {
    match facts.method {
        Some(method) => done(method.title()),
        None => ready(
            "Not chosen yet.",
            ways("Choose one: `gatehouse profile method deep-link`.", "Choose one."),
        ),
    }
}

fn api_key(facts: &SetupFacts) -> Look {
    match facts.fact(facts::API_KEY) {
        Some(PROVED) => done("In the key store; Klarna accepted it."),
        Some(_) => done("In the key store; the first call will prove it."),
        None => ready(
            "Not here yet.",
            ways(
                "Paste it once: `gatehouse profile api-key set --stdin`.",
                "Paste it once.",
            ),
        ),
    }
}

fn key(facts: &SetupFacts, usage: CertificateUsage) -> Look {
    match facts.key(usage) {
        Some(row) => done(format!("{}, {}.", row.key_id, row.state.word())),
        None => ready(
            "Not made yet.",
            ways(
                format!("Make or import it: `gatehouse key create --usage {}`.", word(usage)),
                "Make or import it.",
            ),
        ),
    }
}

fn request(facts: &SetupFacts, usage: CertificateUsage) -> Look {
    match facts.key(usage) {
        None => blocked("Needs the key."),
        Some(row) if row.csr.is_some() => done(format!("Made, in the name {}.", facts.account.suffix())),
        Some(row) if row.pem.is_some() => done("The certificate is here already."),
        Some(_) => ready(
            "Not made yet.",
            ways(
                format!("Make it: `gatehouse key csr --usage {}`.", word(usage)),
                "Make it.",
            ),
        ),
    }
}

fn certificate(facts: &SetupFacts, usage: CertificateUsage) -> Look {
    let word = word(usage);
    let Some(row) = facts.key(usage) else {
        return blocked("Needs the key and its signing request.");
    };
    if row.state == KeyState::Active {
        return in_use(facts, row);
    }
    if row.pem.is_some() {
        return ready(
            "Installed, not in use.",
            ways(
                format!("Take it into use: `gatehouse key rotate --usage {word}`."),
                "Take it into use: press Go on with the rotation in the Keys screen.",
            ),
        );
    }
    if row.csr.is_none() {
        return blocked("Needs the signing request.");
    }
    let detail = "The signing request is made; the certificate is not here yet.";
    if facts.fact(facts::API_KEY).is_some() {
        return ready(
            detail,
            ways(
                format!(
                    "Ask Klarna: `gatehouse key request --usage {word}`; or install the file: `gatehouse key install FILE --usage {word}`."
                ),
                "Ask Klarna for it, open its file, or paste it.",
            ),
        );
    }
    let hint = ways(
        format!(
            "Carry the request to Klarna and install the file: `gatehouse key install FILE --usage {word}`. With an API key, Gatehouse asks by itself."
        ),
        "Carry the request to Klarna, and open or paste what comes back. With an API key, Gatehouse asks by itself.",
    );
    (StepState::Waiting, detail.into(), hint)
}

fn in_use(facts: &SetupFacts, row: &KeyRow) -> Look {
    let end_s = row
        .certificate()
        .ok()
        .flatten()
        .map(|certificate| certificate.facts().not_after_unix_s);
    match end_s {
        Some(end) if end * 1000 >= facts.now_ms => done(format!(
            "In use, {} days left.",
            (end * 1000 - facts.now_ms) / 86_400_000
        )),
        Some(_) => (
            StepState::Failed,
            "It has expired.".into(),
            ways(
                format!("Make the next one: `gatehouse key rotate --usage {}`.", word(row.usage)),
                "Make the next one: press Rotate in the Keys screen.",
            ),
        ),
        None => (
            StepState::Failed,
            "It cannot be read.".into(),
            "Restore gatehouse.db from a backup, or make the profile anew.".into(),
        ),
    }
}

fn dry_signature(facts: &SetupFacts) -> Look {
    match facts.active(CertificateUsage::JwtSigning) {
        None => blocked("Needs the signing certificate."),
        Some(row) if facts.fact(facts::DRY_SIGNATURE) == Some(&row.key_id) => {
            done("The signature fits the certificate.")
        }
        Some(_) => ready(
            "Not tried with this key.",
            ways(
                "Try it: `gatehouse key dry-sign`. Nothing is sent.",
                "Try it. Nothing is sent.",
            ),
        ),
    }
}

fn first_call(facts: &SetupFacts) -> Look {
    let (Some(row), Some(_)) = (facts.active(CertificateUsage::Mtls), facts.fact(facts::API_KEY)) else {
        return blocked("Needs the API key and the mTLS certificate.");
    };
    let shown = facts
        .fact(facts::FIRST_CALL)
        .and_then(|text| serde_json::from_str::<FirstCall>(text).ok());
    match shown.filter(|shown| shown.key_id == row.key_id) {
        Some(shown) if shown.is_doubted() => (
            StepState::Failed,
            format!("Klarna answered, and says of the client certificate: {}.", shown.mtls.unwrap_or_default()),
            "Check that the mTLS certificate is of this account and not revoked; enforcement would lock this profile out.".into(),
        ),
        Some(shown) => done(format!(
            "Klarna answered {}; client certificate: {}; address: {}.",
            shown.http,
            shown.mtls.as_deref().unwrap_or("not told"),
            shown.ip.as_deref().unwrap_or("not restricted")
        )),
        None => ready("Not made yet.", ways("Make it: `gatehouse profile first-call`. It changes nothing.", "Make it. It changes nothing.")),
    }
}

fn merchants(facts: &SetupFacts) -> Look {
    match facts.merchants {
        0 => ready(
            "None yet.",
            ways(
                "Import a CSV or JSON file, or paste ids: `gatehouse merchants import FILE`.",
                "Open a CSV or JSON file, or paste ids.",
            ),
        ),
        1 => done("1 merchant."),
        count => done(format!("{count} merchants.")),
    }
}
