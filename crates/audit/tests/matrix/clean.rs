//! Canonical bytes of a value, for bodies that a forger writes properly.

use serde_json::Value;

/// The canonical form; members are sorted because `serde_json` keeps them so.
pub fn canonical(value: &Value) -> Vec<u8> {
    serde_json_canonicalizer::to_vec(value).unwrap()
}
