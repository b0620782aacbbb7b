//! What Klarna holds of an account, shown.

use gatehouse_core::profile::at_klarna::{AtKlarna, CredentialKind, Demand, KlarnaCredential, NewApiKey};
use gatehouse_core::{ErrorCode, Gatehouse, Problem};

use crate::views::credentials::{AtKlarnaView, CredentialKindName, CredentialView, DemandName, NewApiKeyView};
use crate::views::number::Millis;

/// What Klarna holds for the profile in use, or the named one.
///
/// # Errors
/// As the core says.
pub fn read(core: &Gatehouse, name: Option<&str>) -> Result<AtKlarnaView, Problem> {
    let AtKlarna {
        credentials,
        enforcement,
        addresses,
    } = core.at_klarna(&core.profile(name)?)?;
    let (enforcement, enforcement_problem) = parted(enforcement);
    let (addresses, address_problem) = parted(addresses);
    Ok(AtKlarnaView {
        credentials: credentials.into_iter().map(line).collect(),
        enforced_from: enforcement.as_ref().and_then(|found| seconds(found.from_s)),
        enforcement: enforcement.map(|found| found.mode),
        enforcement_problem: enforcement_problem.map(Into::into),
        address_mode: addresses.as_ref().and_then(|found| found.mode.clone()),
        allowed: addresses.map(|found| found.allowed).unwrap_or_default(),
        address_problem: address_problem.map(Into::into),
    })
}

/// What became of a key that was asked for.
pub fn made(key: NewApiKey) -> NewApiKeyView {
    NewApiKeyView {
        credential_id: key.credential_id,
        description: key.description,
        before: key.before,
        repeated: key.repeated,
    }
}

/// A kind as the core names it.
pub fn kind(name: CredentialKindName) -> CredentialKind {
    match name {
        CredentialKindName::Certificate => CredentialKind::Certificate,
        CredentialKindName::ApiKey => CredentialKind::ApiKey,
    }
}

/// A demand as the core names it.
///
/// # Errors
/// `input_invalid` for a moment where none belongs, or none where one does.
pub fn demanded(name: DemandName, from: Option<Millis>) -> Result<Demand, Problem> {
    match (name, from) {
        (DemandName::Now, None) => Ok(Demand::Now),
        (DemandName::Report, None) => Ok(Demand::Report),
        (DemandName::From, Some(Millis(at))) => Ok(Demand::From(at.div_euclid(1000))),
        _ => Err(Problem::new(
            ErrorCode::InputInvalid,
            "A moment belongs to a demand that begins later, and to no other.",
            "Choose a day.",
        )),
    }
}

fn parted<T>(answer: Result<T, Problem>) -> (Option<T>, Option<Problem>) {
    match answer {
        Ok(found) => (Some(found), None),
        Err(problem) => (None, Some(problem)),
    }
}

fn seconds(at: Option<i64>) -> Option<Millis> {
    at.map(|at| Millis(at.saturating_mul(1000)))
}

fn line(found: KlarnaCredential) -> CredentialView {
    CredentialView {
        kind: match found.kind {
            CredentialKind::Certificate => CredentialKindName::Certificate,
            CredentialKind::ApiKey => CredentialKindName::ApiKey,
        },
        id: found.id,
        description: found.description,
        state: found.state,
        usage: found.usage,
        created_at: seconds(found.created_s),
        expires_at: seconds(found.expires_s),
        ended_at: seconds(found.ended_s),
        key_id: found.key_id,
        in_use: found.in_use,
    }
}
