//! A webhook at Klarna that delivers to a receiver on this machine: made with a signing key of its own, and taken away again.
//!
//! Each of the four calls is an act. Klarna delivers to https on the internet alone, so this works with a sandbox and nowhere else.
//! Deliberately absent: keeping the signing key, which dies with the receiver.

use gatehouse_klarna::{Call, ReturnUrl, SigningKeyId, WebhookDraft, WebhookId, WebhookKey};

use super::receiver::Receiver;
use crate::acts::{self, Done, Plan};
use crate::facade::Core;
use crate::facade::call::{answered, context, failed, taken_away};
use crate::problem::Problem;
use crate::profile::Profile;

const HOOKS: &str = "/v2/notification/webhooks";
const HOOK: &str = "/v2/notification/webhooks/{id}";
const KEYS: &str = "/v2/notification/signing-keys";
const KEY: &str = "/v2/notification/signing-keys/{id}";

/// A receiver that Klarna delivers to.
pub(crate) struct Hook<'a> {
    core: &'a Core,
    profile: &'a Profile,
    pub receiver: Receiver,
    pub key: WebhookKey,
    key_id: SigningKeyId,
    id: Option<WebhookId>,
}

impl<'a> Hook<'a> {
    /// Opens a receiver, and has Klarna deliver to it.
    ///
    /// # Errors
    /// `klarna_*`, `network_*`, `log_*`.
    pub fn open(core: &'a Core, profile: &'a Profile, event_types: &[&str]) -> Result<Self, Problem> {
        let receiver = Receiver::open().map_err(|cause| Problem::internal("open a receiver", &cause))?;
        let url = ReturnUrl::parse(&receiver.url()).map_err(|cause| Problem::internal("name a receiver", &cause))?;
        core.unlock_log()?;
        let (key_id, key) = signing_key(core, profile)?;
        let mut hook = Self {
            core,
            profile,
            receiver,
            key,
            key_id: key_id.clone(),
            id: None,
        };
        let draft = WebhookDraft {
            url,
            event_types: event_types.iter().map(|&word| word.to_owned()).collect(),
            signing_key: key_id,
        };
        hook.id = Some(webhook(core, profile, &draft)?);
        Ok(hook)
    }

    /// Takes webhook and key away again.
    ///
    /// # Errors
    /// `klarna_*`, `network_*`, `log_*`.
    pub fn close(self) -> Result<(), Problem> {
        let (core, profile) = (self.core, self.profile);
        let connection = core.connection(profile)?;
        if let Some(id) = &self.id {
            let plan = Plan::new(profile, "webhook.delete", Call::DeleteWebhook, id.as_str()).at("DELETE", HOOK);
            let plan = plan.with("webhook_id", id.as_str());
            let ended = |permit| {
                let answer = core.block_on(connection.client.delete_webhook(permit, id, &context(None)));
                taken_away(core, profile, answer)
            };
            acts::perform(core.journal(), plan, |_| (), ended)?;
        }
        let id = &self.key_id;
        let plan = Plan::new(profile, "webhook.key.delete", Call::DeleteSigningKey, id.as_str()).at("DELETE", KEY);
        let plan = plan.with("signing_key_id", id.as_str());
        let ended = |permit| {
            let answer = core.block_on(connection.client.delete_signing_key(permit, id, &context(None)));
            taken_away(core, profile, answer)
        };
        acts::perform(core.journal(), plan, |_| (), ended).map(drop)
    }
}

fn signing_key(core: &Core, profile: &Profile) -> Result<(SigningKeyId, WebhookKey), Problem> {
    let connection = core.connection(profile)?;
    let plan = Plan::new(profile, "webhook.key.create", Call::CreateSigningKey, "signing-key").at("POST", KEYS);
    let made = acts::perform(
        core.journal(),
        plan,
        |_| (),
        |permit| {
            let answer = core.block_on(connection.client.create_signing_key(permit, &context(None)));
            let answer = answer.map_err(|failure| failed(core, profile, &failure))?;
            let mut result = answered(core, profile, &answer.meta);
            result.insert("signing_key_id".into(), answer.value.id.as_str().into());
            Ok(Done {
                value: (answer.value.id, answer.value.key),
                result,
            })
        },
    )?;
    Ok(made.value)
}

fn webhook(core: &Core, profile: &Profile, draft: &WebhookDraft) -> Result<WebhookId, Problem> {
    let connection = core.connection(profile)?;
    let plan = Plan::new(profile, "webhook.create", Call::CreateWebhook, draft.url.as_str()).at("POST", HOOKS);
    let plan = plan
        .with("signing_key_id", draft.signing_key.as_str())
        .with("event_types", draft.event_types.clone());
    let made = acts::perform(
        core.journal(),
        plan,
        |_| (),
        |permit| {
            let answer = core.block_on(connection.client.create_webhook(permit, draft, &context(None)));
            let answer = answer.map_err(|failure| failed(core, profile, &failure))?;
            let mut result = answered(core, profile, &answer.meta);
            result.insert("webhook_id".into(), answer.value.id.as_str().into());
            Ok(Done {
                value: answer.value.id,
                result,
            })
        },
    )?;
    Ok(made.value)
}
