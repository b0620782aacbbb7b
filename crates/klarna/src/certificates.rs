//! Client certificates at Klarna: issue, list, read, rename, revoke (portal-access.md 1 and 6.3).
//!
//! Deliberately absent: making keys and judging certificates (core does both); enforcement has its own file.

use crate::answer::Answered;
use crate::client::Client;
use crate::context::CallContext;
use crate::credential_line::{CredentialLine, lines, one};
use crate::description;
use crate::failure::{CallFailure, FailureKind, shape};
use crate::ids::CredentialId;
use crate::moment;
use crate::permit::{Call, Permit};
use crate::transport::Outgoing;
use crate::wire::{credential_id, json, present, read};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use url::Url;

const ALL: &str = "/v2/account/integration/credentials/client-certificate";
const ONE: &str = "/v2/account/integration/credentials/client-certificate/{id}";
const REVOKE: &str = "/v2/account/integration/credentials/client-certificate/{id}/revoke";

/// What a client certificate is for; two key pairs, not one (portal-access.md 15, point 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CertificateUsage {
    /// Signing portal tokens.
    JwtSigning,
    /// Proving who we are in the TLS handshake.
    Mtls,
}

impl CertificateUsage {
    /// Returns the word that Klarna uses; it is also the subject of the permit for issuing.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::JwtSigning => "JWT_SIGNING",
            Self::Mtls => "MTLS",
        }
    }
}

/// A certificate just issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedCertificate {
    /// Its id at Klarna, for revoking.
    pub credential_id: CredentialId,
    /// The certificate in PEM, not yet judged.
    pub certificate_pem: String,
}

#[derive(Serialize)]
struct IssueBody<'a> {
    description: &'a str,
    config: IssueConfig<'a>,
}

#[derive(Serialize)]
struct IssueConfig<'a> {
    usage: &'static str,
    certificate_signing_request: &'a str,
}

#[derive(Serialize)]
struct RevokeBody {
    revoked_from: String,
}

#[derive(Serialize)]
struct RenameBody<'a> {
    description: &'a str,
}

#[derive(Deserialize)]
struct IssuedWire {
    credential_id: Option<String>,
    secret: Option<SecretWire>,
}

#[derive(Deserialize)]
struct SecretWire {
    certificate: Option<String>,
}

impl Client {
    /// Has a certificate issued from a signing request. The permit's subject is the usage word.
    ///
    /// # Errors
    /// [`CallFailure`]; [`FailureKind::Invalid`] when Klarna does not like the request, and before anything is sent when the
    /// description is none ([`crate::is_description`]).
    pub async fn issue_client_certificate(
        &self,
        permit: Permit,
        usage: CertificateUsage,
        csr_pem: &str,
        description: &str,
        context: &CallContext,
    ) -> Result<Answered<IssuedCertificate>, CallFailure> {
        permit.spend(Call::IssueCertificate, usage.as_str())?;
        let description = description::checked(description)?;
        let config = IssueConfig {
            usage: usage.as_str(),
            certificate_signing_request: csr_pem,
        };
        let body = IssueBody { description, config };
        let out = Outgoing::new(Method::POST, self.certificates(&[]), ALL).with_json(json(&body));
        self.ask(out, context, |body| issued(read(body)?)).await
    }

    /// Lists the client certificates of the account.
    ///
    /// # Errors
    /// [`CallFailure`].
    pub async fn list_client_certificates(
        &self,
        context: &CallContext,
    ) -> Result<Answered<Vec<CredentialLine>>, CallFailure> {
        let out = Outgoing::new(Method::GET, self.certificates(&[]), ALL);
        self.ask(out, context, lines).await
    }

    /// Reads what Klarna tells of one client certificate.
    ///
    /// # Errors
    /// [`CallFailure`].
    pub async fn read_client_certificate(
        &self,
        id: &CredentialId,
        context: &CallContext,
    ) -> Result<Answered<CredentialLine>, CallFailure> {
        let out = Outgoing::new(Method::GET, self.certificates(&[id.as_str()]), ONE);
        self.ask(out, context, |body| one(body, id)).await
    }

    /// Revokes a client certificate from a moment on, Unix seconds. The permit's subject is the credential id.
    ///
    /// # Errors
    /// [`CallFailure`]; [`FailureKind::Invalid`] also for a moment outside the calendar, before anything is sent.
    pub async fn revoke_client_certificate(
        &self,
        permit: Permit,
        id: &CredentialId,
        revoked_from_unix_s: i64,
        context: &CallContext,
    ) -> Result<Answered<()>, CallFailure> {
        permit.spend(Call::RevokeCertificate, id.as_str())?;
        let revoked_from = moment::to_send(revoked_from_unix_s)?;
        let url = self.certificates(&[id.as_str(), "revoke"]);
        let out = Outgoing::new(Method::POST, url, REVOKE);
        let out = out.with_json(json(&RevokeBody { revoked_from }));
        self.tell(out, context).await
    }

    /// Renames a client certificate. The permit's subject is the credential id.
    ///
    /// # Errors
    /// [`CallFailure`]; [`FailureKind::Invalid`] before anything is sent when the description is none.
    pub async fn rename_client_certificate(
        &self,
        permit: Permit,
        id: &CredentialId,
        description: &str,
        context: &CallContext,
    ) -> Result<Answered<()>, CallFailure> {
        permit.spend(Call::RenameCertificate, id.as_str())?;
        let description = description::checked(description)?;
        let url = self.certificates(&[id.as_str()]);
        let out = Outgoing::new(Method::PATCH, url, ONE);
        let out = out.with_json(json(&RenameBody { description }));
        self.tell(out, context).await
    }

    fn certificates(&self, more: &[&str]) -> Url {
        let head = ["v2", "account", "integration", "credentials"];
        self.address(&[&head, ["client-certificate"].as_slice(), more].concat())
    }
}

fn issued(wire: IssuedWire) -> Result<IssuedCertificate, FailureKind> {
    let certificate = wire.secret.and_then(|secret| secret.certificate);
    Ok(IssuedCertificate {
        credential_id: credential_id(wire.credential_id)?,
        certificate_pem: present(certificate, shape::CERTIFICATE_MISSING)?,
    })
}
