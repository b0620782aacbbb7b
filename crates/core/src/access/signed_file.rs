//! The frame of every file that one person's Gatehouse gives to another's: canonical JSON, signed by a person key.
//!
//! One line, so that it can be sent as text as well. The format's name stands before the signed bytes, so that a signature fits no other
//! kind of file. Deliberately absent: whom to trust.

use gatehouse_audit::canonical::{self, CanonicalFault};
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::acts::PersonKey;
use crate::problem::{ErrorCode, Problem};
use crate::signature::{self, Broken};

const VERSION: i64 = 1;

/// One kind of file.
pub(crate) struct SignedFile {
    /// The member `format`.
    pub format: &'static str,
    /// What people call it.
    pub what: &'static str,
    /// The longest file.
    pub max: usize,
}

/// What stood in a file whose signature holds.
pub(crate) struct Signed {
    /// Its own members.
    pub members: Map<String, Value>,
    /// The signer's public key, hex.
    pub signer: String,
    /// The signature, hex.
    pub signature: String,
}

impl SignedFile {
    /// Signs members and answers the file's bytes.
    pub fn sign(&self, mut members: Map<String, Value>, person: &PersonKey) -> Result<Vec<u8>, Problem> {
        members.insert("format".into(), self.format.into());
        members.insert("v".into(), VERSION.into());
        signature::sign(&self.context(), &mut members, person, self.max).map_err(|cause| self.unwritten(&cause))?;
        let mut bytes = self.write(&members)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Reads a file whose signature holds.
    ///
    /// A text that was copied may lack the end of its line.
    pub fn read(&self, bytes: &[u8]) -> Result<Signed, Problem> {
        let bytes = bytes.trim_ascii();
        let mut members =
            canonical::parse(bytes, self.max).map_err(|fault| self.damaged(&format!("In it, {fault}.")))?;
        if members.get("format").and_then(Value::as_str) != Some(self.format) {
            return Err(self.damaged(&format!("It is no {} of Gatehouse.", self.what)));
        }
        if members.get("v").and_then(Value::as_i64) != Some(VERSION) {
            return Err(self.damaged("It was written by a newer Gatehouse."));
        }
        let (signer, signature) = (self.text(&members, "signer")?, self.text(&members, "signature")?);
        signature::verify(&self.context(), &members, self.max).map_err(|_| self.damaged(Broken::Changed.text()))?;
        for frame in ["format", "v", "signer", "signature"] {
            members.remove(frame);
        }
        Ok(Signed {
            members,
            signer,
            signature,
        })
    }

    /// A member that is a text.
    pub fn text(&self, members: &Map<String, Value>, name: &str) -> Result<String, Problem> {
        let text = members.get(name).and_then(Value::as_str).map(str::to_owned);
        text.ok_or_else(|| self.damaged(&format!("It lacks {name}.")))
    }

    /// A member that is a moment, in Unix milliseconds.
    pub fn moment(&self, members: &Map<String, Value>, name: &str) -> Result<i64, Problem> {
        let text = self.text(members, name)?;
        unix_ms(&text).ok_or_else(|| self.damaged(&format!("Its {name} is no time.")))
    }

    /// The problem of a file that is not as it was signed.
    pub fn damaged(&self, why: &str) -> Problem {
        Problem::new(
            ErrorCode::PlanDamaged,
            format!("The {} cannot be used. {why}", self.what),
            format!("Ask for the {} once more, and carry it unchanged.", self.what),
        )
    }

    fn context(&self) -> String {
        format!("{}/v{VERSION}\n", self.format)
    }

    fn write(&self, members: &Map<String, Value>) -> Result<Vec<u8>, Problem> {
        canonical::write(members, self.max).map_err(|cause| self.unwritten(&cause))
    }

    fn unwritten(&self, cause: &CanonicalFault) -> Problem {
        Problem::new(
            ErrorCode::InputInvalid,
            format!("The {} cannot be written: {cause}.", self.what),
            "Make it smaller, in two or more parts.",
        )
    }
}

/// The format that a file says it is of, before anything of it is checked; nothing for what is no such file.
pub(crate) fn format_of(bytes: &[u8]) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Named {
        format: String,
    }
    let named: Named = serde_json::from_slice(bytes.trim_ascii()).ok()?;
    Some(named.format)
}

/// A moment as it stands in files: RFC 3339, UTC, milliseconds.
pub(crate) fn time(unix_ms: i64) -> String {
    Timestamp::from_millisecond(unix_ms).map_or_else(|_| String::new(), |at| format!("{at:.3}"))
}

/// A moment that a file wrote; nothing for any other form of it.
pub(crate) fn unix_ms(text: &str) -> Option<i64> {
    let at = text.parse::<Timestamp>().ok()?.as_millisecond();
    (time(at) == text).then_some(at)
}
