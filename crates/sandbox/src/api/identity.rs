//! Reading and revoking a customer token (tokens.md section 3).
//!
//! The token comes in a header and never in an address. There is no list and no search: Klarna has none.

use super::Context;
use super::answer::{Answer, Refusal, gone, invalid, not_found};
use super::payment::{merchant, own_token, token_header};
use crate::customer_token::{By, Family, Status, revoke as end};
use crate::settings::Key;
use crate::store::customer_tokens::Token;
use serde_json::{Value, json};

pub(super) fn introspect(context: &Context<'_>, account: &str) -> Result<Answer, Refusal> {
    let token = asked(context, account)?;
    if token.is_of(Family::V1) {
        return Err(not_found("The customer token does not exist."));
    }
    let revoked = is_over(context, &token);
    if revoked && context.settings.text(Key::IdentityRevoked) == "410" {
        return Err(revoked_error());
    }
    let mut value = json!({
        "status": if revoked { "REVOKED" } else { "ACTIVE" },
        "scopes": token.scopes,
        "issued_at": token.created_ms,
    });
    add_reference(&mut value, &token);
    Ok(Answer::json(200, &value))
}

/// Ends a token for good; that of payments v1 too, which the documents call a `PurchaseTokenId`.
pub(super) fn revoke(context: &Context<'_>, account: &str) -> Result<Answer, Refusal> {
    let token = asked(context, account)?;
    let mut value = json!({});
    add_reference(&mut value, &token);
    if is_over(context, &token) {
        return match context.settings.text(Key::IdentitySecondRevoke) {
            "200" => Ok(Answer::json(200, &value)),
            _ => Err(revoked_error()),
        };
    }
    end(&context.desk(), token, By::Acquirer)?;
    Ok(Answer::json(200, &value))
}

fn asked(context: &Context<'_>, account: &str) -> Result<Token, Refusal> {
    let account = merchant(context, Some(account))?;
    let missing = || invalid("X-Klarna-Customer-Token", "The header is missing.");
    let token = token_header(context)?.ok_or_else(missing)?;
    own_token(context, token, &account)
}

fn is_over(context: &Context<'_>, token: &Token) -> bool {
    matches!(token.status(context.now_ms), Status::Revoked | Status::Superseded)
}

fn revoked_error() -> Refusal {
    gone("The customer token has been revoked.")
}

fn add_reference(value: &mut Value, token: &Token) {
    if let Some(reference) = &token.reference {
        value["customer_token_reference"] = json!(reference);
    }
}
