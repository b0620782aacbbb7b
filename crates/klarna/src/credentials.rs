//! Client certificates and API keys at Klarna (portal-access.md 1, 6.3 and 7).
//!
//! Deliberately absent: making keys and judging certificates (core does), and enforcement of mTLS.

use crate::answer::Answered;
use crate::client::Client;
use crate::context::CallContext;
use crate::failure::{CallFailure, Effect, FailureKind, shape};
use crate::ids::CredentialId;
use crate::permit::{Call, Permit};
use crate::secret::ApiKey;
use crate::transport::Outgoing;
use crate::wire::{present, read};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use url::Url;
use zeroize::Zeroizing;

const CERTIFICATES: &str = "/v2/account/integration/credentials/client-certificate";

/// What a client certificate is for; two key pairs, not one (portal-access.md 15.2).
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
    /// The certificate in PEM.
    pub certificate_pem: String,
}

/// An API key just made; Klarna shows it this once.
#[derive(Debug)]
pub struct IssuedApiKey {
    /// Its id at Klarna, for disabling.
    pub credential_id: CredentialId,
    /// The key.
    pub api_key: ApiKey,
}

/// A line of the list of certificates; Klarna documents no more than the id, so the rest may be missing.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CredentialLine {
    /// Its id at Klarna.
    pub credential_id: Option<CredentialId>,
    /// What was written when it was issued.
    pub description: Option<String>,
    /// Its state, in Klarna's words.
    pub state: Option<String>,
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

#[derive(Deserialize)]
struct CertificateWire {
    credential_id: Option<String>,
    secret: Option<CertificateSecretWire>,
}

#[derive(Deserialize)]
struct CertificateSecretWire {
    certificate: Option<String>,
}

#[derive(Deserialize)]
struct ApiKeyWire {
    credential_id: Option<String>,
    secret: Option<ApiKeySecretWire>,
}

#[derive(Deserialize)]
struct ApiKeySecretWire {
    secret: Option<String>,
}

#[derive(Deserialize)]
struct ListWire {
    credentials: Option<Vec<CredentialLine>>,
}

impl Client {
    /// Has a certificate issued from a signing request. The permit's subject is the usage word.
    ///
    /// # Errors
    /// [`CallFailure`]; [`FailureKind::Invalid`] when Klarna does not like the request or the description
    /// (`^[a-zA-Z0-9\-:;., _]{0,100}$`).
    pub async fn issue_client_certificate(
        &self,
        permit: Permit,
        usage: CertificateUsage,
        csr_pem: &str,
        description: &str,
        context: &CallContext,
    ) -> Result<Answered<IssuedCertificate>, CallFailure> {
        permit.spend(Call::IssueCertificate, usage.as_str())?;
        let config = IssueConfig {
            usage: usage.as_str(),
            certificate_signing_request: csr_pem,
        };
        let out = Outgoing::new(Method::POST, self.certificates(&[]), CERTIFICATES).with_json(
            json(&IssueBody {
                description,
                config,
            }),
        );
        self.transport
            .carry(&out, context)
            .await?
            .understood(|body| {
                let wire: CertificateWire = read(body)?;
                let certificate = wire.secret.and_then(|secret| secret.certificate);
                Ok(IssuedCertificate {
                    credential_id: credential_id(wire.credential_id)?,
                    certificate_pem: present(certificate, shape::CERTIFICATE_MISSING)?,
                })
            })
    }

    /// Lists the client certificates of the account.
    ///
    /// # Errors
    /// [`CallFailure`].
    pub async fn list_client_certificates(
        &self,
        context: &CallContext,
    ) -> Result<Answered<Vec<CredentialLine>>, CallFailure> {
        let out = Outgoing::new(Method::GET, self.certificates(&[]), CERTIFICATES);
        self.transport
            .carry(&out, context)
            .await?
            .understood(|body| {
                let wire: ListWire = read(body)?;
                wire.credentials
                    .ok_or(FailureKind::AnswerShape(shape::CREDENTIALS_MISSING))
            })
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
        #[derive(Serialize)]
        struct Body {
            revoked_from: String,
        }
        permit.spend(Call::RevokeCertificate, id.as_str())?;
        let moment = jiff::Timestamp::from_second(revoked_from_unix_s)
            .map_err(|_| CallFailure::new(FailureKind::Invalid, Effect::NotSent))?;
        let path = "/v2/account/integration/credentials/client-certificate/{id}/revoke";
        let out = Outgoing::new(
            Method::POST,
            self.certificates(&[id.as_str(), "revoke"]),
            path,
        )
        .with_json(json(&Body {
            revoked_from: moment.to_string(),
        }));
        self.transport
            .carry(&out, context)
            .await?
            .understood(|_| Ok(()))
    }

    /// Renames a client certificate. The permit's subject is the credential id.
    ///
    /// # Errors
    /// [`CallFailure`].
    pub async fn rename_client_certificate(
        &self,
        permit: Permit,
        id: &CredentialId,
        description: &str,
        context: &CallContext,
    ) -> Result<Answered<()>, CallFailure> {
        permit.spend(Call::RenameCertificate, id.as_str())?;
        let path = "/v2/account/integration/credentials/client-certificate/{id}";
        let out = Outgoing::new(Method::PATCH, self.certificates(&[id.as_str()]), path)
            .with_json(json(&Description { description }));
        self.transport
            .carry(&out, context)
            .await?
            .understood(|_| Ok(()))
    }

    /// Makes another API key. The permit's subject is the description.
    ///
    /// # Errors
    /// [`CallFailure`].
    pub async fn create_api_key(
        &self,
        permit: Permit,
        description: &str,
        context: &CallContext,
    ) -> Result<Answered<IssuedApiKey>, CallFailure> {
        permit.spend(Call::CreateApiKey, description)?;
        let url = self.address(&["v2", "account", "integration", "credentials", "api-key"]);
        let path = "/v2/account/integration/credentials/api-key";
        let out =
            Outgoing::new(Method::POST, url, path).with_json(json(&Description { description }));
        self.transport
            .carry(&out, context)
            .await?
            .understood(|body| {
                let wire: ApiKeyWire = read(body)?;
                let key = wire
                    .secret
                    .and_then(|secret| secret.secret)
                    .map(ApiKey::parse)
                    .and_then(Result::ok);
                Ok(IssuedApiKey {
                    credential_id: credential_id(wire.credential_id)?,
                    api_key: key.ok_or(FailureKind::AnswerShape(shape::API_KEY_MISSING))?,
                })
            })
    }

    fn certificates(&self, more: &[&str]) -> Url {
        let head = [
            "v2",
            "account",
            "integration",
            "credentials",
            "client-certificate",
        ];
        self.address(&[&head, more].concat())
    }
}

#[derive(Serialize)]
struct Description<'a> {
    description: &'a str,
}

fn json(body: &impl Serialize) -> Zeroizing<String> {
    Zeroizing::new(serde_json::to_string(body).expect("structs of texts always serialise"))
}

fn credential_id(text: Option<String>) -> Result<CredentialId, FailureKind> {
    let missing = FailureKind::AnswerShape(shape::CREDENTIAL_ID_MISSING);
    text.and_then(|text| CredentialId::parse(&text).ok())
        .ok_or(missing)
}
