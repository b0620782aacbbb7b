//! One link for each of Klarna's session tokens, in whatever browser and at whichever bridge it comes up.
//!
//! A token is spent right before the act, not where a sign-in begins: people reload pages, give up, and find a provider down. What
//! the store keeps is a hash; the token itself lies only in the sign-in's sealed row.

use std::sync::Arc;

use gatehouse_core::portal::SessionToken;
use sha2::{Digest, Sha256};

use super::{End, Ended};
use crate::bridge::Bridge;

/// How long a used token is remembered. Klarna says nowhere how long its tokens live; in the simulated Klarna it is an hour at most
/// by its profiles. Two hours are also the longest that a sign-in may take by the configuration (`sign_in_seconds` and
/// `choice_seconds`, an hour each), so that none that began with the token before it was used ends after it is forgotten.
const REMEMBERED_MS: i64 = 2 * 60 * 60 * 1000;

/// A token that is used from now on.
pub(super) struct Spent([u8; 32]);

impl Spent {
    /// Spends a token.
    ///
    /// # Errors
    /// [`End::TokenUsed`] when a link was made with it, or is being made.
    pub async fn new(bridge: &Arc<Bridge>, token: &SessionToken) -> Result<Self, Ended> {
        let hash = hash(token.expose());
        let until_ms = bridge.clock.unix_ms() + REMEMBERED_MS;
        if bridge.in_store(move |store| store.spend(hash, until_ms)).await? {
            Ok(Self(hash))
        } else {
            Err(Ended::now(End::TokenUsed, "second_link"))
        }
    }

    /// Gives the token back, because surely no link was made with it. Where that fails it stays used, and Klarna's login page gives another.
    pub async fn give_back(self, bridge: &Arc<Bridge>) {
        let Self(hash) = self;
        if let Err(cause) = bridge.in_store(move |store| store.give_back(hash)).await {
            tracing::warn!(%cause, "a session token of a link that was not made stays used");
        }
    }
}

fn hash(token: &str) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix(b"gatehouse.session-token.1\0");
    hash.update(token);
    hash.finalize().into()
}
