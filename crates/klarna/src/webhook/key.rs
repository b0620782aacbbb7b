//! A signing key of webhooks: its id, and the secret that Klarna shows once (tokens.md 7.1).
//!
//! Several are kept while they are rotated. Deliberately absent: making one.

use crate::secret::redacted;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

/// Says why texts are no signing key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookKeyRefusal {
    /// The id is empty or has spaces or control characters.
    #[error("The id of the signing key is empty or has spaces in it. Copy it from Klarna's answer.")]
    Id,
    /// The secret is empty or too long.
    #[error("The signing key is empty or longer than 4096 bytes. Copy it from Klarna's answer.")]
    Secret,
}

/// A signing key.
pub struct WebhookKey {
    id: String,
    secret: Zeroizing<String>,
}

redacted!(WebhookKey);

impl WebhookKey {
    /// Takes a key, white space around both parts removed, and wipes what was given.
    ///
    /// # Errors
    /// [`WebhookKeyRefusal`] names the part that is none.
    pub fn new(id: &str, mut given: String) -> Result<Self, WebhookKeyRefusal> {
        let secret = Zeroizing::new(given.trim().to_owned());
        given.zeroize();
        let id = id.trim();
        if id.is_empty() || id.len() > 255 || id.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(WebhookKeyRefusal::Id);
        }
        if secret.is_empty() || secret.len() > 4096 {
            return Err(WebhookKeyRefusal::Secret);
        }
        let id = id.to_owned();
        Ok(Self { id, secret })
    }

    /// Returns the id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Gives the secret away, for a key store; never for showing.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.secret
    }

    /// Tells whether a MAC is that of a body, in a time that does not tell where they differ.
    pub(super) fn made(&self, mac: &[u8], body: &[u8]) -> bool {
        self.begun(body).verify_slice(mac).is_ok()
    }

    /// The MAC of a body, as Klarna writes it: for a sender of test deliveries.
    #[must_use]
    pub fn sign(&self, body: &[u8]) -> String {
        hex::encode(self.begun(body).finalize().into_bytes())
    }

    fn begun(&self, body: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()).expect("HMAC takes a key of any length");
        mac.update(body);
        mac
    }
}
