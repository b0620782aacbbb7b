//! API keys at Klarna: make, list, read, rename, disable (portal-access.md 7).
//!
//! Deliberately absent: storing a key, which the caller must do at once, because Klarna shows it this once; and enabling one again,
//! for which Klarna has no call.

use crate::answer::Answered;
use crate::client::Client;
use crate::context::CallContext;
use crate::credential_line::{CredentialLine, lines, one};
use crate::description;
use crate::failure::{CallFailure, FailureKind, shape};
use crate::ids::CredentialId;
use crate::permit::{Call, Permit};
use crate::secret::ApiKey;
use crate::transport::Outgoing;
use crate::wire::{credential_id, json, read};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use url::Url;

const ALL: &str = "/v2/account/integration/credentials/api-key";
const ONE: &str = "/v2/account/integration/credentials/api-key/{id}";

/// An API key just made; Klarna shows it this once.
#[derive(Debug)]
pub struct IssuedApiKey {
    /// Its id at Klarna, for disabling.
    pub credential_id: CredentialId,
    /// The key.
    pub api_key: ApiKey,
}

#[derive(Serialize)]
struct DescriptionBody<'a> {
    description: &'a str,
}

#[derive(Deserialize)]
struct IssuedWire {
    credential_id: Option<String>,
    secret: Option<SecretWire>,
}

#[derive(Deserialize)]
struct SecretWire {
    secret: Option<String>,
}

impl Client {
    /// Makes another API key. The permit's subject is the description.
    ///
    /// # Errors
    /// [`CallFailure`]; [`FailureKind::Invalid`] before anything is sent when the description is none
    /// ([`crate::is_description`]). After an unknown effect a key may exist that nobody has: list them and disable it.
    pub async fn create_api_key(
        &self,
        permit: Permit,
        description: &str,
        context: &CallContext,
    ) -> Result<Answered<IssuedApiKey>, CallFailure> {
        permit.spend(Call::CreateApiKey, description)?;
        let description = description::checked(description)?;
        let out = Outgoing::new(Method::POST, self.api_keys(&[]), ALL);
        let out = out.with_json(json(&DescriptionBody { description }));
        self.ask(out, context, |body| issued(read(body)?)).await
    }

    /// Lists the API keys of the account, disabled ones too; no key itself is in the list.
    ///
    /// # Errors
    /// [`CallFailure`].
    pub async fn list_api_keys(&self, context: &CallContext) -> Result<Answered<Vec<CredentialLine>>, CallFailure> {
        let out = Outgoing::new(Method::GET, self.api_keys(&[]), ALL);
        self.ask(out, context, lines).await
    }

    /// Reads what Klarna tells of one API key.
    ///
    /// # Errors
    /// [`CallFailure`].
    pub async fn read_api_key(
        &self,
        id: &CredentialId,
        context: &CallContext,
    ) -> Result<Answered<CredentialLine>, CallFailure> {
        let out = Outgoing::new(Method::GET, self.api_keys(&[id.as_str()]), ONE);
        self.ask(out, context, |body| one(body, id)).await
    }

    /// Renames an API key. The permit's subject is the credential id.
    ///
    /// # Errors
    /// [`CallFailure`]; [`FailureKind::Invalid`] before anything is sent when the description is none.
    pub async fn rename_api_key(
        &self,
        permit: Permit,
        id: &CredentialId,
        description: &str,
        context: &CallContext,
    ) -> Result<Answered<()>, CallFailure> {
        permit.spend(Call::RenameApiKey, id.as_str())?;
        let description = description::checked(description)?;
        let out = Outgoing::new(Method::PATCH, self.api_keys(&[id.as_str()]), ONE);
        self.tell(out.with_json(json(&DescriptionBody { description })), context)
            .await
    }

    /// Disables an API key, for good. The permit's subject is the credential id.
    ///
    /// # Errors
    /// [`CallFailure`].
    pub async fn disable_api_key(
        &self,
        permit: Permit,
        id: &CredentialId,
        context: &CallContext,
    ) -> Result<Answered<()>, CallFailure> {
        permit.spend(Call::DisableApiKey, id.as_str())?;
        let out = Outgoing::new(Method::DELETE, self.api_keys(&[id.as_str()]), ONE);
        self.tell(out, context).await
    }

    fn api_keys(&self, more: &[&str]) -> Url {
        let head = ["v2", "account", "integration", "credentials", "api-key"];
        self.address(&[head.as_slice(), more].concat())
    }
}

fn issued(wire: IssuedWire) -> Result<IssuedApiKey, FailureKind> {
    let text = wire.secret.and_then(|secret| secret.secret);
    let key = text.and_then(|text| ApiKey::parse(text).ok());
    Ok(IssuedApiKey {
        credential_id: credential_id(wire.credential_id)?,
        api_key: key.ok_or(FailureKind::AnswerShape(shape::API_KEY_MISSING))?,
    })
}
