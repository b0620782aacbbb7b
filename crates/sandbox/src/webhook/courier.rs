//! The courier: posts what is due, tries again as Klarna does, and ends requests whose time is over (tokens.md 7.5).
//!
//! It follows the sandbox's clock, so that hours of retries pass in one step. It sleeps until the next thing is due and is
//! woken by [`Sandbox::stir`] when something new is to be told or the clock is moved; it never polls.

use super::hmac::hmac_sha256;
use super::post::{Letter, post};
use super::{next_due_ms, receiver};
use crate::desk::Desk;
use crate::payment_request::expire_late;
use crate::sandbox::Sandbox;
use crate::settings::{Key, Settings};
use crate::store::deliveries::{self, Delivery};
use crate::store::webhooks;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::sync::Arc;
use std::time::Duration;

/// How long after each failure the next try comes (DOC): then it is given up.
const RETRIES_S: [i64; 6] = [10, 120, 900, 10_800, 21_600, 43_200];
/// How long the courier rests after a failure of the database.
const REST: Duration = Duration::from_secs(1);

/// Works until the sandbox ends.
pub(crate) async fn work(sandbox: Arc<Sandbox>) {
    loop {
        let turn = Arc::clone(&sandbox);
        let done = tokio::task::spawn_blocking(move || round(&turn)).await;
        match done {
            Ok(Ok(Round::Posted)) => {}
            Ok(Ok(Round::Until(ms))) => {
                // An elapsed wait is the usual end of it.
                let _ = tokio::time::timeout(Duration::from_millis(ms), sandbox.stirred()).await;
            }
            Ok(Ok(Round::Idle)) => sandbox.stirred().await,
            Ok(Err(error)) => {
                tracing::error!(%error, "the courier cannot use the sandbox's database");
                tokio::time::sleep(REST).await;
            }
            Err(_) => return,
        }
    }
}

/// What one look came to.
enum Round {
    /// One delivery was posted, and there may be more.
    Posted,
    /// Nothing is due for so many milliseconds.
    Until(u64),
    /// Nothing will be due by itself.
    Idle,
}

/// Posts what is due longest.
fn round(sandbox: &Sandbox) -> rusqlite::Result<Round> {
    let (settings, now_ms) = (sandbox.settings(), sandbox.clock.now_ms());
    let (next, secret, next_ms) = sandbox.store.transaction::<_, rusqlite::Error>(|tx| {
        let desk = Desk {
            tx,
            settings: &settings,
            random: sandbox.random,
            now_ms,
        };
        expire_late(&desk)?;
        let next = deliveries::due(tx, now_ms)?;
        let key = next.as_ref().and_then(|next| next.signing_key.as_deref());
        let key = key.map_or(Ok(None), |key| webhooks::key(tx, key))?;
        Ok((next, key.map(|key| key.secret), next_due_ms(tx)?))
    })?;
    let Some(delivery) = next else {
        let frozen = sandbox.clock.setting().frozen_at_ms.is_some();
        let wait = next_ms
            .filter(|_| !frozen)
            .map(|next_ms| (next_ms - now_ms).max(1).unsigned_abs());
        return Ok(wait.map_or(Round::Idle, Round::Until));
    };
    let tried = attempt(&settings, delivery, secret.as_deref(), now_ms);
    sandbox.store.transaction(|tx| deliveries::write(tx, &tried))?;
    Ok(Round::Posted)
}

/// Posts once and notes what became of it.
fn attempt(settings: &Settings, delivery: Delivery, secret: Option<&str>, now_ms: i64) -> Delivery {
    let outcome = send(settings, &delivery, secret);
    let attempts = delivery.attempts + 1;
    let delivered = matches!(outcome, Ok(200 | 201 | 202 | 204));
    let pause_s = usize::try_from(delivery.attempts)
        .ok()
        .and_then(|index| RETRIES_S.get(index));
    let (state, due_ms) = match pause_s {
        _ if delivered => ("DELIVERED", delivery.due_ms),
        Some(pause_s) => ("WAITING", now_ms + pause_s * 1_000),
        None => ("GIVEN_UP", delivery.due_ms),
    };
    Delivery {
        state: state.to_owned(),
        attempts,
        due_ms,
        tried_ms: Some(now_ms),
        status: outcome.as_ref().ok().map(|status| i64::from(*status)),
        trouble: outcome.err().map(|error| error.to_string()),
        ..delivery
    }
}

fn send(settings: &Settings, delivery: &Delivery, secret: Option<&str>) -> std::io::Result<u16> {
    let refused = |why| std::io::Error::new(std::io::ErrorKind::InvalidInput, why);
    let to = receiver(&delivery.url).ok_or_else(|| refused("the receiver is not on this machine"))?;
    let mut headers = Vec::new();
    if let Some(key) = &delivery.signing_key {
        let secret = secret.ok_or_else(|| refused("the signing key was deleted"))?;
        headers.push(("Klarna-Signature", signature(settings, secret, &delivery.body)));
        headers.push(("Klarna-Signing-Key-Id", key.clone()));
    }
    let letter = Letter {
        headers: &headers,
        body: delivery.body.as_bytes(),
    };
    post(&to, &letter)
}

/// Over the raw bytes, in lower-case hex (tokens.md 7.4).
fn signature(settings: &Settings, secret: &str, body: &str) -> String {
    let signature = hmac_sha256(secret.as_bytes(), body.as_bytes());
    match settings.text(Key::WebhooksSignature) {
        "base64" => STANDARD.encode(signature),
        _ => hex::encode(signature),
    }
}
