//! Writing and reading Klarna's JSON: unknown members ignored, and each way of being unusable named.
//!
//! Deliberately absent: a schema; only the members that are used are looked at.

use crate::failure::{FailureKind, shape};
use crate::ids::CredentialId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

/// Writes a body made of checked texts.
pub(crate) fn json(body: &impl Serialize) -> Zeroizing<String> {
    let text = serde_json::to_string(body).expect("structs of texts and lists always serialise");
    Zeroizing::new(text)
}

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

/// The id of a credential when there is a usable one.
pub(crate) fn credential_id(text: Option<String>) -> Result<CredentialId, FailureKind> {
    let missing = FailureKind::AnswerShape(shape::CREDENTIAL_ID_MISSING);
    text.and_then(|text| CredentialId::parse(&text).ok()).ok_or(missing)
}
