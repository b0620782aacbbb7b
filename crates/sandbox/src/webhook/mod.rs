//! Webhooks: what is told to whom, signed how, delivered when (tokens.md section 7).
//!
//! What is to be told is written into the transaction that makes it true; [`courier`] posts it afterwards. Receivers are
//! on loopback only, so that no sandbox ever calls a stranger. Klarna's own rule, https on 443 or 8443, is absent with it.

mod address;
pub(crate) mod courier;
mod hmac;

pub(crate) use hmac::hmac_sha256;
mod post;

pub(crate) use address::{Receiver, receiver};

use crate::clock::rfc3339;
use crate::desk::Desk;
use crate::settings::Key;
use crate::store::deliveries::{self, Delivery};
use crate::store::payment_requests;
use crate::store::webhooks::{self, Webhook};
use rusqlite::Transaction;
use serde_json::{Value, json};

/// Something to tell.
pub(crate) struct News<'a> {
    pub(crate) event_type: &'static str,
    /// The acquirer, whose webhooks are asked.
    pub(crate) recipient: &'a str,
    /// The merchant whom it is about.
    pub(crate) subject: &'a str,
    pub(crate) payload: Value,
}

/// Tells every webhook that asked for it.
pub(crate) fn announce(desk: &Desk<'_>, news: &News<'_>) -> rusqlite::Result<()> {
    let event_id = desk.random.uuid().to_string();
    for webhook in webhooks::list(desk.tx, news.recipient)? {
        if webhook.status == "ENABLED" && webhook.event_types.iter().any(|one| covers(one, news.event_type)) {
            tell(desk, &webhook, news, &event_id)?;
        }
    }
    Ok(())
}

/// Whether a type of the webhook's list, perhaps ending in `*`, covers an event type.
pub(crate) fn covers(asked: &str, event_type: &str) -> bool {
    asked
        .strip_suffix('*')
        .map_or(asked == event_type, |begin| event_type.starts_with(begin))
}

/// Queues one delivery, its duplicates, or its loss.
pub(crate) fn tell(desk: &Desk<'_>, webhook: &Webhook, news: &News<'_>, event_id: &str) -> rusqlite::Result<()> {
    let first = Delivery {
        id: 0,
        event_id: event_id.to_owned(),
        event_type: news.event_type.to_owned(),
        url: webhook.url.clone(),
        body: body(desk, webhook, news, event_id).to_string(),
        signing_key: Some(webhook.signing_key.clone()),
        state: "WAITING".to_owned(),
        attempts: 0,
        due_ms: desk.after_ms(Key::WebhooksDelayS),
        created_ms: desk.now_ms,
        tried_ms: None,
        status: None,
        trouble: None,
    };
    for _ in 0..=desk.settings.count(Key::WebhooksDuplicates) {
        let state = if is_lost(desk)? { "LOST" } else { "WAITING" };
        deliveries::write(
            desk.tx,
            &Delivery {
                state: state.to_owned(),
                ..first.clone()
            },
        )?;
    }
    Ok(())
}

/// Whether the settings have the next delivery lost.
fn is_lost(desk: &Desk<'_>) -> rusqlite::Result<bool> {
    let every = desk.settings.count(Key::WebhooksLoseEvery);
    Ok(every > 0 && (deliveries::last_id(desk.tx)? + 1) % every == 0)
}

fn body(desk: &Desk<'_>, webhook: &Webhook, news: &News<'_>, event_id: &str) -> Value {
    let live = match desk.settings.text(Key::WebhooksLive) {
        "quoted" => json!("false"),
        _ => json!(false),
    };
    json!({
        "metadata": {
            "event_type": news.event_type,
            "event_id": event_id,
            "event_version": webhook.event_version,
            "occurred_at": rfc3339(desk.now_ms),
            "correlation_id": desk.random.uuid().to_string(),
            "subject_account_id": news.subject,
            "recipient_account_id": news.recipient,
            "webhook_id": webhook.id,
            "live": live,
        },
        "payload": news.payload,
    })
}

/// Queues an unsigned callback, such as that of an authorisation.
pub(crate) fn call_back(desk: &Desk<'_>, url: &str, body: &Value) -> rusqlite::Result<()> {
    let delivery = Delivery {
        id: 0,
        event_id: desk.random.uuid().to_string(),
        event_type: "callback.authorization".to_owned(),
        url: url.to_owned(),
        body: body.to_string(),
        signing_key: None,
        state: "WAITING".to_owned(),
        attempts: 0,
        due_ms: desk.now_ms,
        created_ms: desk.now_ms,
        tried_ms: None,
        status: None,
        trouble: None,
    };
    deliveries::write(desk.tx, &delivery)
}

/// When the next delivery is due or the next Payment Request expires, whichever is first.
pub(crate) fn next_due_ms(tx: &Transaction<'_>) -> rusqlite::Result<Option<i64>> {
    let (due, end) = (deliveries::next_due_ms(tx)?, payment_requests::next_end_ms(tx)?);
    Ok(due.into_iter().chain(end).min())
}
