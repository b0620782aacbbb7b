//! Secret bytes: wiped on drop, printed as `<redacted>`.
//!
//! Deliberately absent: `Serialize`, `Display`, `Deref`, equality. Reading the bytes is always the visible word `expose`.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Bytes that must not be seen: a key, a passphrase, an API key.
#[derive(Clone)]
pub struct SecretBytes(Zeroizing<Vec<u8>>);

impl SecretBytes {
    /// Takes over the bytes; the vector's buffer is wiped when this is dropped.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Takes over bytes that are wiped on drop already, without a second copy.
    pub fn from_zeroizing(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    /// Copies the bytes; wiping the original stays with the caller.
    pub fn from_slice(bytes: &[u8]) -> Self {
        Self::new(bytes.to_vec())
    }

    /// Lends the bytes. Whoever copies them out wipes the copy.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// Lends the bytes as text, when they are UTF-8.
    pub fn expose_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// Wipes the bytes now.
    pub fn wipe(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

impl ZeroizeOnDrop for SecretBytes {}

const _: () = {
    const fn wiped_on_drop<T: ZeroizeOnDrop>() {}
    wiped_on_drop::<Zeroizing<Vec<u8>>>();
    wiped_on_drop::<SecretBytes>();
};
