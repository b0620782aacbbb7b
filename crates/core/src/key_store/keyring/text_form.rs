//! How a binary secret is stored where only text is safe: KWallet keeps UTF-8 only (stack.md rule 5).
//!
//! Printable ASCII is stored as it is, so that the owner can read an item with the system's own tools; everything else as base64 behind a
//! mark. Reading takes both forms, so that an item written before the mark existed, or by hand, stays readable.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::key_store::{KeyStoreError, SecretBytes};

const MARK: &[u8] = b"base64:";

/// Puts a secret into text.
pub(super) fn encode(secret: &SecretBytes) -> SecretBytes {
    let bytes = secret.expose();
    let printable = bytes.iter().all(|b| b.is_ascii_graphic() || matches!(b, b' ' | b'\n'));
    if printable && !bytes.is_empty() && !bytes.starts_with(MARK) {
        return secret.clone();
    }
    let encoded = Zeroizing::new(STANDARD.encode(bytes));
    let mut text = Vec::with_capacity(MARK.len() + encoded.len());
    text.extend_from_slice(MARK);
    text.extend_from_slice(encoded.as_bytes());
    SecretBytes::new(text)
}

/// Takes a secret out of its text.
pub(super) fn decode(stored: SecretBytes) -> Result<SecretBytes, KeyStoreError> {
    let Some(encoded) = stored.expose().strip_prefix(MARK) else {
        return Ok(stored);
    };
    match STANDARD.decode(encoded) {
        Ok(bytes) => Ok(SecretBytes::new(bytes)),
        Err(_) => Err(KeyStoreError::Damaged(
            "an item is marked as base64 and is not".to_owned(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_string_comes_back() {
        let cases: [&[u8]; 6] = [
            b"",
            b"text",
            b"base64:",
            b"base64:AAAA",
            &[0, 255, 10],
            "grüße".as_bytes(),
        ];
        for case in cases {
            let stored = encode(&SecretBytes::from_slice(case));
            assert!(
                std::str::from_utf8(stored.expose()).is_ok(),
                "what is stored is text, for {case:?}"
            );
            assert!(
                !stored.expose().is_empty(),
                "no store is given an empty item, for {case:?}"
            );
            assert_eq!(decode(stored).unwrap().expose(), case, "and it comes back as it was");
        }
    }

    #[test]
    fn printable_text_is_stored_readably() {
        let stored = encode(&SecretBytes::from_slice(b"klarna_test_api_x"));
        assert_eq!(
            stored.expose(),
            b"klarna_test_api_x",
            "the owner can read it with the system's tools"
        );
    }

    #[test]
    fn a_broken_mark_is_damage() {
        let stored = SecretBytes::from_slice(b"base64:*");
        assert!(
            matches!(decode(stored), Err(KeyStoreError::Damaged(_))),
            "an item that was edited by hand is told as such"
        );
    }
}
