//! What the caller gives along with each call: keys, names for tracing, and how long it may take.
//!
//! Deliberately absent: a way to cancel; dropping the future does that, and the caller then has to treat the call as unknown.

use std::time::Duration;
use uuid::Uuid;

/// The deadline of a deep link, counted from the person's act (portal-access.md 10.4).
pub const DEEP_LINK_DEADLINE: Duration = Duration::from_secs(45);

/// The circumstances of one call.
#[derive(Clone, Debug)]
pub struct CallContext {
    /// Sent on POST and PATCH; without one, such a call is never repeated once it may have gone through.
    pub idempotency_key: Option<Uuid>,
    /// `Partner-Correlation-Id`: 32 hex digits. Other characters than letters and digits are left out on the wire.
    pub correlation_id: String,
    /// How long the call may take with all its attempts and pauses.
    pub deadline: Duration,
    /// The caller keeps the permitted rate itself, so that the call does not wait when an answer said that nothing of the quota is left.
    pub paced: bool,
}

impl CallContext {
    /// Makes a context without idempotency key from 16 random bytes.
    #[must_use]
    pub fn new(random: [u8; 16], deadline: Duration) -> Self {
        Self {
            idempotency_key: None,
            correlation_id: hex::encode(random),
            deadline,
            paced: false,
        }
    }

    /// Adds the idempotency key.
    #[must_use]
    pub fn with_key(mut self, key: Uuid) -> Self {
        self.idempotency_key = Some(key);
        self
    }
}
