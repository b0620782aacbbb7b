//! Certificates at Klarna by its documented calls: issued from our request, revoked from a date; each an act.
//!
//! What comes back is judged before it is installed. A call whose answer was lost is repeated with the same idempotency key,
//! which gives the first answer again within 24 h (portal-access.md 10.1), so no second certificate is made.

use gatehouse_klarna::{Call, CredentialId};

use super::key_rows::{self, KeyRow, KeyState};
use super::repeat::Request;
use super::{Profile, key_life, proof};
use crate::acts::{self, Done, Failed, Members, Outcome, Plan};
use crate::facade::call::{answered, context, failed};
use crate::facade::{Core, connection};
use crate::problem::{ErrorCode, Problem, ways};
use crate::signing_key::{Certificate, CertificateUsage};

/// Sends a key's signing request to Klarna and installs the certificate that comes back.
pub(crate) fn request(core: &Core, profile: &Profile, usage: CertificateUsage) -> Result<KeyRow, Problem> {
    let csr = key_life::csr(core, profile, usage)?;
    let row = key_life::newest(core, profile, usage)?;
    let rows = key_rows::all(&core.database(), profile.id)?;
    let held = key_life::load(core, profile)?;
    let client = connection::client(core, profile, &held, &rows)?;
    let has_mtls = key_rows::in_use(&rows, CertificateUsage::Mtls).is_some();
    let asked = Request::begin(core, profile, format!("issue/{}", row.key_id), "")?;
    let context = context(Some(asked.key));
    core.unlock_log()?;
    if row.state == KeyState::Generated {
        let now_ms = core.clock().unix_ms();
        key_rows::set_state(&core.database(), profile.id, &row.key_id, KeyState::Requested, now_ms)?;
    }
    let description = format!("Gatehouse {}", usage.as_str().replace('_', " "));
    let issued = acts::perform(
        core.journal(),
        issue_plan(profile, &row),
        |_| (),
        |permit| match core.block_on(client.issue_client_certificate(permit, usage, &csr, &description, &context)) {
            Ok(answer) => {
                let mut result = answered(core, profile, &answer.meta);
                result.insert("credential_id".into(), answer.value.credential_id.as_str().into());
                accepted(core, profile, &row, &answer.value.certificate_pem)
                    .inspect_err(|_| asked.settled(core, profile))
                    .map(|certificate| Done {
                        value: (answer.value.credential_id.as_str().to_owned(), certificate),
                        result: result.clone(),
                    })
                    .map_err(|problem| refused(problem, result))
            }
            Err(failure) => {
                asked.failed(core, profile, &failure);
                let mut told = failed(core, profile, &failure);
                if !has_mtls && proof::turned_away(&failure.kind) {
                    told.problem = proof::mtls_required();
                }
                Err(told)
            }
        },
    )?;
    let (credential_id, certificate) = issued.value;
    let installed = key_life::install(core, profile, usage, &certificate, Some(&credential_id))?;
    asked.settled(core, profile);
    Ok(installed)
}

fn accepted(core: &Core, profile: &Profile, row: &KeyRow, pem: &str) -> Result<Certificate, Problem> {
    let certificate = Certificate::from_pem(pem)?;
    let lines = key_life::judge(core, profile, row, &certificate);
    match key_life::refusal(&lines, &certificate, &profile.account) {
        None => Ok(certificate),
        Some(problem) => Err(problem),
    }
}

fn refused(problem: Problem, result: Members) -> Failed {
    Failed {
        outcome: Outcome::Refused,
        problem,
        result,
    }
}

/// Has Klarna refuse a retiring key's certificate from a moment on.
pub(crate) fn revoke(
    core: &Core,
    profile: &Profile,
    row: &KeyRow,
    given_id: Option<&str>,
    from_ms: i64,
) -> Result<(), Problem> {
    let id = given_id.or(row.credential_id.as_deref()).ok_or_else(id_unknown)?;
    let id = CredentialId::parse(id).map_err(|_| id_unknown())?;
    let rows = key_rows::all(&core.database(), profile.id)?;
    let held = key_life::load(core, profile)?;
    let client = connection::client(core, profile, &held, &rows)?;
    core.unlock_log()?;
    let from_s = from_ms.div_euclid(1000);
    acts::perform(
        core.journal(),
        revoke_plan(profile, row, &id, from_s),
        |_| (),
        |permit| {
            let answer = core.block_on(client.revoke_client_certificate(permit, &id, from_s, &context(None)));
            match answer {
                Ok(answer) => Ok(Done {
                    value: (),
                    result: answered(core, profile, &answer.meta),
                }),
                Err(failure) => Err(failed(core, profile, &failure)),
            }
        },
    )?;
    key_rows::set_revoked(&core.database(), profile.id, &row.key_id, from_ms)
}

fn id_unknown() -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        "Gatehouse does not know Klarna's id of this certificate, because it was installed from a file.",
        ways(
            "Give it with --credential-id; `gatehouse credential list` shows it.",
            "Have Klarna refuse it in its list: Keys, At Klarna.",
        ),
    )
}

fn issue_plan(profile: &Profile, row: &KeyRow) -> Plan {
    let path = "/v2/account/integration/credentials/client-certificate";
    let plan = Plan::new(profile, "credential.issue", Call::IssueCertificate, row.usage.as_str());
    of_key(plan.at("POST", path), row)
}

fn revoke_plan(profile: &Profile, row: &KeyRow, id: &CredentialId, from_s: i64) -> Plan {
    let path = "/v2/account/integration/credentials/client-certificate/{credential_id}/revoke";
    let plan = Plan::new(profile, "credential.revoke", Call::RevokeCertificate, id.as_str());
    let plan = of_key(plan.at("POST", path), row).with("credential_id", id.as_str());
    refused_from(plan, from_s)
}

fn of_key(plan: Plan, row: &KeyRow) -> Plan {
    let mut plan = plan.with("usage", row.usage.as_str());
    plan.signing.insert("key_id".into(), row.key_id.as_str().into());
    plan
}

/// Says from when on Klarna is to refuse the certificate, Unix seconds.
pub(super) fn refused_from(plan: Plan, from_s: i64) -> Plan {
    match jiff::Timestamp::from_second(from_s) {
        Ok(from) => plan.with("revoked_from", from.to_string()),
        Err(_) => plan,
    }
}
