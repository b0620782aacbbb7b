//! The items inside a sealed file: account and secret, each with its length in front, sorted by account.
//!
//! The buffer is sized before it is filled, so no half-grown copy of a secret is left behind on the heap.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use crate::key_store::{KeyStoreError, MAX_SECRET_LEN, SecretBytes};

/// All items of a sealed file, opened.
#[derive(Default)]
pub(super) struct Contents(BTreeMap<String, SecretBytes>);

impl Contents {
    pub(super) fn put(&mut self, account: &str, secret: SecretBytes) {
        self.0.insert(account.to_owned(), secret);
    }

    pub(super) fn take(&mut self, account: &str) -> Option<SecretBytes> {
        self.0.remove(account)
    }

    pub(super) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let len = self
            .0
            .iter()
            .map(|(account, secret)| 4 + account.len() + secret.expose().len())
            .sum();
        let mut bytes = Zeroizing::new(Vec::with_capacity(len));
        for (account, secret) in &self.0 {
            for part in [account.as_bytes(), secret.expose()] {
                let len = u16::try_from(part.len()).expect("names and secrets are limited to far less than 64 KiB");
                bytes.extend_from_slice(&len.to_le_bytes());
                bytes.extend_from_slice(part);
            }
        }
        bytes
    }

    pub(super) fn from_bytes(mut bytes: &[u8]) -> Result<Self, KeyStoreError> {
        let mut items = BTreeMap::new();
        while !bytes.is_empty() {
            let account = part(&mut bytes)?;
            let secret = part(&mut bytes)?;
            let account = std::str::from_utf8(account).map_err(|_| not_ours())?;
            if secret.len() > MAX_SECRET_LEN
                || items
                    .insert(account.to_owned(), SecretBytes::from_slice(secret))
                    .is_some()
            {
                return Err(not_ours());
            }
        }
        Ok(Self(items))
    }
}

fn part<'a>(bytes: &mut &'a [u8]) -> Result<&'a [u8], KeyStoreError> {
    let (len, rest) = bytes.split_first_chunk::<2>().ok_or_else(not_ours)?;
    let (part, rest) = rest
        .split_at_checked(usize::from(u16::from_le_bytes(*len)))
        .ok_or_else(not_ours)?;
    *bytes = rest;
    Ok(part)
}

fn not_ours() -> KeyStoreError {
    KeyStoreError::Damaged("the key file opens, but its items have a form that is not ours".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_come_back_and_odd_bytes_are_refused() {
        let mut contents = Contents::default();
        contents.put("a", SecretBytes::from_slice(b"one"));
        contents.put("b", SecretBytes::from_slice(b""));
        let bytes = contents.to_bytes();
        assert_eq!(
            bytes.len(),
            bytes.capacity(),
            "the buffer never grew, so no copy was left behind"
        );
        let mut read = Contents::from_bytes(&bytes).unwrap();
        assert_eq!(read.take("a").unwrap().expose(), b"one", "an item comes back");
        assert_eq!(read.take("b").unwrap().expose(), b"", "an empty one too");
        for cut in [1, 2, 4, bytes.len() - 1] {
            assert!(Contents::from_bytes(&bytes[..cut]).is_err(), "cut after {cut} bytes");
        }
        let twice = [&bytes[..], &bytes[..]].concat();
        assert!(
            Contents::from_bytes(&twice).is_err(),
            "one name cannot stand for two secrets"
        );
    }
}
