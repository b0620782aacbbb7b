//! What a body of authorizePayment or createPaymentRequest asks for (tokens.md 1.3).

use crate::clock::read_rfc3339;

/// Money that is to move.
#[derive(Clone, Debug)]
pub(super) struct Money {
    /// In minor units.
    pub(super) amount: i64,
    /// `payment_transaction_reference`.
    pub(super) reference: Option<String>,
}

/// The customer token that is asked for.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) scopes: Vec<String>,
    pub(super) reference: Option<String>,
}

/// How the customer may be asked.
#[derive(Clone, Debug)]
pub(super) struct StepUp {
    /// `payment_request_reference`.
    pub(super) reference: Option<String>,
    /// Where the customer returns to, in the browser or in an app.
    pub(super) return_url: Option<String>,
    /// `interaction_expiry`: a moment, or a span from now.
    pub(super) expiry: Option<Expiry>,
}

/// A Payment Request's own end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expiry {
    At { unix_ms: i64 },
    After { ms: i64 },
}

impl Expiry {
    /// Reads an RFC 3339 moment or an ISO 8601 span; which of both Klarna means is not known.
    pub(super) fn read(text: &str) -> Option<Self> {
        if let Some(unix_ms) = read_rfc3339(text) {
            return Some(Self::At { unix_ms });
        }
        let span = text.parse::<jiff::SignedDuration>().ok()?;
        let ms = i64::try_from(span.as_millis()).ok().filter(|ms| *ms > 0)?;
        Some(Self::After { ms })
    }

    pub(super) const fn moment_ms(self, now_ms: i64) -> i64 {
        match self {
            Self::At { unix_ms } => unix_ms,
            Self::After { ms } => now_ms.saturating_add(ms),
        }
    }
}

/// Everything that a body asks for.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) currency: String,
    pub(super) money: Option<Money>,
    pub(super) asked: Option<Asked>,
    pub(super) step_up: Option<StepUp>,
    /// Whether `subscriptions` holds something.
    pub(super) subscriptions: bool,
    /// Whether `ondemand_service` is there.
    pub(super) on_demand: bool,
    pub(super) supplementary: bool,
    pub(super) customer: bool,
    /// The customer's e-mail, as far as the body tells it.
    pub(super) email: String,
}

impl Order {
    pub(super) fn amount(&self) -> Option<i64> {
        self.money.as_ref().map(|money| money.amount)
    }
}

#[cfg(test)]
mod tests {
    use super::Expiry;

    #[test]
    fn an_expiry_is_a_moment_or_a_span() {
        let moment = Expiry::read("2026-01-01T00:00:00Z").map(|one| one.moment_ms(5));
        assert_eq!(moment, Some(1_767_225_600_000), "a moment stands by itself");
        let span = Expiry::read("PT30M").map(|one| one.moment_ms(5));
        assert_eq!(span, Some(1_800_005), "a span counts from now");
        assert_eq!(Expiry::read("soon"), None, "a word is neither");
    }
}
