//! Webhooks and signing keys at Klarna: make, list, switch, try out, delete (tokens.md 7.1).
//!
//! For a receiver of test deliveries, and to see why none come. Deliberately absent: keeping a signing key, which the caller must
//! do at once, because Klarna shows it this once; and `Klarna-Partner-Account`, which is of an older specification.

use super::key::WebhookKey;
use crate::answer::Answered;
use crate::client::Client;
use crate::context::CallContext;
use crate::failure::{CallFailure, FailureKind, shape};
use crate::ids::{SigningKeyId, WebhookId};
use crate::permit::{Call, Permit};
use crate::terms::ReturnUrl;
use crate::transport::Outgoing;
use crate::wire::json;
use crate::wire_value::{Wiped, moment, raw, text};
use reqwest::Method;
use serde::Serialize;
use serde_json::Value;

const HOOKS: &str = "/v2/notification/webhooks";
const HOOK: &str = "/v2/notification/webhooks/{id}";
const SIMULATE: &str = "/v2/notification/webhooks/{id}/simulate";
const KEYS: &str = "/v2/notification/signing-keys";
const KEY: &str = "/v2/notification/signing-keys/{id}";
/// The version of the events that this crate reads.
const VERSION: &str = "v2";

/// A signing key just made; Klarna shows its secret this once.
#[derive(Debug)]
pub struct MadeSigningKey {
    /// Its id.
    pub id: SigningKeyId,
    /// The key, id included.
    pub key: WebhookKey,
}

/// What Klarna tells of a signing key: not the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningKeyLine {
    /// Its id.
    pub id: SigningKeyId,
    /// When it was made, Unix seconds.
    pub created_unix_s: Option<i64>,
}

/// A webhook to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookDraft {
    /// Where Klarna delivers to: https on port 443 or 8443; the sandbox takes this machine.
    pub url: ReturnUrl,
    /// What is told, such as `payment.*`.
    pub event_types: Vec<String>,
    /// The key that signs.
    pub signing_key: SigningKeyId,
}

/// A webhook as Klarna sees it. Texts are from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookLine {
    /// Its id.
    pub id: WebhookId,
    /// Where Klarna delivers to.
    pub url: Option<String>,
    /// What is told.
    pub event_types: Vec<String>,
    /// Whether it is switched on; nothing for a word that this version does not know.
    pub is_enabled: Option<bool>,
    /// The key that signs.
    pub signing_key: Option<SigningKeyId>,
}

#[derive(Serialize)]
struct HookBody<'a> {
    url: &'a ReturnUrl,
    event_types: &'a [String],
    event_version: &'static str,
    signing_key_id: &'a SigningKeyId,
    status: &'static str,
}

#[derive(Serialize)]
struct StatusBody {
    status: &'static str,
}

#[derive(Serialize)]
struct SimulateBody<'a> {
    event_type: &'a str,
    event_version: &'static str,
}

#[derive(Serialize)]
struct Nothing {}

const fn status(enabled: bool) -> &'static str {
    if enabled { "ENABLED" } else { "DISABLED" }
}

impl Client {
    /// Makes a signing key; there may be 50. The permit's subject is `signing-key`.
    ///
    /// # Errors
    /// [`CallFailure`]. After an unknown effect a key may exist whose secret nobody has: list them and delete it.
    pub async fn create_signing_key(
        &self,
        permit: Permit,
        context: &CallContext,
    ) -> Result<Answered<MadeSigningKey>, CallFailure> {
        permit.spend(Call::CreateSigningKey, "signing-key")?;
        let out = self
            .notification(Method::POST, &["signing-keys"], KEYS)
            .with_json(json(&Nothing {}));
        self.ask(out, context, made_key).await
    }

    /// Lists the signing keys.
    ///
    /// # Errors
    /// [`CallFailure`].
    pub async fn list_signing_keys(&self, context: &CallContext) -> Result<Answered<Vec<SigningKeyLine>>, CallFailure> {
        let out = self.notification(Method::GET, &["signing-keys"], KEYS);
        self.ask(out, context, |body| listed(body, &["signing_keys"], key_line))
            .await
    }

    /// Deletes a signing key. The permit's subject is its id.
    ///
    /// # Errors
    /// [`CallFailure`].
    pub async fn delete_signing_key(
        &self,
        permit: Permit,
        id: &SigningKeyId,
        context: &CallContext,
    ) -> Result<Answered<()>, CallFailure> {
        permit.spend(Call::DeleteSigningKey, id.as_str())?;
        let out = self.notification(Method::DELETE, &["signing-keys", id.as_str()], KEY);
        self.tell(out, context).await
    }

