//! XChaCha20-Poly1305 with a random nonce in front: the one place that seals what rests on disk or in a key store.
//!
//! ```text
//! 0  24  nonce, new at each sealing
//! 24  …  ciphertext and tag
//! ```
//!
//! A nonce of 24 random bytes never repeats in practice, so no counter has to be kept (draft-irtf-cfrg-xchacha). What a sealed thing
//! belongs to goes into `covered`, so that it opens nowhere else. Deliberately absent: where keys come from.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

/// How many bytes a sealed text is longer than the plain one.
pub(crate) const OVERHEAD: usize = NONCE + 16;

const NONCE: usize = 24;

/// Seals a text; `None` for one of more than 256 GiB, which nobody has.
pub(crate) fn seal(key: &[u8; 32], covered: &[u8], plain: &[u8], fill: fn(&mut [u8])) -> Option<Vec<u8>> {
    let mut nonce = [0_u8; NONCE];
    fill(&mut nonce);
    let payload = Payload {
        msg: plain,
        aad: covered,
    };
    let sealed = cipher(key).encrypt(&XNonce::from(nonce), payload).ok()?;
    Some([&nonce[..], &sealed].concat())
}

/// Opens a text; `None` for one that was changed, cut, or sealed with another key or for another place.
pub(crate) fn open(key: &[u8; 32], covered: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, body) = sealed.split_first_chunk::<NONCE>()?;
    let payload = Payload {
        msg: body,
        aad: covered,
    };
    cipher(key)
        .decrypt(&XNonce::from(*nonce), payload)
        .ok()
        .map(Zeroizing::new)
}

fn cipher(key: &[u8; 32]) -> XChaCha20Poly1305 {
    let key: &Key = key.into();
    XChaCha20Poly1305::new(key)
}

#[cfg(test)]
mod tests;
