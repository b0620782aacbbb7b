//! Reading Klarna's JSON: unknown members ignored, and each way of being unusable named.
//!
//! Deliberately absent: a schema; only the members that are used are looked at.

use crate::failure::{FailureKind, shape};
use serde::de::DeserializeOwned;

/// Reads the members that `T` asks for.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, FailureKind> {
    serde_json::from_slice(body).map_err(|failure| {
        if failure.is_data() {
            FailureKind::AnswerShape(shape::MEMBER_TYPE)
        } else {
            FailureKind::NotJson
        }
    })
}

/// The text when there is one that is not empty.
pub(crate) fn present(text: Option<String>, missing: &'static str) -> Result<String, FailureKind> {
    text.filter(|text| !text.is_empty())
        .ok_or(FailureKind::AnswerShape(missing))
}
