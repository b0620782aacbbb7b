//! One credential as Klarna lists it: a client certificate or an API key (portal-access.md 6.3, 7).
//!
//! Klarna documents the list's name and no member of a line, so each may be missing, and one that is odd is as good as missing:
//! a line that cannot be read whole must not hide the others. Deliberately absent: the secret, which no list holds.

use crate::failure::{FailureKind, shape};
use crate::ids::CredentialId;
use crate::moment;
use crate::wire::read;
use serde::Deserialize;
use serde_json::Value;

/// The longest text that is kept.
const LONGEST: usize = 255;

/// What Klarna tells of one credential.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CredentialLine {
    /// Its id at Klarna.
    pub credential_id: Option<CredentialId>,
    /// What was written when it was made or renamed.
    pub description: Option<String>,
    /// Its state, in Klarna's words.
    pub state: Option<String>,
    /// What a certificate is for, in Klarna's words; see [`crate::CertificateUsage::as_str`].
    pub usage: Option<String>,
    /// A certificate's serial number as Klarna writes it.
    pub serial_number: Option<String>,
    /// When it was made, Unix seconds.
    pub created_unix_s: Option<i64>,
    /// When a certificate ends, Unix seconds.
    pub expires_unix_s: Option<i64>,
    /// From when on a certificate is revoked, Unix seconds; may lie ahead.
    pub revoked_from_unix_s: Option<i64>,
    /// Since when an API key is disabled, Unix seconds.
    pub disabled_unix_s: Option<i64>,
}

#[derive(Deserialize)]
struct ListWire {
    credentials: Option<Vec<Value>>,
}

/// Reads a list.
pub(crate) fn lines(body: &[u8]) -> Result<Vec<CredentialLine>, FailureKind> {
    let missing = FailureKind::AnswerShape(shape::CREDENTIALS_MISSING);
    let found = read::<ListWire>(body)?.credentials.ok_or(missing)?;
    Ok(found.iter().map(line).collect())
}

/// Reads a single one, which must be the one that was asked for where it names itself.
pub(crate) fn one(body: &[u8], asked: &CredentialId) -> Result<CredentialLine, FailureKind> {
    let value: Value = read(body)?;
    if !value.is_object() {
        return Err(FailureKind::AnswerShape(shape::MEMBER_TYPE));
    }
    let line = line(&value);
    match &line.credential_id {
        Some(id) if id != asked => Err(FailureKind::AnswerShape(shape::OTHER_CREDENTIAL)),
        Some(_) | None => Ok(line),
    }
}

fn line(value: &Value) -> CredentialLine {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let kept = |text: &str| text.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    let usage = value.pointer("/config/usage").or_else(|| value.get("usage"));
    let moment = |name: &str| text(name).and_then(moment::read);
    CredentialLine {
        credential_id: text("credential_id").and_then(|id| CredentialId::parse(id).ok()),
        description: text("description").map(kept),
        state: text("state").map(kept),
        usage: usage.and_then(Value::as_str).map(kept),
        serial_number: text("serial_number").map(kept),
        created_unix_s: moment("created_at"),
        expires_unix_s: moment("expires_at"),
        revoked_from_unix_s: moment("revoked_from"),
        disabled_unix_s: moment("disabled_at"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_line_does_not_hide_the_others() {
        let body =
            br#"{"credentials":[7,{"credential_id":"a/b","state":1},{"credential_id":"krn:x","state":"ACTIVE"}]}"#;
        let lines = lines(body).unwrap();
        assert_eq!(lines.len(), 3, "each line is listed");
        assert_eq!(lines[1], CredentialLine::default(), "what is odd is left out");
        assert_eq!(lines[2].state.as_deref(), Some("ACTIVE"), "the good one is whole");
    }

    #[test]
    fn answer_about_another_credential_is_unusable() {
        let asked = CredentialId::parse("krn:a").unwrap();
        let other = one(br#"{"credential_id":"krn:b"}"#, &asked);
        assert_eq!(
            other,
            Err(FailureKind::AnswerShape(shape::OTHER_CREDENTIAL)),
            "it names another one"
        );
        assert!(one(b"{}", &asked).is_ok(), "an answer without a name is taken");
        assert!(one(b"[]", &asked).is_err(), "a list is no credential");
    }
}
