//! Canonical bytes: JSON in the form of RFC 8785 (JCS), restricted so that any language can re-check it with integers and strings alone.
//!
//! Refused: floats, integers beyond 2^53-1, `null`, member names outside ASCII, duplicate members, more than [`MAX_DEPTH`] levels.
//! Deliberately absent: a tolerant reader. Bytes are either exactly canonical, or they are not an entry.

use std::fmt;

use serde::Serialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::{print, scan};

/// The longest entry in bytes.
pub const MAX_ENTRY: usize = 16 * 1024;
/// The longest private side row in bytes.
pub const MAX_PRIVATE: usize = 64 * 1024;
/// The deepest nesting: the entry's own object is level 1.
pub const MAX_DEPTH: usize = 16;
/// The largest integer that every JSON reader holds exactly: 2^53-1 (RFC 8785 appendix B, I-JSON).
pub const MAX_INTEGER: u64 = (1 << 53) - 1;

/// Why bytes or a value are not canonical.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalFault {
    /// More bytes than an entry or a side row may have.
    #[error("it is {len} bytes long, and at most {max} are allowed")]
    TooLong {
        /// Found.
        len: usize,
        /// Allowed.
        max: usize,
    },
    /// Not JSON, or JSON outside the restricted form; the text names the rule.
    #[error("{0}")]
    Outside(String),
    /// Sound JSON, but not written the one canonical way.
    #[error("its bytes are not the canonical form of what they say")]
    NotCanonical,
}

/// Reads canonical bytes: one object in the restricted form, and the very bytes that canonicalising it gives.
///
/// # Errors
/// Every deviation, named.
pub fn parse(bytes: &[u8], max: usize) -> Result<Map<String, Value>, CanonicalFault> {
    check_length(bytes.len(), max)?;
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Strict { depth: 0 }
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value))
        .map_err(|fault| CanonicalFault::Outside(format!("it is not restricted JSON: {fault}")))?;
    let Value::Object(object) = value else {
        return Err(CanonicalFault::Outside("it is not a JSON object".to_owned()));
    };
    if canonicalise(&object)? == bytes {
        Ok(object)
    } else {
        Err(CanonicalFault::NotCanonical)
    }
}

/// Checks that bytes are canonical, in one pass and without reading what they say; the verdict is [`parse`]'s.
///
/// # Errors
/// As [`parse`].
pub fn check(bytes: &[u8], max: usize) -> Result<(), CanonicalFault> {
    check_length(bytes.len(), max)?;
    if scan::object(bytes, &mut |_| ()) {
        return Ok(());
    }
    parse(bytes, max).map(drop)
}

/// Writes an object as canonical bytes.
///
/// # Errors
/// The value is outside the restricted form, or its bytes are more than `max`.
pub fn write(object: &Map<String, Value>, max: usize) -> Result<Vec<u8>, CanonicalFault> {
    let mut bytes = Vec::new();
    print::object(&mut bytes, object, 1)?;
    check_length(bytes.len(), max)?;
    Ok(bytes)
}

/// Checks an object against the restricted form; `depth` is the level at which it will stand.
///
/// # Errors
/// The first deviation, named.
pub fn check_object(object: &Map<String, Value>, depth: usize) -> Result<(), CanonicalFault> {
    check_depth(depth)?;
    object.iter().try_for_each(|(name, value)| {
        check_name(name)?;
        check_value(value, depth)
    })
}

fn check_value(value: &Value, depth: usize) -> Result<(), CanonicalFault> {
    match value {
        Value::Null => Err(outside("null has no place in an entry; absent members are left out")),
        Value::Bool(_) | Value::String(_) => Ok(()),
        Value::Number(number) => {
            let small = number.as_i64().is_some_and(|n| n.unsigned_abs() <= MAX_INTEGER);
            if small {
                Ok(())
            } else {
                Err(outside("a number is not an integer between -(2^53-1) and 2^53-1"))
            }
        }
        Value::Array(items) => {
            check_depth(depth + 1)?;
            items.iter().try_for_each(|item| check_value(item, depth + 1))
        }
        Value::Object(object) => check_object(object, depth + 1),
    }
}

/// Checks a member's name.
pub(crate) fn check_name(name: &str) -> Result<(), CanonicalFault> {
    let fine = !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic());
    if fine {
        Ok(())
    } else {
        Err(outside("a member name is not printable ASCII without blanks"))
    }
}

fn check_depth(depth: usize) -> Result<(), CanonicalFault> {
    if depth <= MAX_DEPTH {
        Ok(())
    } else {
        Err(outside("it is nested too deeply"))
    }
}

/// Checks a length against the most that is allowed.
pub(crate) const fn check_length(len: usize, max: usize) -> Result<(), CanonicalFault> {
    if len <= max {
        Ok(())
    } else {
        Err(CanonicalFault::TooLong { len, max })
    }
}

/// A fault of the form that has a text of its own.
pub(crate) fn outside(text: &str) -> CanonicalFault {
    CanonicalFault::Outside(text.to_owned())
}

fn canonicalise<T: Serialize>(value: &T) -> Result<Vec<u8>, CanonicalFault> {
    serde_json_canonicalizer::to_vec(value)
        .map_err(|fault| CanonicalFault::Outside(format!("it cannot be written canonically: {fault}")))
}

/// Reads a value and refuses, while reading, what a `serde_json::Value` could no longer tell: duplicate members, `1e0`, `-0`.
#[derive(Clone, Copy)]
struct Strict {
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, an integer up to 2^53-1, a boolean, an array or an object")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Value, E> {
        if value.unsigned_abs() <= MAX_INTEGER {
            Ok(Value::from(value))
        } else {
            Err(E::custom("an integer is beyond 2^53-1"))
        }
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Value, E> {
        if value <= MAX_INTEGER {
            Ok(Value::from(value))
        } else {
            Err(E::custom("an integer is beyond 2^53-1"))
        }
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = Self { depth: self.depth + 1 };
        check_depth(inner.depth).map_err(A::Error::custom)?;
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = Self { depth: self.depth + 1 };
        check_depth(inner.depth).map_err(A::Error::custom)?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            check_name(&name).map_err(A::Error::custom)?;
            let value = members.next_value_seed(inner)?;
            if object.insert(name, value).is_some() {
                return Err(A::Error::custom("a member stands twice"));
            }
        }
        Ok(Value::Object(object))
    }
}
