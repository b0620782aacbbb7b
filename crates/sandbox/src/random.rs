//! Randomness as a parameter, with the few shapes that the sandbox needs.
//!
//! Keys, serial numbers, ids and one-time tokens all come through here, so that a test may supply its own bytes.
//! There is no seeded generator: merchants are computed from a seed elsewhere and are no secret.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use p256::ecdsa::SigningKey;
use uuid::Uuid;

/// Fills a buffer with random bytes.
pub type RandomSource = fn(&mut [u8]);

/// Fills from the operating system's generator.
pub fn system_random(buffer: &mut [u8]) {
    getrandom::fill(buffer).expect("the operating system's random generator works");
}

/// The random shapes in use.
#[derive(Clone, Copy)]
pub(crate) struct Random(pub(crate) RandomSource);

impl Random {
    pub(crate) fn bytes<const N: usize>(self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.0)(&mut bytes);
        bytes
    }

    pub(crate) fn uuid(self) -> Uuid {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid()
    }

    /// 256 random bits that fit into an address.
    pub(crate) fn token(self) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes::<32>())
    }

    /// A P-256 key; the few byte strings that are no scalar are drawn again.
    pub(crate) fn signing_key(self) -> SigningKey {
        loop {
            if let Ok(key) = SigningKey::from_slice(&self.bytes::<32>()) {
                return key;
            }
        }
    }
}
