//! Reading a checkpoint's signature back before it is written: a key that signs falsely must not spoil the log for good.
//!
//! What it guards against is our own signer: another key than it says, a fault of memory or processor while it signs. It is asked at every
//! checkpoint, since such a fault may come at any. The key is taken apart once, and the nonce's point is compared as it stands instead of being
//! taken apart too: for a key of prime order both ask the same as the verifiers' strict form. Deliberately absent: others' signatures (`note`).

use ed25519_dalek::{Signature, Verifier as _, VerifyingKey};

/// The neutral point: a nonce of nothing, which would give the key away and which strict verifiers refuse.
const NEUTRAL: [u8; 32] = {
    let mut point = [0; 32];
    point[0] = 1;
    point
};

/// The log's own key, once it was asked for.
#[derive(Debug, Default)]
pub struct ReadBack(Option<VerifyingKey>);

impl ReadBack {
    /// Whether this is the key's signature over the text.
    pub fn holds(&mut self, key: &[u8; 32], text: &str, signature: &[u8; 64]) -> bool {
        let known = self.0.filter(|known| known.as_bytes() == key);
        let known = known.or_else(|| VerifyingKey::from_bytes(key).ok().filter(|key| !key.is_weak()));
        self.0 = known;
        let signature = Signature::from_bytes(signature);
        known.is_some_and(|key| key.verify(text.as_bytes(), &signature).is_ok() && *signature.r_bytes() != NEUTRAL)
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer as _, SigningKey};

    use super::*;

    #[test]
    fn it_says_of_a_signature_what_strict_verifiers_say() {
        let mut own = ReadBack::default();
        for seed in [[1; 32], [2; 32], [1; 32]] {
            let key = SigningKey::from_bytes(&seed);
            let public = key.verifying_key();
            let true_one = key.sign(b"text").to_bytes();
            for bit in 0..64 * 8 {
                let mut other = true_one;
                other[bit / 8] ^= 1 << (bit % 8);
                let strict = public.verify_strict(b"text", &Signature::from_bytes(&other)).is_ok();
                assert_eq!(
                    own.holds(public.as_bytes(), "text", &other),
                    strict,
                    "bit {bit} is another"
                );
                assert!(!strict, "no other signature is true");
            }
            assert!(own.holds(public.as_bytes(), "text", &true_one), "its own is");
            assert!(
                !own.holds(public.as_bytes(), "texts", &true_one),
                "over this text alone"
            );
        }
        let (first, second) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
        let signature = first.sign(b"text").to_bytes();
        assert!(
            !own.holds(second.verifying_key().as_bytes(), "text", &signature),
            "another key's"
        );
    }

    #[test]
    fn a_weak_key_and_a_nonce_of_nothing_are_refused() {
        let mut own = ReadBack::default();
        let mut nothing = [0; 64];
        nothing[0] = 1;
        assert!(
            !own.holds(&NEUTRAL, "text", &nothing),
            "the neutral point signs whatever one likes"
        );
        assert!(!own.holds(&[0; 32], "text", &nothing), "a point of small order too");
    }
}
