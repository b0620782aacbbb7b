//! Webhooks and signing keys, as the acquirer sets them up (tokens.md 7.1).
//!
//! Receivers must be on this machine; Klarna's own rule (https on 443 or 8443) is absent, see [`crate::webhook`].

mod hooks;
mod keys;

use super::Context;
use super::answer::{Answer, Refusal};
use super::route::Notification;

pub(super) fn operate(context: &Context<'_>, what: &Notification) -> Result<Answer, Refusal> {
    match what {
        Notification::CreateWebhook => hooks::create(context),
        Notification::ListWebhooks => hooks::list(context),
        Notification::ReadWebhook(id) => hooks::read(context, id),
        Notification::ChangeWebhook(id) => hooks::change(context, id),
        Notification::DeleteWebhook(id) => hooks::delete(context, id),
        Notification::Simulate(id) => hooks::simulate(context, id),
        Notification::CreateKey => keys::create(context),
        Notification::ListKeys => keys::list(context),
        Notification::ReadKey(id) => keys::read(context, id),
        Notification::DeleteKey(id) => keys::delete(context, id),
    }
}
