//! Klarna's error bodies: read leniently, because a refusal must be understood even when its shape is new.
//!
//! Members and codes as in portal-access.md 10.3; the old merchant APIs' members are taken where the new ones are missing.
//! Unknown members are ignored. Deliberately absent: meaning drawn from messages, which are for logs only.

use crate::customer_token::masked;
use serde_json::Value;
use zeroize::Zeroizing;

/// The longest text we keep from an error body.
const LONGEST: usize = 500;
/// The most parameters we keep from an error body.
const MOST_PARAMETERS: usize = 50;

macro_rules! error_codes {
    ($($variant:ident = $word:literal),+ $(,)?) => {
        /// Klarna's `error_code` (portal-access.md 10.3).
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum ErrorCode {
            $(#[doc = concat!("`", $word, "`")] $variant,)+
            /// A code that this version does not know, as it was written.
            Other(String),
        }

        impl ErrorCode {
            /// Reads a code; an unknown one is kept.
            #[must_use]
            pub fn from_word(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)+
                    other => Self::Other(clipped(other)),
                }
            }

            /// Returns the code as Klarna writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word,
                }
            }
        }
    };
}

error_codes! {
    ValidationError = "VALIDATION_ERROR",
    InvalidContentType = "INVALID_CONTENT_TYPE",
    Unauthorized = "UNAUTHORIZED",
    OperationForbidden = "OPERATION_FORBIDDEN",
    NotFound = "NOT_FOUND",
    ResourceNotFound = "RESOURCE_NOT_FOUND",
    ResourceConflict = "RESOURCE_CONFLICT",
    RateLimited = "RATE_LIMITED",
    InternalError = "INTERNAL_ERROR",
    ServerConfigurationError = "SERVER_CONFIGURATION_ERROR",
    Timeout = "TIMEOUT",
    TemporaryUnavailable = "TEMPORARY_UNAVAILABLE",
}

/// One member of `errors[]`: which parameter was refused, and Klarna's words about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterFault {
    /// The parameter's path, such as `jwt.exp`.
    pub parameter: String,
    /// Klarna's message; may be empty.
    pub message: String,
}

/// What an error body said. Texts are from outside and cut at 500 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// Klarna's id of this very error, to quote to Klarna; may be empty.
    pub error_id: String,
    /// The class, such as `INPUT_ERROR`; may be empty.
    pub error_type: String,
    /// The code to branch on.
    pub error_code: ErrorCode,
    /// Klarna's message, for logs.
    pub error_message: String,
    /// The parameters that were refused.
    pub parameters: Vec<ParameterFault>,
}

impl ApiError {
    /// Reads an error body; `None` when it is no JSON object or says nothing that we know.
    #[must_use]
    pub fn from_body(body: &[u8]) -> Option<Self> {
        let value: Value = serde_json::from_slice(body).ok()?;
        let known = [
            "error_id",
            "error_type",
            "error_code",
            "error_message",
            "correlation_id",
        ];
        if !known.iter().any(|name| value.get(name).is_some_and(Value::is_string)) {
            return None;
        }
        Some(Self {
            error_id: first_text(&value, &["error_id", "correlation_id"]),
            error_type: first_text(&value, &["error_type"]),
            error_code: ErrorCode::from_word(&first_text(&value, &["error_code"])),
            error_message: message(&value),
            parameters: parameters(&value),
        })
    }
}

impl ApiError {
    /// Takes secrets out of every text, should the answer quote them.
    pub(crate) fn without(mut self, secrets: &[Zeroizing<String>]) -> Self {
        let texts = [&mut self.error_id, &mut self.error_type, &mut self.error_message];
        texts.into_iter().for_each(|text| hide(text, secrets));
        if let ErrorCode::Other(word) = &mut self.error_code {
            hide(word, secrets);
        }
        for fault in &mut self.parameters {
            hide(&mut fault.parameter, secrets);
            hide(&mut fault.message, secrets);
        }
        self
    }
}

/// Writes `…` for each secret, in whatever case it stands, and for what the cut at the text's end left of one.
fn hide(text: &mut String, secrets: &[Zeroizing<String>]) {
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        let wanted = Zeroizing::new(secret.to_ascii_lowercase());
        let lower = Zeroizing::new(text.to_ascii_lowercase());
        let mut places: Vec<_> = lower.match_indices(wanted.as_str()).map(|(at, _)| at).collect();
        while let Some(at) = places.pop() {
            text.replace_range(at..at + wanted.len(), "…");
        }
        let left = (8..wanted.len()).rev().find(|&length| {
            let head = wanted.get(..length);
            head.is_some_and(|head| lower.ends_with(head) && text.len() >= length)
        });
        let at = left.and_then(|length| text.len().checked_sub(length));
        let begins = |at: &usize| {
            let tail = text.get(*at..).map(str::to_ascii_lowercase);
            tail.as_deref() == wanted.get(..text.len() - at)
        };
        if let Some(at) = at.filter(begins) {
            text.truncate(at);
            text.push('…');
        }
    }
}

fn first_text(value: &Value, names: &[&str]) -> String {
    let found = names.iter().find_map(|name| value.get(name).and_then(Value::as_str));
    clipped(found.unwrap_or_default())
}

fn message(value: &Value) -> String {
    let old = || {
        let list = value.get("error_messages").and_then(Value::as_array)?;
        Some(
            list.iter()
                .filter_map(Value::as_str)
                .take(MOST_PARAMETERS)
                .collect::<Vec<_>>()
                .join("; "),
        )
    };
    let new = value
        .get("error_message")
        .and_then(Value::as_str)
        .map(ToOwned::to_owned);
    clipped(&new.or_else(old).unwrap_or_default())
}

fn parameters(value: &Value) -> Vec<ParameterFault> {
    // The prose calls the list `errors`, a copy of the specification `validation_errors` (tokens.md 1.7).
    let lists = ["errors", "validation_errors"].map(|name| value.get(name).and_then(Value::as_array));
    let list = lists.into_iter().flatten().flatten();
    list.take(MOST_PARAMETERS)
        .filter_map(|fault| {
            let parameter = clipped(fault.get("parameter")?.as_str()?);
            Some(ParameterFault {
                parameter,
                message: first_text(fault, &["error_message"]),
            })
        })
        .collect()
}

/// Takes out control characters, network tokens that the text quotes, and what is beyond the longest.
fn clipped(text: &str) -> String {
    let text = if text.contains("token") || text.contains("TOKEN") {
        masked(text)
    } else {
        text.to_owned()
    };
    text.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}
