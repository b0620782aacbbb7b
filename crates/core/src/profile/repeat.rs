//! Requests whose answer was lost: repeated under the same idempotency key, so that Klarna gives the first answer again.
//!
//! Klarna does so for 24 hours (portal-access.md 10.1, DOC). The key is kept from before the request until what came back is safe here,
//! so a crash at any point between leaves the same way on. Deliberately absent: what was answered, which may be a secret.

use gatehouse_klarna::{CallFailure, Effect, FailureKind, idempotency_key_for};
use uuid::Uuid;

use super::{Profile, facts};
use crate::acts::reconcile::REPLAY_MS;
use crate::facade::Core;
use crate::problem::Problem;

/// A request under its idempotency key.
pub(crate) struct Request {
    name: String,
    /// What Klarna recognises it by.
    pub key: Uuid,
    /// What it said the first time; Klarna refuses other words under the same key.
    pub said: String,
    /// Whether it was sent before and its answer never arrived.
    pub repeated: bool,
}

impl Request {
    /// The one of this name that waits for its answer, or else a new one that says this.
    pub fn begin(core: &Core, profile: &Profile, name: String, said: &str) -> Result<Self, Problem> {
        if let Some(waiting) = Self::waiting(core, profile, &name)? {
            return Ok(waiting);
        }
        let key = idempotency_key_for(&Uuid::new_v4().to_string());
        let value = format!("{key} {said}");
        let now_ms = core.clock().unix_ms();
        facts::set(&core.database(), profile.id, &name, value.trim_end(), now_ms)?;
        Ok(Self {
            name,
            key,
            said: said.to_owned(),
            repeated: false,
        })
    }

    /// The one of this name that waits for its answer, as long as Klarna would give it again.
    pub fn waiting(core: &Core, profile: &Profile, name: &str) -> Result<Option<Self>, Problem> {
        let now_ms = core.clock().unix_ms();
        let kept = facts::get(&core.database(), profile.id, name)?.filter(|(_, at_ms)| now_ms - at_ms < REPLAY_MS);
        let read = |(value, _): (String, i64)| {
            let (key, said) = value.split_once(' ').unwrap_or((&value, ""));
            Uuid::parse_str(key).ok().map(|key| Self {
                name: name.to_owned(),
                key,
                said: said.to_owned(),
                repeated: true,
            })
        };
        Ok(kept.and_then(read))
    }

    /// Lets it go: what was answered is safe here, or is of no use.
    pub fn settled(&self, core: &Core, profile: &Profile) {
        if let Err(problem) = facts::clear(&core.database(), profile.id, &self.name) {
            tracing::warn!(code = problem.code.as_str(), "an answered request stays marked as open");
        }
    }

    /// Lets it go where nothing can have been done: by this try, nor by one before whose answer was lost.
    pub fn failed(&self, core: &Core, profile: &Profile, failure: &CallFailure) {
        // A repetition that arrives gets the first answer; a gateway's no, or no network, says nothing of the first try.
        let is_first_answer = matches!(failure.kind, FailureKind::Invalid | FailureKind::Conflict);
        let nothing_done = failure.effect != Effect::Unknown && (!self.repeated || is_first_answer);
        if nothing_done {
            self.settled(core, profile);
        }
    }
}
