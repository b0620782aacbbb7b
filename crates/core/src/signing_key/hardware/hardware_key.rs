//! A P-256 key on a token, as a [`Signer`].
//!
//! Its public half is read once; the private one stays where it was made. Signatures carry the token's own randomness, so the same
//! message gets another one each time. Each is verified here before it leaves, because a token that fails half-way may answer noise.

use std::fmt;
use std::sync::{Arc, OnceLock};

use gatehouse_klarna::SignFailure;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::pkcs8::DecodePublicKey;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{HardwareFailure, KEY_LIMIT, SOFT_LIMIT, UnlockWindow};
use crate::signing_key::Signer;

/// The length of the random object id under which both halves of a key stand on the token.
const OBJECT_ID: usize = 16;

/// What can be said about a key on a token; all of it is public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HardwareKeyFacts {
    /// The name of the key: its JWK thumbprint (RFC 7638), by which it is found again.
    pub key_id: String,
    /// The label it was given.
    pub label: String,
    /// The serial number of its token.
    pub serial: String,
    /// The public half as SubjectPublicKeyInfo.
    #[serde(skip)]
    pub spki_der: Vec<u8>,
    #[serde(skip)]
    pub(super) object_id: Vec<u8>,
}

/// A key on a token.
pub struct HardwareKey {
    window: Arc<UnlockWindow>,
    key_id: String,
    spki_der: Vec<u8>,
    public: VerifyingKey,
    /// Under which the token has it; asked for at first use.
    object_id: OnceLock<Vec<u8>>,
}

impl HardwareKey {
    /// Makes a new key on the window's token: it signs, and can neither be read nor copied out of it.
    ///
    /// # Errors
    /// `PinNeeded` while the window is closed; `WriteProtected`, `Full`, `NotP256`; after `Slow`, look at
    /// [`HardwareModule::keys`](super::HardwareModule::keys) before making another one.
    pub fn make(
        window: &Arc<UnlockWindow>,
        label: &str,
        fill: &mut dyn FnMut(&mut [u8]),
    ) -> Result<Self, HardwareFailure> {
        let mut id = [0_u8; OBJECT_ID];
        fill(&mut id);
        let label = label.to_owned();
        let facts = window.with_pin(KEY_LIMIT, move |tokens, serial, pin| {
            tokens.make(serial, pin, &label, &id)
        })?;
        Ok(Self::listed(window, facts))
    }

    /// Finds a key again by its name. The window may be closed: only the public half is read.
    ///
    /// # Errors
    /// `NoKey` when it is not on this token; `NoToken` when the token is not there.
    pub fn find(window: &Arc<UnlockWindow>, key_id: &str) -> Result<Self, HardwareFailure> {
        let keys = window.module().keys(window.serial())?;
        let facts = keys.into_iter().find(|facts| facts.key_id == key_id);
        Ok(Self::listed(window, facts.ok_or(HardwareFailure::NoKey)?))
    }

    /// A key whose public half is known already; the token is not asked before the first signature, so it may be away.
    ///
    /// # Errors
    /// `NotP256` for a public half that is none of a P-256 key.
    pub fn known(window: &Arc<UnlockWindow>, key_id: &str, spki_der: &[u8]) -> Result<Self, HardwareFailure> {
        Ok(Self {
            window: Arc::clone(window),
            key_id: key_id.to_owned(),
            spki_der: spki_der.to_vec(),
            public: VerifyingKey::from_public_key_der(spki_der).map_err(|_| HardwareFailure::NotP256)?,
            object_id: OnceLock::new(),
        })
    }

    /// Destroys the key on its token, for good.
    ///
    /// # Errors
    /// `PinNeeded` while the window is closed; `WriteProtected`; `NoKey` when it is gone already.
    pub fn destroy(self) -> Result<(), HardwareFailure> {
        let id = self.object_id()?;
        self.window
            .with_pin(KEY_LIMIT, move |tokens, serial, pin| tokens.destroy(serial, pin, &id))
    }

    fn listed(window: &Arc<UnlockWindow>, facts: HardwareKeyFacts) -> Self {
        let public = VerifyingKey::from_public_key_der(&facts.spki_der).expect("the token's point was read as a key");
        Self {
            window: Arc::clone(window),
            key_id: facts.key_id,
            spki_der: facts.spki_der,
            public,
            object_id: OnceLock::from(facts.object_id),
        }
    }

    fn object_id(&self) -> Result<Vec<u8>, HardwareFailure> {
        if let Some(id) = self.object_id.get() {
            return Ok(id.clone());
        }
        let keys = self.window.module().keys(self.window.serial())?;
        let found = keys.into_iter().find(|facts| facts.spki_der == self.spki_der);
        let id = found.ok_or(HardwareFailure::NoKey)?.object_id;
        Ok(self.object_id.get_or_init(|| id).clone())
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], HardwareFailure> {
        let digest: [u8; 32] = Sha256::digest(message).into();
        if !self.window.is_open() {
            return Err(HardwareFailure::PinNeeded);
        }
        let id = self.object_id()?;
        let raw = self.window.with_pin(SOFT_LIMIT, move |tokens, serial, pin| {
            tokens.sign(serial, pin, &id, digest)
        })?;
        let right = Signature::from_slice(&raw).is_ok_and(|signature| self.public.verify(message, &signature).is_ok());
        right.then_some(raw).ok_or_else(|| HardwareFailure::Failed {
            cause: "a signature that does not verify".to_owned(),
        })
    }
}

impl Signer for HardwareKey {
    fn spki_der(&self) -> Vec<u8> {
        self.spki_der.clone()
    }

    fn key_id(&self) -> String {
        self.key_id.clone()
    }

    fn sign_es256(&self, message: &[u8]) -> Result<[u8; 64], SignFailure> {
        self.sign(message).map_err(|failure| SignFailure(Box::new(failure)))
    }

    fn reproducible(&self) -> bool {
        false
    }

    fn window(&self) -> Option<&Arc<UnlockWindow>> {
        Some(&self.window)
    }
}

impl fmt::Debug for HardwareKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HardwareKey")
            .field("key_id", &self.key_id)
            .field("window", &self.window)
            .finish_non_exhaustive()
    }
}
