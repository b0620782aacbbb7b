//! Which of the three known shapes a token has (tokens.md 6), and what else people paste by mistake.
//!
//! For showing and for warnings only: both documents call tokens opaque, so nothing is refused for its shape. Deliberately
//! absent: the environment of a network payment token, which does not say it; whoever keeps the token remembers it.

use crate::krn::{AccountKrn, Environment};

/// The family of a token, told by its shape.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TokenFamily {
    /// `krn:customer-token:<region>:<id>`: made by `authorizePayment`, charged through the network.
    NetworkPayment {
        /// Such as `eu1`.
        region: String,
    },
    /// `krn:partner:<region>:<env>:identity:customer-token:<id>`: made by account linking.
    NetworkLinking {
        /// Such as `eu1`, or `global`.
        region: String,
        /// The environment it says it is of.
        environment: Environment,
    },
    /// A bare UUID: payments v1.
    Classic,
    /// Another shape; kept and used as it is.
    Unknown,
}

/// What a pasted text seems to be instead of a customer token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MistakenFor {
    /// The id of an account.
    Account,
    /// An API key.
    ApiKey,
    /// A network session token, good for 60 minutes.
    SessionToken,
    /// The id of a payment request, a transaction or a webhook.
    OtherKrn,
    /// A signed token, such as a `client_token`.
    SignedToken,
}

impl TokenFamily {
    /// Returns the environment where the shape tells it.
    #[must_use]
    pub const fn environment(&self) -> Option<Environment> {
        match self {
            Self::NetworkLinking { environment, .. } => Some(*environment),
            Self::NetworkPayment { .. } | Self::Classic | Self::Unknown => None,
        }
    }

    /// Returns the region where the shape tells it.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        match self {
            Self::NetworkPayment { region } | Self::NetworkLinking { region, .. } => Some(region),
            Self::Classic | Self::Unknown => None,
        }
    }

    /// Returns the word for records: `network_payment`, `network_linking`, `v1`, `unknown`.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::NetworkPayment { .. } => "network_payment",
            Self::NetworkLinking { .. } => "network_linking",
            Self::Classic => "v1",
            Self::Unknown => "unknown",
        }
    }

    pub(super) fn of(text: &str) -> Self {
        let segments: Vec<&str> = text.split(':').collect();
        match segments.as_slice() {
            ["krn", "customer-token", region, id] if is_region(region) && is_id(id, 6, b"-") => Self::NetworkPayment {
                region: (*region).to_owned(),
            },
            ["krn", "partner", region, word, "identity", "customer-token", id]
                if (is_region(region) || *region == "global") && is_id(id, 8, b"-_") =>
            {
                Environment::from_word(word).map_or(Self::Unknown, |environment| Self::NetworkLinking {
                    region: (*region).to_owned(),
                    environment,
                })
            }
            [one] if is_uuid(one) => Self::Classic,
            _ => Self::Unknown,
        }
    }
}

impl MistakenFor {
    pub(super) fn of(text: &str) -> Option<Self> {
        if TokenFamily::of(text) != TokenFamily::Unknown {
            return None;
        }
        if AccountKrn::parse(text).is_ok() {
            Some(Self::Account)
        } else if text.starts_with("klarna_live_") || text.starts_with("klarna_test_") {
            Some(Self::ApiKey)
        } else if text.starts_with("krn:") && text.contains(":klarna-network-session-token:") {
            Some(Self::SessionToken)
        } else if text.starts_with("krn:") && !text.contains("customer-token") {
            Some(Self::OtherKrn)
        } else if text.starts_with("eyJ") && text.matches('.').count() == 2 {
            Some(Self::SignedToken)
        } else {
            None
        }
    }
}

/// Two small letters and a digit.
fn is_region(text: &str) -> bool {
    matches!(text.as_bytes(), [a, b, n] if a.is_ascii_lowercase() && b.is_ascii_lowercase() && n.is_ascii_digit())
}

fn is_id(text: &str, least: usize, more: &[u8]) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || more.contains(&byte);
    text.len() >= least && text.bytes().all(known)
}

/// The hyphenated form alone, in any case.
fn is_uuid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}
