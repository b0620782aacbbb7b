//! Writing and reading Klarna's JSON: unknown members ignored, and each way of being unusable named.
//!
//! Deliberately absent: a schema; only the members that are used are looked at.

use crate::failure::{FailureKind, shape};
use crate::ids::CredentialId;
use crate::secret::SignedJwt;
use crate::session_token::SessionToken;
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

/// Writes a body made of checked texts, into the room it needs: a buffer that grows would leave copies behind.
pub(crate) fn json(body: &impl Serialize) -> Zeroizing<String> {
    const ALWAYS: &str = "structs of texts and lists always serialise";
    let mut length = Length(0);
    serde_json::to_writer(&mut length, body).expect(ALWAYS);
    let mut bytes = Vec::with_capacity(length.0);
    serde_json::to_writer(&mut bytes, body).expect(ALWAYS);
    Zeroizing::new(String::from_utf8(bytes).expect("JSON is written as UTF-8"))
}

/// Counts what is written to it.
struct Length(usize);

impl std::io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The body of a signed call: the token and nothing else.
///
/// Base64url and dots need no escaping, so the token is written in place and leaves no copy behind.
pub(crate) fn signed(jwt: &SignedJwt) -> Zeroizing<String> {
    let jwt = jwt.expose();
    let mut body = Zeroizing::new(String::with_capacity(jwt.len() + 16));
    body.push_str(r#"{"jwt":""#);
    body.push_str(jwt);
    body.push_str(r#""}"#);
    body
}

/// The body of a signed call that a session token goes with; it needs no escaping either.
pub(crate) fn signed_with(jwt: &SignedJwt, token: &SessionToken) -> Zeroizing<String> {
    let plain = signed(jwt);
    token.in_claims(&plain)
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
