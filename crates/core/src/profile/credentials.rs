//! Gets a profile's certificates by Klarna's documented calls, each an act, each checked before it is taken.

use gatehouse_klarna::{Call, CallContext, Client};
use uuid::Uuid;

use super::Profile;
use super::secrets::ProfileSecrets;
use super::store::InstalledCertificate;
use crate::acts::{self, Done, Failed, Members, Outcome, Plan};
use crate::facade::call::{answered, failed};
use crate::facade::{Core, DEEP_LINK_DEADLINE, connection};
use crate::problem::{Problem, unusable};
use crate::signing_key::{Certificate, CertificateUsage, SoftwareKey, certificate_signing_request, check_certificate};

/// Asks for both certificates: first the one for mTLS, then the one that signs.
pub(super) fn certificates(
    core: &Core,
    profile: &Profile,
    made: &ProfileSecrets,
    progress: &dyn Fn(&str),
) -> Result<Vec<InstalledCertificate>, Problem> {
    let (base_url, ca_pem) = connection::address(core, &profile.endpoint)?;
    let config = connection::config(core, &base_url, ca_pem, made.api_key.clone(), None)?;
    let client = Client::new(config).map_err(|cause| unusable(&cause, &base_url).because(&cause))?;
    let mut installed = Vec::new();
    for (usage, key) in [
        (CertificateUsage::Mtls, &made.mtls_key),
        (CertificateUsage::JwtSigning, &made.jwt_key),
    ] {
        progress(match usage {
            CertificateUsage::Mtls => "Asking for the mTLS certificate",
            CertificateUsage::JwtSigning => "Asking for the signing certificate",
        });
        installed.push(certificate(core, profile, &client, usage, key)?);
    }
    Ok(installed)
}

fn certificate(
    core: &Core,
    profile: &Profile,
    client: &Client,
    usage: CertificateUsage,
    key: &SoftwareKey,
) -> Result<InstalledCertificate, Problem> {
    let csr = certificate_signing_request(key, &profile.account);
    let context = CallContext {
        idempotency_key: Some(gatehouse_klarna::idempotency_key_for(&Uuid::new_v4().to_string())),
        correlation_id: Uuid::new_v4().simple().to_string(),
        deadline: DEEP_LINK_DEADLINE,
    };
    let description = format!("Gatehouse {}", usage.as_str().replace('_', " "));
    let issued = acts::perform(
        core.journal(),
        plan(profile, usage, key),
        |_| (),
        |permit| {
            let answer = core.block_on(client.issue_client_certificate(permit, usage, &csr, &description, &context));
            match answer {
                Ok(answer) => {
                    let mut result = answered(core, profile, &answer.meta);
                    result.insert("credential_id".into(), answer.value.credential_id.as_str().into());
                    match accept(core, profile, usage, key, &answer.value.certificate_pem) {
                        Ok(certificate) => Ok(Done {
                            value: (answer.value.credential_id.as_str().to_owned(), certificate),
                            result,
                        }),
                        Err(problem) => Err(Failed {
                            outcome: Outcome::Refused,
                            problem,
                            result,
                        }),
                    }
                }
                Err(failure) => Err(failed(core, profile, &failure)),
            }
        },
    )?;
    let (credential_id, certificate) = issued.value;
    Ok(InstalledCertificate {
        usage: usage.as_str().to_owned(),
        key_id: key.key_id(),
        spki: key.spki_der(),
        credential_id,
        pem: certificate.to_pem(),
        installed_at_ms: core.clock().unix_ms(),
    })
}

/// Takes a certificate only if every check passes: key match, account, dates, usage.
fn accept(
    core: &Core,
    profile: &Profile,
    usage: CertificateUsage,
    key: &SoftwareKey,
    pem: &str,
) -> Result<Certificate, Problem> {
    let certificate = Certificate::from_pem(pem)?;
    let now_s = core.clock().unix_ms().div_euclid(1000);
    let lines = check_certificate(&certificate, &key.spki_der(), &profile.account, usage, now_s);
    match lines.iter().find(|line| !line.passed) {
        None => Ok(certificate),
        Some(line) => Err(Problem::from(line)),
    }
}

fn plan(profile: &Profile, usage: CertificateUsage, key: &SoftwareKey) -> Plan {
    let mut request = Members::new();
    request.insert("method".into(), "POST".into());
    request.insert(
        "path_template".into(),
        "/v2/account/integration/credentials/client-certificate".into(),
    );
    request.insert("usage".into(), usage.as_str().into());
    let mut signing = Members::new();
    signing.insert("key_id".into(), key.key_id().into());
    Plan {
        kind: "credential.issue",
        call: Call::IssueCertificate,
        subject: usage.as_str().to_owned(),
        profile: profile.into(),
        merchant: None,
        request,
        signing,
        private: Members::new(),
    }
}
