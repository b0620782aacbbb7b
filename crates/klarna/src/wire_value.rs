//! Answers that may hold tokens anywhere: read as a whole, looked into leniently, and wiped when done.
//!
//! The token answers of the three generations nest differently (tokens.md 1.5, 2.1, 7.3), so they are looked into by name.
//! Deliberately absent: a failure for a member that is odd but not needed; money may have moved, and the rest of the answer
//! must not be lost for it.

use crate::customer_token::{CustomerToken, Purposes};
use crate::failure::{FailureKind, shape};
use crate::moment;
use serde_json::Value;
use zeroize::Zeroize;

/// The longest text that is taken from an answer.
const LONGEST: usize = 500;

/// A JSON object whose texts are wiped when it is dropped.
pub(crate) struct Wiped {
    value: Value,
}

impl Wiped {
    /// Reads any JSON.
    pub(crate) fn any(body: &[u8]) -> Result<Self, FailureKind> {
        let value: Value = serde_json::from_slice(body).map_err(|_| FailureKind::NotJson)?;
        Ok(Self { value })
    }

    /// Reads an object.
    pub(crate) fn object(body: &[u8]) -> Result<Self, FailureKind> {
        let whole = Self::any(body)?;
        if whole.value.is_object() {
            Ok(whole)
        } else {
            Err(FailureKind::AnswerShape(shape::MEMBER_TYPE))
        }
    }

    pub(crate) const fn value(&self) -> &Value {
        &self.value
    }
}

impl Drop for Wiped {
    fn drop(&mut self) {
        wipe(&mut self.value);
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(list) => list.iter_mut().for_each(wipe),
        Value::Object(members) => members.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A member that is an object.
pub(crate) fn object<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    value.get(name).filter(|member| member.is_object())
}

/// A text that is not empty, without control characters, cut at 500.
pub(crate) fn text(value: &Value, name: &str) -> Option<String> {
    let text = value.get(name)?.as_str()?;
    let text: String = text.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    (!text.is_empty()).then_some(text)
}

/// A text that is not empty, as it is: for secrets and addresses, which are checked by their types.
pub(crate) fn raw<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str().filter(|text| !text.is_empty())
}

/// A whole number.
pub(crate) fn number(value: &Value, name: &str) -> Option<i64> {
    value.get(name)?.as_i64()
}

/// A moment in Unix seconds.
pub(crate) fn moment(value: &Value, name: &str) -> Option<i64> {
    moment::read(value.get(name)?.as_str()?)
}

/// Klarna's `scopes`; nothing when it did not say.
pub(crate) fn purposes(value: &Value) -> Purposes {
    let list = value.get("scopes").and_then(Value::as_array);
    Purposes::from_words(list.into_iter().flatten().filter_map(Value::as_str))
}

/// A member that is a customer token.
pub(crate) fn token(value: &Value, name: &str) -> Option<CustomerToken> {
    CustomerToken::parse(raw(value, name)?.to_owned()).ok()
}