    /// Makes a webhook, switched on. The permit's subject is its address.
    ///
    /// # Errors
    /// [`CallFailure`].
    pub async fn create_webhook(
        &self,
        permit: Permit,
        draft: &WebhookDraft,
        context: &CallContext,
    ) -> Result<Answered<WebhookLine>, CallFailure> {
        permit.spend(Call::CreateWebhook, draft.url.as_str())?;
        let body = HookBody {
            url: &draft.url,
            event_types: &draft.event_types,
            event_version: VERSION,
            signing_key_id: &draft.signing_key,
            status: status(true),
        };
        let out = self
            .notification(Method::POST, &["webhooks"], HOOKS)
            .with_json(json(&body));
        self.ask(out, context, |body| one(body, hook_line)).await
    }

    /// Lists the webhooks.
    ///
    /// # Errors
    /// [`CallFailure`].
    pub async fn list_webhooks(&self, context: &CallContext) -> Result<Answered<Vec<WebhookLine>>, CallFailure> {
        let out = self.notification(Method::GET, &["webhooks"], HOOKS);
        self.ask(out, context, |body| listed(body, &["webhooks"], hook_line))
            .await
    }

    /// Switches a webhook on or off. The permit's subject is its id.
    ///
    /// # Errors
    /// [`CallFailure`].
    pub async fn switch_webhook(
        &self,
        permit: Permit,
        id: &WebhookId,
        enabled: bool,
        context: &CallContext,
    ) -> Result<Answered<()>, CallFailure> {
        permit.spend(Call::SwitchWebhook, id.as_str())?;
        let body = json(&StatusBody {
            status: status(enabled),
        });
        let out = self.notification(Method::PATCH, &["webhooks", id.as_str()], HOOK);
        self.tell(out.with_json(body), context).await
    }

    /// Has Klarna send a made-up delivery. The permit's subject is the webhook's id.
    ///
    /// # Errors
    /// [`CallFailure`].
    pub async fn simulate_webhook(
        &self,
        permit: Permit,
        id: &WebhookId,
        event_type: &str,
        context: &CallContext,
    ) -> Result<Answered<()>, CallFailure> {
        permit.spend(Call::SimulateWebhook, id.as_str())?;
        let body = SimulateBody {
            event_type,
            event_version: VERSION,
        };
        let out = self.notification(Method::POST, &["webhooks", id.as_str(), "simulate"], SIMULATE);
        self.tell(out.with_json(json(&body)), context).await
    }

    /// Deletes a webhook. The permit's subject is its id.
    ///
    /// # Errors
    /// [`CallFailure`].
    pub async fn delete_webhook(
        &self,
        permit: Permit,
        id: &WebhookId,
        context: &CallContext,
    ) -> Result<Answered<()>, CallFailure> {
        permit.spend(Call::DeleteWebhook, id.as_str())?;
        let out = self.notification(Method::DELETE, &["webhooks", id.as_str()], HOOK);
        self.tell(out, context).await
    }

    fn notification(&self, method: Method, more: &[&str], template: &'static str) -> Outgoing {
        let url = self.address(&[&["v2", "notification"], more].concat());
        Outgoing::new(method, url, template)
    }
}

const fn missing() -> FailureKind {
    FailureKind::AnswerShape(shape::WEBHOOK_MISSING)
}

fn made_key(body: &[u8]) -> Result<MadeSigningKey, FailureKind> {
    let whole = Wiped::object(body)?;
    let line = key_line(whole.value()).ok_or_else(missing)?;
    let secret = raw(whole.value(), "signing_key").ok_or_else(missing)?;
    let key = WebhookKey::new(line.id.as_str(), secret.to_owned()).map_err(|_| missing())?;
    Ok(MadeSigningKey { id: line.id, key })
}

fn key_line(value: &Value) -> Option<SigningKeyLine> {
    Some(SigningKeyLine {
        id: SigningKeyId::parse(raw(value, "signing_key_id")?).ok()?,
        created_unix_s: moment(value, "created_at"),
    })
}

fn hook_line(value: &Value) -> Option<WebhookLine> {
    let types = value.get("event_types").and_then(Value::as_array);
    Some(WebhookLine {
        id: WebhookId::parse(raw(value, "webhook_id")?).ok()?,
        url: text(value, "url"),
        event_types: types
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        is_enabled: text(value, "status").and_then(|word| match word.as_str() {
            "ENABLED" => Some(true),
            "DISABLED" => Some(false),
            _ => None,
        }),
        signing_key: raw(value, "signing_key_id").and_then(|id| SigningKeyId::parse(id).ok()),
    })
}

fn one<T>(body: &[u8], read: impl FnOnce(&Value) -> Option<T>) -> Result<T, FailureKind> {
    let whole = Wiped::object(body)?;
    read(whole.value()).ok_or_else(missing)
}

/// The list under a name, or the answer itself; its name is not published. A line that cannot be read is left out.
fn listed<T>(body: &[u8], names: &[&str], read: impl Fn(&Value) -> Option<T>) -> Result<Vec<T>, FailureKind> {
    let whole = Wiped::any(body)?;
    let value = whole.value();
    let named = names.iter().find_map(|name| value.get(name));
    let list = named.unwrap_or(value).as_array().ok_or_else(missing)?;
    Ok(list.iter().filter_map(read).collect())
}
