//! The cookie's secret, and what is made from it: the row's key, the seal, and the token of a form.
//!
//! HKDF-SHA-256 in one expansion for each purpose, so that none tells of another. The secret itself is nowhere but in the
//! browser; a store alone opens nothing.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::Phase;

const SECRET: usize = 32;
const NONCE: usize = 24;
const SALT: &[u8] = b"gatehouse.bridge.1";

/// What the browser holds of a sign-in.
pub struct Ticket {
    secret: Zeroizing<[u8; SECRET]>,
    pseudo_random: Zeroizing<[u8; 32]>,
}

impl Ticket {
    /// A fresh one.
    #[must_use]
    pub fn new(fill: fn(&mut [u8])) -> Self {
        let mut secret = Zeroizing::new([0; SECRET]);
        fill(secret.as_mut_slice());
        Self::of(secret)
    }

    /// Reads a cookie's value.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).ok()?);
        let mut secret = Zeroizing::new([0; SECRET]);
        if bytes.len() != SECRET {
            return None;
        }
        secret.copy_from_slice(&bytes);
        Some(Self::of(secret))
    }

    /// The cookie's value.
    #[must_use]
    pub fn cookie(&self) -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE_NO_PAD.encode(self.secret.as_slice()))
    }

    /// What finds the row.
    #[must_use]
    pub fn key(&self) -> [u8; 32] {
        *self.expand(b"row")
    }

    /// What a form must carry, so that no other page can send it.
    #[must_use]
    pub fn form_token(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.expand(b"form").as_slice())
    }

    /// Whether a form carries the right token, in the same time for every wrong one.
    #[must_use]
    pub fn is_form_token(&self, given: &str) -> bool {
        let Ok(given) = URL_SAFE_NO_PAD.decode(given) else {
            return false;
        };
        same(&given, self.expand(b"form").as_slice())
    }

    /// Seals what is kept of a phase.
    ///
    /// # Panics
    /// Never: structs of texts are JSON, and a buffer in memory can be sealed.
    #[must_use]
    pub fn seal(&self, phase: Phase, kept: &impl Serialize, fill: fn(&mut [u8])) -> Vec<u8> {
        let plain = Zeroizing::new(serde_json::to_vec(kept).expect("structs of texts are JSON"));
        let mut nonce = [0; NONCE];
        fill(&mut nonce);
        let payload = Payload {
            msg: &plain,
            aad: &aad(phase),
        };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload);
        let mut row = nonce.to_vec();
        row.extend(sealed.expect("a buffer in memory can be sealed"));
        row
    }

    /// Opens what was sealed with the same cookie in the same phase.
    #[must_use]
    pub fn open<T: DeserializeOwned>(&self, phase: Phase, row: &[u8]) -> Option<T> {
        let (nonce, sealed) = row.split_at_checked(NONCE)?;
        let nonce: [u8; NONCE] = nonce.try_into().ok()?;
        let payload = Payload {
            msg: sealed,
            aad: &aad(phase),
        };
        let plain = Zeroizing::new(self.cipher().decrypt(&XNonce::from(nonce), payload).ok()?);
        serde_json::from_slice(&plain).ok()
    }

    fn of(secret: Zeroizing<[u8; SECRET]>) -> Self {
        let pseudo_random = Zeroizing::new(tag(SALT, &[secret.as_slice()]));
        Self { secret, pseudo_random }
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(*self.expand(b"seal")))
    }

    fn expand(&self, purpose: &[u8]) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(tag(self.pseudo_random.as_slice(), &[purpose, &[1]]))
    }
}

fn aad(phase: Phase) -> [u8; 9] {
    let mut aad = *b"gh.phase\0";
    aad[8] = u8::try_from(phase.number()).unwrap_or(0);
    aad
}

fn tag(key: &[u8], pieces: &[&[u8]]) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length");
    for piece in pieces {
        mac.update(piece);
    }
    mac.finalize().into_bytes().into()
}

/// Compares in the same time wherever the first difference is.
pub(crate) fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use gatehouse_core::fill_random;

    use super::*;

    #[test]
    fn only_the_same_cookie_in_the_same_phase_opens_a_row() {
        let ticket = Ticket::new(fill_random);
        let row = ticket.seal(Phase::Begun, &"secret words", fill_random);
        assert!(!row.windows(6).any(|bytes| bytes == b"secret"), "nothing lies in clear");
        let again = Ticket::parse(&ticket.cookie()).unwrap();
        assert_eq!(again.key(), ticket.key(), "the cookie finds the row");
        assert_eq!(
            again.open::<String>(Phase::Begun, &row).unwrap(),
            "secret words",
            "and opens it"
        );
        assert!(
            again.open::<String>(Phase::SignedIn, &row).is_none(),
            "not as another phase"
        );
        let other = Ticket::new(fill_random);
        assert_ne!(other.key(), ticket.key(), "another cookie does not find it");
        assert!(other.open::<String>(Phase::Begun, &row).is_none(), "nor open it");
        let mut changed = row.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert!(
            again.open::<String>(Phase::Begun, &changed).is_none(),
            "nor is a changed row opened"
        );
        assert!(again.open::<String>(Phase::Begun, &[]).is_none(), "nor an empty one");
    }

    #[test]
    fn a_form_token_belongs_to_one_cookie_and_tells_nothing_of_it() {
        let (one, other) = (Ticket::new(fill_random), Ticket::new(fill_random));
        assert!(one.is_form_token(&one.form_token()), "its own");
        assert!(!one.is_form_token(&other.form_token()), "not another's");
        assert!(!one.is_form_token(""), "not nothing");
        assert_ne!(one.form_token(), *one.cookie(), "it is not the cookie");
        assert_ne!(one.form_token(), URL_SAFE_NO_PAD.encode(one.key()), "nor the row's key");
    }

    #[test]
    fn a_cookie_of_another_shape_is_none() {
        for bad in ["", "x", "====", &"A".repeat(42), &"A".repeat(44), "\u{e4}"] {
            assert!(Ticket::parse(bad).is_none(), "{bad:?}");
        }
    }
}
