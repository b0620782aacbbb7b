//! One entry as a line of `entries.jsonl`: canonical JSON, written straight.

use gatehouse_audit::StoredEntry;
use gatehouse_audit::tree::Hash;

use crate::audit_export::raw;

/// A line that is used again and again.
#[derive(Default)]
pub struct Line(Vec<u8>);

impl Line {
    /// An entry with its path and side row; nothing for bytes that are no entry.
    ///
    /// The names are in the canonical form's order.
    pub fn of(&mut self, entry: &StoredEntry<'_>, path: Option<&[Hash]>, redact: bool) -> Option<&[u8]> {
        let out = &mut self.0;
        out.clear();
        out.extend_from_slice(b"{\"body\":");
        string(out, raw::line(entry.body)?);
        if let Some(path) = path {
            out.extend_from_slice(b",\"path\":[");
            for (at, hash) in path.iter().enumerate() {
                out.extend_from_slice(if at == 0 { b"\"" } else { b",\"" });
                out.extend_from_slice(hex::encode(hash).as_bytes());
                out.push(b'"');
            }
            out.push(b']');
        }
        if let Some((salt, json)) = entry.private.filter(|_| !redact) {
            out.extend_from_slice(b",\"private\":{\"json\":");
            string(out, raw::line(json)?);
            out.extend_from_slice(b",\"salt\":\"");
            out.extend_from_slice(hex::encode(salt).as_bytes());
            out.extend_from_slice(b"\"}");
        }
        out.extend_from_slice(b",\"seq\":");
        out.extend_from_slice(entry.seq.to_string().as_bytes());
        out.extend_from_slice(b"}\n");
        Some(out)
    }
}

/// A string in RFC 8785's form.
fn string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    for byte in text.bytes() {
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            0x08 => out.extend_from_slice(b"\\b"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            0x0c => out.extend_from_slice(b"\\f"),
            b'\r' => out.extend_from_slice(b"\\r"),
            0..0x20 => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use gatehouse_audit::canonical;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    proptest! {
        #[test]
        fn a_line_is_the_canonical_form_of_what_it_says(said in any::<String>(), seq in 1_u64..1 << 40, hashes in prop::collection::vec(any::<[u8; 32]>(), 0..3)) {
            let body = json!({ "said": said }).to_string();
            let salt = [9; 32];
            let leaf = [1; 32];
            let entry = StoredEntry { seq, leaf: &leaf, body: body.as_bytes(), private: Some((&salt, body.as_bytes())) };
            let path: Vec<String> = hashes.iter().map(hex::encode).collect();
            let whole = json!({ "seq": seq, "body": body, "path": path, "private": { "salt": hex::encode(salt), "json": body } });
            let mut line = Line::default();
            let written = line.of(&entry, Some(&hashes), false).unwrap();
            let (last, object) = written.split_last().unwrap();
            prop_assert_eq!(*last, b'\n', "a line ends");
            let canonical = canonical::write(whole.as_object().unwrap(), 1 << 20).unwrap();
            prop_assert_eq!(object, canonical.as_slice(), "it is the canonical form");
        }
    }
}
