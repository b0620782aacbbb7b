//! What every decision about money and tokens needs: the transaction, the settings, the clock, randomness.
//!
//! The API, the customer's pages and the control API decide the same things; they meet here and in what takes a desk.

use crate::random::Random;
use crate::settings::{Key, Settings};
use rusqlite::Transaction;

/// The place at which one decision is made.
#[derive(Clone, Copy)]
pub(crate) struct Desk<'a> {
    pub(crate) tx: &'a Transaction<'a>,
    pub(crate) settings: &'a Settings,
    pub(crate) random: Random,
    pub(crate) now_ms: i64,
}

impl Desk<'_> {
    /// An id such as `krn:payment:eu1:request:UUID` (tokens.md section 6).
    pub(crate) fn payment_krn(&self, kind: &str) -> String {
        let region = self.settings.text(Key::TokensRegion);
        format!("krn:payment:{region}:{kind}:{}", self.random.uuid())
    }

    /// The moment that many seconds of a setting from now.
    pub(crate) fn after_ms(&self, span: Key) -> i64 {
        self.now_ms + self.settings.count(span) * 1_000
    }

    /// Whether the settings have this customer or amount declined (tokens.md section 9).
    pub(crate) fn declines(&self, email: &str, amount: Option<i64>) -> bool {
        let by = |what| self.settings.has_word(Key::DeclinesTrigger, what);
        let marks = self.settings.words(Key::DeclinesEmail);
        let by_email = by("email") && marks.iter().any(|mark| email.contains(mark.as_str()));
        let by_amount = by("amount") && amount == Some(self.settings.count(Key::DeclinesAmount));
        by_email || by_amount
    }
}
