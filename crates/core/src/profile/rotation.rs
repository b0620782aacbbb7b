//! Rotation with overlap, guided: as far as it goes now, and on from there the next time.
//!
//! Next key, request, certificate, proof, switch. Nothing is taken out of use before its successor has proved itself; the
//! old key stays until it is revoked at Klarna and removed, each an act of its own (portal-access.md 1, rotation).

use super::key_rows::{KeyRow, KeyState};
use super::proof::{dry_signature, harmless_as};
use super::{KeyPlace, Profile, credentials, facts, key_life, proof};
use crate::facade::Core;
use crate::problem::{ErrorCode, Problem, ways};
use crate::signing_key::CertificateUsage;

/// Where a rotation stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rotated {
    /// The request is there to be carried to Klarna; install what comes back, then rotate again.
    Waiting {
        /// The next key.
        key_id: String,
        /// Its signing request, PEM.
        csr: String,
    },
    /// The next key is in use.
    Switched {
        /// The key in use now.
        key_id: String,
        /// The key that retires.
        retiring: Option<String>,
    },
}

/// Goes on with the rotation of a usage; `ask` says whether Klarna is asked for the certificate by its API, `place` where a new key
/// is made, if not where the one in use is.
pub(crate) fn rotate(
    core: &Core,
    profile: &Profile,
    usage: CertificateUsage,
    (ask, place): (bool, Option<&KeyPlace>),
    progress: &dyn Fn(&str),
) -> Result<Rotated, Problem> {
    let before = key_life::in_state(core, profile, usage, |state| state == KeyState::Active)?
        .ok_or_else(|| key_life::key_missing(usage))?;
    if let Some(old) = key_life::in_state(core, profile, usage, |state| state == KeyState::Retiring)? {
        return Err(still_retiring(&old));
    }
    if key_life::in_state(core, profile, usage, KeyState::is_next)?.is_none() {
        progress("Making the next key");
        key_life::create(core, profile, usage, place.unwrap_or(&before.place))?;
    }
    let csr = key_life::csr(core, profile, usage)?;
    let mut next = key_life::newest(core, profile, usage)?;
    if next.pem.is_none() {
        if !ask {
            return Ok(Rotated::Waiting {
                key_id: next.key_id,
                csr,
            });
        }
        progress("Asking for its certificate");
        next = credentials::request(core, profile, usage)?;
    }
    progress("Proving it");
    prove(core, profile, &next)?;
    progress("Taking it into use");
    key_life::activate(core, profile, usage)?;
    after(core, profile, usage, &next.key_id);
    Ok(Rotated::Switched {
        key_id: next.key_id,
        retiring: Some(before.key_id),
    })
}

fn prove(core: &Core, profile: &Profile, next: &KeyRow) -> Result<(), Problem> {
    match next.usage {
        CertificateUsage::JwtSigning => dry_signature(core, profile, next),
        CertificateUsage::Mtls => {
            let held = key_life::load(core, profile)?;
            harmless_as(core, profile, &held, Some(next)).map(|_| ())
        }
    }
}

/// Keeps what the proof showed under the new key. The switch is done, so nothing here may undo it.
fn after(core: &Core, profile: &Profile, usage: CertificateUsage, key_id: &str) {
    let now_ms = core.clock().unix_ms();
    let kept = match usage {
        CertificateUsage::JwtSigning => facts::set(&core.database(), profile.id, facts::DRY_SIGNATURE, key_id, now_ms),
        CertificateUsage::Mtls => proof::first_call(core, profile).map(|_| ()),
    };
    if let Err(problem) = kept {
        tracing::warn!(code = problem.code.as_str(), "the proof of a rotated key was not kept");
    }
}

/// The problem of a rotation while the one before is unfinished: what is left to do with its key.
pub(crate) fn still_retiring(old: &KeyRow) -> Problem {
    let (word, id) = (key_life::word(old.usage), &old.key_id);
    let hint = if old.revoked_from_ms.is_some() {
        ways(
            format!("Klarna was told to refuse it: remove it with `gatehouse key remove {id}`, then rotate."),
            "Klarna was told to refuse it: in the Keys screen, press Destroy at the retiring key, then rotate.",
        )
    } else {
        ways(
            format!(
                "Revoke it with `gatehouse key retire --usage {word}`, remove it with `gatehouse key remove {id}`, then rotate."
            ),
            "In the Keys screen, press Have Klarna refuse it at the retiring key, then Destroy; then rotate.",
        )
    };
    Problem::new(
        ErrorCode::InputInvalid,
        format!("The {} key of the rotation before still retires.", old.usage.as_str()),
        hint,
    )
}
