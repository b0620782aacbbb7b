//! How a token ends: revoked by somebody, or replaced (tokens.md 3.2, 3.3 and 4.4).

use super::{Family, Status};
use crate::desk::Desk;
use crate::settings::Key;
use crate::store::customer_tokens::{self, Token};
use crate::webhook::{News, announce};
use serde_json::{Value, json};

/// What a revocation is told as (tokens.md 7.2).
pub(crate) const REVOKED: &str = "identity.customer-token.state-change.revoked";

/// Who revokes; Klarna does not tell (tokens.md 3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    Acquirer,
    Customer,
    Klarna,
}

impl By {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Acquirer => "acquirer",
            Self::Customer => "customer",
            Self::Klarna => "klarna",
        }
    }

    pub(crate) fn read(word: &str) -> Option<Self> {
        [Self::Acquirer, Self::Customer, Self::Klarna]
            .into_iter()
            .find(|by| by.as_str() == word)
    }
}

/// Revokes for good and tells the acquirer; a token of payments v1 has no webhook.
pub(crate) fn revoke(desk: &Desk<'_>, token: Token, by: By) -> rusqlite::Result<()> {
    let token = Token {
        status: Status::Revoked.as_str().to_owned(),
        updated_ms: desk.now_ms,
        ended_by: Some(by.as_str().to_owned()),
        ..token
    };
    customer_tokens::write(desk.tx, &token)?;
    if token.is_of(Family::V1) || desk.settings.text(Key::WebhooksRevoked) == "dropped" {
        return Ok(());
    }
    announce(
        desk,
        &News {
            event_type: REVOKED,
            recipient: &token.acquirer,
            subject: &token.account,
            payload: payload(desk, &token),
        },
    )
}

/// What the webhook says: which token by which of its names, the settings decide.
fn payload(desk: &Desk<'_>, token: &Token) -> Value {
    let mut payload = json!({"state": "REVOKED", "previous_state": "ACTIVE"});
    let fields = [
        ("customer_token", Some(&token.token)),
        ("customer_token_reference", token.reference.as_ref()),
    ];
    for (name, value) in fields {
        if let Some(value) = value.filter(|_| desk.settings.has_word(Key::WebhooksRevokedFields, name)) {
            payload[name] = json!(value);
        }
    }
    payload
}

/// Notes that another token has taken its place; of that there is no webhook (tokens.md 7.2).
pub(crate) fn supersede(desk: &Desk<'_>, old: Token, new: &str) -> rusqlite::Result<()> {
    customer_tokens::write(
        desk.tx,
        &Token {
            status: Status::Superseded.as_str().to_owned(),
            updated_ms: desk.now_ms,
            superseded_by: Some(new.to_owned()),
            ..old
        },
    )
}
