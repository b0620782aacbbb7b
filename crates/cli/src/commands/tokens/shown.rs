//! Tokens as the command line prints them: hint and fingerprint, never the token.

use gatehouse_core::tokens::{Charge, Consent, Token};
use serde_json::{Value, json};

use crate::output::{short_time, time};

pub fn token(token: &Token) -> Value {
    json!({
        "id": token.id, "hint": token.hint, "fingerprint": token.fingerprint, "family": token.kind.word(), "state": token.state.word(),
        "merchant_id": token.merchant, "reference": token.reference, "scopes": token.scopes, "customer_id": token.customer,
        "subscription_id": token.subscription, "ended_by": token.ended_by, "superseded_by": token.superseded_by,
        "source": token.source.word(), "created_at": token.created_ms.map(time), "kept_at": time(token.kept_ms),
        "last_used_at": token.last_used_ms.map(time), "last_checked_at": token.last_checked_ms.map(time),
    })
}

pub fn row(token: &Token) -> Vec<String> {
    vec![
        token.id.to_string(),
        token.state.word().to_owned(),
        token.kind.word().to_owned(),
        token.hint.clone(),
        token.reference.clone().unwrap_or_default(),
        token.customer.clone().unwrap_or_default(),
        token.fingerprint.clone(),
    ]
}

pub fn lines(token: &Token) -> Vec<String> {
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
    let at = |ms: Option<i64>| ms.map_or_else(|| "never".to_owned(), short_time);
    vec![
        format!("token {}: {} ({})", token.id, token.hint, token.state.word()),
        format!(
            "fingerprint {}, family {}, scopes {}",
            token.fingerprint,
            token.kind.word(),
            token.scopes.join(" ")
        ),
        format!(
            "merchant {}, reference {}",
            or_none(&token.merchant),
            or_none(&token.reference)
        ),
        format!(
            "customer {}, subscription {}",
            or_none(&token.customer),
            or_none(&token.subscription)
        ),
        format!("used {}, checked {}", at(token.last_used_ms), at(token.last_checked_ms)),
    ]
}

pub fn consent(consent: &Consent) -> Value {
    json!({
        "id": consent.id, "merchant_id": consent.merchant, "payment_request_id": consent.request_id, "state": consent.state.word(),
        "asked_at": time(consent.asked_ms), "expires_at": consent.expires_ms.map(time), "completed_at": consent.completed_ms.map(time),
        "pays": consent.pays, "paid_at": consent.paid_ms.map(time), "token": consent.token,
    })
}

pub fn consent_line(consent: &Consent) -> String {
    let token = consent
        .token
        .map_or_else(String::new, |token| format!(", token {token}"));
    format!("{}: {}{token}", consent.id, consent.state.word())
}

pub fn charge(charge: &Charge) -> Value {
    json!({
        "token": charge.token, "outcome": charge.outcome, "reason": charge.reason, "meaning": charge.meaning,
        "transaction_id": charge.transaction_id, "consent": charge.consent.as_ref().map(consent), "outcome_seq": charge.seq,
    })
}
