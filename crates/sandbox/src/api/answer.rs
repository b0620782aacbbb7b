//! Answers and refusals in Klarna's shapes (portal-access.md 10.3 and 14.2).
//!
//! A refusal is data until the pipeline writes it, since its `error_id` and the rolled-back transaction are not the
//! handler's business. Messages are for logs; clients branch on the code.

use serde_json::{Value, json};

/// One answer, before the headers that every answer carries.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Body,
}

/// What an answer carries.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    Empty,
    Json(String),
    Other { content_type: &'static str, bytes: Vec<u8> },
}

impl Answer {
    pub(crate) fn json(status: u16, value: &Value) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Body::Json(value.to_string()),
        }
    }

    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Body::Empty,
        }
    }

    pub(crate) fn other(status: u16, content_type: &'static str, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Body::Other {
                content_type,
                bytes: bytes.into(),
            },
        }
    }

    /// Renames the list of flaws of an error, as a copy of a specification has it (tokens.md 1.7).
    pub(crate) fn with_flaws_as(mut self, name: &str) -> Self {
        if let Body::Json(text) = &self.body
            && self.status == 400
            && let Ok(Value::Object(mut members)) = serde_json::from_str(text)
            && let Some(flaws) = members.remove("errors")
        {
            members.insert(name.to_owned(), flaws);
            self.body = Body::Json(Value::Object(members).to_string());
        }
        self
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// One entry of `errors[]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flaw {
    pub(crate) parameter: String,
    pub(crate) message: String,
}

/// Makes one entry of `errors[]`.
pub(crate) fn flaw(parameter: impl Into<String>, message: impl Into<String>) -> Flaw {
    Flaw {
        parameter: parameter.into(),
        message: message.into(),
    }
}

/// An error answer before it is written.
#[derive(Clone, Debug)]
pub(crate) struct ApiError {
    pub(crate) status: u16,
    pub(crate) error_type: Option<&'static str>,
    pub(crate) error_code: &'static str,
    pub(crate) message: String,
    pub(crate) flaws: Vec<Flaw>,
    /// Whether it is written as payments v1 writes errors (tokens.md 4.5).
    pub(crate) v1: bool,
    /// What recovers a failed charge of payments v1 (tokens.md 2.5).
    pub(crate) step_up_id: Option<String>,
}

/// Why a handler does not succeed.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// Klarna says no; what the handler wrote so far stands.
    Api(ApiError),
    /// The database failed; nothing stands.
    Store(rusqlite::Error),
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error)
    }
}

impl ApiError {
    pub(crate) fn of(status: u16, message: impl Into<String>) -> Self {
        let (error_type, error_code) = class(status);
        Self {
            status,
            error_type,
            error_code,
            message: message.into(),
            flaws: Vec::new(),
            v1: false,
            step_up_id: None,
        }
    }

    /// Replaces the code by another that Klarna knows (portal-access.md 10.3).
    pub(crate) fn with_code(mut self, code: Option<&str>) -> Self {
        const CODES: [&str; 4] = [
            "SERVER_CONFIGURATION_ERROR",
            "TIMEOUT",
            "INVALID_CONTENT_TYPE",
            "NOT_FOUND",
        ];
        self.error_code = CODES
            .into_iter()
            .find(|known| Some(*known) == code)
            .unwrap_or(self.error_code);
        self
    }

    fn v1_value(&self, error_id: &str) -> Value {
        let mut value =
            json!({"correlation_id": error_id, "error_code": self.error_code, "error_messages": [self.message]});
        if let Some(id) = &self.step_up_id {
            value["step_up_id"] = json!(id);
        }
        value
    }

    /// Writes the error as Klarna does; 413 and 431 have no documented body and get none.
    pub(crate) fn answer(&self, error_id: &str) -> Answer {
        if matches!(self.status, 413 | 431) {
            return Answer::empty(self.status);
        }
        if self.v1 {
            return Answer::json(self.status, &self.v1_value(error_id));
        }
        let mut value = json!({
            "error_id": error_id,
            "error_code": self.error_code,
            "error_message": self.message,
            "doc_url": DOC_URL,
        });
        if let Some(error_type) = self.error_type {
            value["error_type"] = json!(error_type);
        }
        if !self.flaws.is_empty() {
            let line =
                |flaw: &Flaw| json!({"parameter": flaw.parameter, "error_message": flaw.message, "doc_url": DOC_URL});
            value["errors"] = self.flaws.iter().map(line).collect();
        }
        Answer::json(self.status, &value)
    }
}

const DOC_URL: &str =
    "https://docs.klarna.com/klarna-network-distribution/setup-your-integration/integration-resilience/error-handling";

/// The type and code that go with a status unless a handler knows better.
fn class(status: u16) -> (Option<&'static str>, &'static str) {
    match status {
        401 => (Some("ACCESS_ERROR"), "UNAUTHORIZED"),
        403 => (Some("RESOURCE_ERROR"), "OPERATION_FORBIDDEN"),
        404 => (Some("RESOURCE_ERROR"), "RESOURCE_NOT_FOUND"),
        409 => (Some("RESOURCE_ERROR"), "RESOURCE_CONFLICT"),
        410 => (Some("RESOURCE_ERROR"), "RESOURCE_GONE"),
        429 => (Some("ACCESS_ERROR"), "RATE_LIMITED"),
        503 => (Some("TECHNICAL_ERROR"), "TEMPORARY_UNAVAILABLE"),
        500..=599 => (Some("TECHNICAL_ERROR"), "INTERNAL_ERROR"),
        _ => (Some("INPUT_ERROR"), "VALIDATION_ERROR"),
    }
}

/// 400 with every flaw that was found.
pub(crate) fn invalid_all(flaws: Vec<Flaw>) -> Refusal {
    Refusal::Api(ApiError {
        flaws,
        ..ApiError::of(400, "The request is not valid.")
    })
}

/// 400 with one flaw.
pub(crate) fn invalid(parameter: impl Into<String>, message: impl Into<String>) -> Refusal {
    invalid_all(vec![flaw(parameter, message)])
}

/// 400 for a wrong media type or malformed JSON.
pub(crate) fn unreadable(message: &str) -> Refusal {
    Refusal::Api(ApiError {
        error_code: "INVALID_CONTENT_TYPE",
        ..ApiError::of(400, message)
    })
}

pub(crate) fn unauthorized() -> Refusal {
    Refusal::Api(ApiError::of(401, "The API key is missing, wrong or disabled."))
}

pub(crate) fn forbidden(message: &str) -> Refusal {
    Refusal::Api(ApiError::of(403, message))
}

pub(crate) fn not_found(message: &str) -> Refusal {
    Refusal::Api(ApiError::of(404, message))
}

/// 404 for a route that does not exist; it has no type (portal-access.md 10.3).
pub(crate) fn no_route() -> ApiError {
    ApiError {
        error_type: None,
        error_code: "NOT_FOUND",
        ..ApiError::of(404, "There is no such operation.")
    }
}

/// 410 for what was and is no more; its code is invented (tokens.md 3.1).
pub(crate) fn gone(message: &str) -> Refusal {
    Refusal::Api(ApiError::of(410, message))
}

pub(crate) fn conflict(message: &str) -> Refusal {
    Refusal::Api(ApiError::of(409, message))
}
