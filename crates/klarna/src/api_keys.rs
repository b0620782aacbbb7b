//! API keys at Klarna: make another one (portal-access.md 7).
//!
//! Deliberately absent: storing the key, which the caller must do at once, because Klarna shows it this once.

use crate::answer::Answered;
use crate::client::Client;
use crate::context::CallContext;
use crate::failure::{CallFailure, FailureKind, shape};
use crate::ids::CredentialId;
use crate::permit::{Call, Permit};
use crate::secret::ApiKey;
use crate::transport::Outgoing;
use crate::wire::{credential_id, json, read};
use reqwest::Method;
use serde::{Deserialize, Serialize};

const ALL: &str = "/v2/account/integration/credentials/api-key";

/// An API key just made; Klarna shows it this once.
#[derive(Debug)]
pub struct IssuedApiKey {
    /// Its id at Klarna, for disabling.
    pub credential_id: CredentialId,
    /// The key.
    pub api_key: ApiKey,
}

#[derive(Serialize)]
struct CreateBody<'a> {
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
    /// [`CallFailure`]; [`FailureKind::Invalid`] when Klarna does not like the description
    /// (`^[a-zA-Z0-9\-:;., _]{0,100}$`).
    pub async fn create_api_key(
        &self,
        permit: Permit,
        description: &str,
        context: &CallContext,
    ) -> Result<Answered<IssuedApiKey>, CallFailure> {
        permit.spend(Call::CreateApiKey, description)?;
        let head = ["v2", "account", "integration", "credentials", "api-key"];
        let out = Outgoing::new(Method::POST, self.address(&head), ALL);
        let out = out.with_json(json(&CreateBody { description }));
        self.ask(out, context, |body| issued(read(body)?)).await
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
