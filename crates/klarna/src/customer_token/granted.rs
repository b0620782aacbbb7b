//! A token as Klarna hands it out: in an answer, in a payment request, or in a webhook.
//!
//! It may come three times for one consent (tokens.md 2.1), so whoever keeps it compares with what is kept. Deliberately absent:
//! the environment, which the caller knows from the session.

use super::{CustomerToken, Purposes};
use crate::wire_value::{object, purposes, text, token};
use serde_json::Value;

/// A token and what Klarna told with it.
#[derive(Debug)]
pub struct GrantedToken {
    /// The token.
    pub token: CustomerToken,
    /// The acquirer's own id of it.
    pub reference: Option<String>,
    /// What it may be used for; empty when Klarna did not say.
    pub purposes: Purposes,
}

impl GrantedToken {
    /// Reads `customer_token_response.customer_token`, or `klarna_customer`: the token stands in a member `customer_token`.
    pub(crate) fn read(holder: &Value) -> Option<Self> {
        if let Some(inner) = object(holder, "customer_token") {
            return Self::read(inner);
        }
        Some(Self {
            token: token(holder, "customer_token")?,
            reference: text(holder, "customer_token_reference"),
            purposes: purposes(holder),
        })
    }

    /// Looks in all the places that are documented or were seen, here and under `state_context`.
    pub(crate) fn find(value: &Value) -> Option<Self> {
        let levels = [Some(value), object(value, "state_context")];
        levels.into_iter().flatten().find_map(|level| {
            let named = ["customer_token_response", "klarna_customer"];
            let held = named.iter().find_map(|name| Self::read(object(level, name)?));
            held.or_else(|| Self::read(level))
        })
    }
}
