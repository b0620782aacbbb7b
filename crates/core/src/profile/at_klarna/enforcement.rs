//! Having Klarna demand the client certificate, from now on or from a moment on, and going back to reporting (portal-access.md 6.2).
//!
//! It shuts out every program of the account that has no certificate, so it is refused while Klarna does not accept this profile's own.

use gatehouse_klarna::{CLEAR_ENFORCEMENT_SUBJECT, Call, EnforcedFrom, MtlsStatus};

use super::{client, perform};
use crate::acts::Plan;
use crate::facade::Core;
use crate::problem::{ErrorCode, Problem};
use crate::profile::key_rows::{self, KeyRow};
use crate::profile::{Profile, key_life, proof};
use crate::signing_key::CertificateUsage;

/// What is to become of a call without client certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demand {
    /// Refused from now on.
    Now,
    /// Refused from a moment on, Unix seconds; at most three months ahead.
    From(i64),
    /// Let through, and reported in its answer.
    Report,
}

/// Tells Klarna what to do with calls without client certificate.
///
/// # Errors
/// `certificate_missing` where this profile has no certificate of its own for it, `mtls_required` where Klarna does not accept it, `input_invalid` for a moment that Klarna would not take; `klarna_*`, `network_*`, `log_*`.
pub(crate) fn demand(core: &Core, profile: &Profile, demand: Demand) -> Result<(), Problem> {
    let rows = key_rows::all(&core.database(), profile.id)?;
    let from = from(core, demand)?;
    if from.is_some() {
        refuse_to_lock_out(core, profile, &rows)?;
    }
    let client = client(core, profile, &rows)?;
    perform(
        core,
        profile,
        plan(profile, from.as_ref()),
        async |permit, context| match &from {
            Some(from) => client.enforce_mtls(permit, from, &context).await,
            None => client.stop_enforcing_mtls(permit, &context).await,
        },
    )
}

fn from(core: &Core, demand: Demand) -> Result<Option<EnforcedFrom>, Problem> {
    let now_s = core.clock().unix_ms().div_euclid(1000);
    Ok(match demand {
        Demand::Now => Some(EnforcedFrom::now()),
        Demand::From(at_s) => Some(
            EnforcedFrom::at(at_s, now_s)
                .map_err(|cause| Problem::new(ErrorCode::InputInvalid, cause.to_string(), "Nothing was sent."))?,
        ),
        Demand::Report => None,
    })
}

/// Makes a harmless call with this profile's own certificate, and looks at what Klarna thinks of it.
fn refuse_to_lock_out(core: &Core, profile: &Profile, rows: &[KeyRow]) -> Result<(), Problem> {
    let ours = key_rows::in_use(rows, CertificateUsage::Mtls)
        .ok_or_else(|| key_life::certificate_missing(CertificateUsage::Mtls))?;
    let meta = proof::harmless_as(core, profile, &key_life::load(core, profile)?, Some(ours))?;
    match meta.mtls_status {
        None | Some(MtlsStatus::Valid) => Ok(()),
        Some(_) => Err(not_accepted()),
    }
}

fn not_accepted() -> Problem {
    Problem::new(
        ErrorCode::MtlsRequired,
        "Klarna does not accept this profile's own certificate, so demanding one would shut this computer out. Nothing was changed.",
        "Make the first call of set-up again; it says what Klarna objects to.",
    )
}

fn plan(profile: &Profile, from: Option<&EnforcedFrom>) -> Plan {
    let (kind, call, method) = match from {
        Some(_) => ("mtls.enforce", Call::EnforceMtls, "PUT"),
        None => ("mtls.report", Call::StopEnforcingMtls, "DELETE"),
    };
    let subject = from.map_or(CLEAR_ENFORCEMENT_SUBJECT, EnforcedFrom::as_str);
    let path = "/v2/account/integration/client-certificates/enforcement";
    let plan = Plan::new(profile, kind, call, subject).at(method, path);
    match from {
        Some(from) => plan.with("enforced_from", from.as_str()),
        None => plan,
    }
}
