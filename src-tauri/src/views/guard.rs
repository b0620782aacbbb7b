//! The app lock, and the persons of a profile, as the window shows them.
//!
//! Deliberately absent: passphrases and private keys.

use serde::Serialize;
use specta::Type;

/// Why the app is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum LockCauseView {
    /// It was not unlocked yet in this run.
    Start,
    /// Nobody used it.
    Idle,
    /// It was unlocked for long enough.
    Absolute,
    /// The computer slept.
    Sleep,
    /// The clock was set back.
    Clock,
    /// The person asked for it.
    Asked,
}

/// The app lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LockView {
    /// Whether a passphrase is set.
    pub set: bool,
    /// Why it is locked, if it is.
    pub locked: Option<LockCauseView>,
    /// Minutes without use until it locks, while that is known.
    pub idle_minutes: Option<u32>,
    /// Hours in all until it locks, while that is known.
    pub absolute_hours: Option<u32>,
    /// Seconds until the next passphrase is taken.
    pub wait_seconds: u32,
}

/// A person whom a profile trusts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PersonView {
    /// What they are called.
    pub name: String,
    /// SHA-256 of the public key, to be compared by voice.
    pub fingerprint: String,
    /// What they are trusted with.
    pub roles: Vec<String>,
    /// Whether it is who sits here.
    pub own: bool,
}

/// The persons of the active profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PersonsView {
    /// Whether anybody was ever listed; until then the own person has every role.
    pub listed: bool,
    /// The own roles.
    pub own_roles: Vec<String>,
    /// Who is trusted.
    pub persons: Vec<PersonView>,
}
