//! Passwords of simulated people: salted, hashed slowly enough to be no bait, compared at sign-in.
//!
//! Nobody is told to use a real one, but somebody will; hence it is not stored readable.

use crate::random::Random;
use sha2::{Digest, Sha256};

const ROUNDS: u32 = 20_000;

/// Hashes a new password with a fresh salt.
pub(super) fn hashed(password: &str, random: Random) -> String {
    let salt = hex::encode(random.bytes::<16>());
    format!("{salt}${}", digest(&salt, password))
}

/// Whether a password is the stored one.
pub(super) fn matches(stored: &str, password: &str) -> bool {
    stored
        .split_once('$')
        .is_some_and(|(salt, hash)| digest(salt, password) == hash)
}

fn digest(salt: &str, password: &str) -> String {
    let mut hash = Sha256::digest(format!("{salt}${password}"));
    for _ in 1..ROUNDS {
        hash = Sha256::digest(hash);
    }
    hex::encode(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_password_matches() {
        let stored = hashed("correct horse", Random(crate::random::system_random));
        assert!(matches(&stored, "correct horse"), "the same");
        assert!(!matches(&stored, "correct horses") && !matches("", ""), "anything else");
        assert!(!stored.contains("horse"), "and it cannot be read");
    }
}
