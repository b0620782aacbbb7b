//! Whether Klarna demands the client certificate or only reports on it (portal-access.md 6.2, 6.3).
//!
//! Deliberately absent: judging whether turning it on is wise; whoever has no valid certificate locks the account out, and core
//! checks that before it asks for a permit.

use crate::answer::Answered;
use crate::client::Client;
use crate::context::CallContext;
use crate::failure::CallFailure;
use crate::moment;
use crate::permit::{Call, Permit};
use crate::transport::Outgoing;
use crate::wire::{json, read};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use url::Url;

pub(crate) const PATH: &str = "/v2/account/integration/client-certificates/enforcement";
/// The same, segment by segment.
pub(crate) const SEGMENTS: [&str; 5] = ["v2", "account", "integration", "client-certificates", "enforcement"];

/// How many months ahead enforcement may begin (portal-access.md 6.2, DOC).
const MONTHS_AHEAD: i64 = 3;

/// Whether a client certificate is demanded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnforcementMode {
    /// Every call passes; its answer tells what Klarna thinks of the certificate.
    Reporting,
    /// Calls without a valid certificate are refused.
    Enforced,
    /// A word that this version does not know, or an empty one.
    Other(String),
}

/// What Klarna says about enforcement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enforcement {
    /// The mode now.
    pub mode: EnforcementMode,
    /// From when on it is or will be enforced, Unix seconds.
    pub enforced_from_unix_s: Option<i64>,
}

/// Says why enforcement cannot begin at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "Enforcement can begin now, or at a time that is not past and at most three months ahead. Choose another time."
)]
pub struct EnforcementRefusal;

/// From when on a client certificate is to be demanded: now, or at a moment that Klarna takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnforcedFrom {
    text: String,
}

impl EnforcedFrom {
    /// Begins at once.
    #[must_use]
    pub fn now() -> Self {
        Self { text: "NOW".into() }
    }

    /// Begins at a moment, Unix seconds, seen from the present one.
    ///
    /// # Errors
    /// [`EnforcementRefusal`] when the moment is past, or more than three months ahead (portal-access.md 6.2, DOC).
    pub fn at(unix_s: i64, now_unix_s: i64) -> Result<Self, EnforcementRefusal> {
        let last = last_moment(now_unix_s).ok_or(EnforcementRefusal)?;
        if !(now_unix_s..=last).contains(&unix_s) {
            return Err(EnforcementRefusal);
        }
        let text = moment::written(unix_s).ok_or(EnforcementRefusal)?;
        Ok(Self { text })
    }

    /// Returns what Klarna reads; it is also the subject of the permit.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// The last moment at which enforcement may begin, by the calendar in UTC.
fn last_moment(now_unix_s: i64) -> Option<i64> {
    let now = jiff::Timestamp::from_second(now_unix_s).ok()?;
    let utc = now.to_zoned(jiff::tz::TimeZone::UTC);
    let last = utc.checked_add(jiff::Span::new().try_months(MONTHS_AHEAD).ok()?).ok()?;
    Some(last.timestamp().as_second())
}

/// The subject of the permit for going back to reporting.
pub const CLEAR_ENFORCEMENT_SUBJECT: &str = "REPORTING";

#[derive(Serialize)]
struct SetBody<'a> {
    enforced_from: &'a str,
}

#[derive(Deserialize)]
struct EnforcementWire {
    enforcement_mode: Option<String>,
    enforced_from: Option<String>,
}

impl Client {
    /// Reads whether a client certificate is demanded.
    ///
    /// # Errors
    /// [`CallFailure`].
    pub async fn read_mtls_enforcement(&self, context: &CallContext) -> Result<Answered<Enforcement>, CallFailure> {
        let out = Outgoing::new(Method::GET, self.enforcement(), PATH);
        self.ask(out, context, |body| Ok(understood(read(body)?))).await
    }

    /// Has Klarna demand a client certificate from a moment on. The permit's subject is [`EnforcedFrom::as_str`].
    ///
    /// # Errors
    /// [`CallFailure`].
    pub async fn enforce_mtls(
        &self,
        permit: Permit,
        from: &EnforcedFrom,
        context: &CallContext,
    ) -> Result<Answered<()>, CallFailure> {
        permit.spend(Call::EnforceMtls, from.as_str())?;
        let enforced_from = from.as_str();
        let out = Outgoing::new(Method::PUT, self.enforcement(), PATH);
        self.tell(out.with_json(json(&SetBody { enforced_from })), context)
            .await
    }

    /// Goes back to reporting. The permit's subject is [`CLEAR_ENFORCEMENT_SUBJECT`].
    ///
    /// Any 2xx is a success, with or without a body (portal-access.md 6.2).
    ///
    /// # Errors
    /// [`CallFailure`].
    pub async fn stop_enforcing_mtls(
        &self,
        permit: Permit,
        context: &CallContext,
    ) -> Result<Answered<()>, CallFailure> {
        permit.spend(Call::StopEnforcingMtls, CLEAR_ENFORCEMENT_SUBJECT)?;
        let out = Outgoing::new(Method::DELETE, self.enforcement(), PATH);
        self.tell(out, context).await
    }

    fn enforcement(&self) -> Url {
        self.address(&SEGMENTS)
    }
}

fn understood(wire: EnforcementWire) -> Enforcement {
    let word: String = wire.enforcement_mode.unwrap_or_default().chars().take(100).collect();
    let mode = match word.to_ascii_uppercase().as_str() {
        "REPORTING" => EnforcementMode::Reporting,
        "ENFORCED" => EnforcementMode::Enforced,
        _ => EnforcementMode::Other(word),
    };
    let enforced_from_unix_s = wire.enforced_from.as_deref().and_then(moment::read);
    Enforcement {
        mode,
        enforced_from_unix_s,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enforcement_begins_within_three_months() {
        let now = 1_769_860_800; // 2026-01-31T12:00:00Z
        let at = |unix_s| EnforcedFrom::at(unix_s, now);
        assert_eq!(at(now).unwrap().as_str(), "2026-01-31T12:00:00Z", "this very second");
        let last = now + 89 * 86_400; // 2026-04-30: three months by the calendar, and the month has no 31st
        assert_eq!(at(last).unwrap().as_str(), "2026-04-30T12:00:00Z", "three months ahead");
        assert_eq!(at(last + 1), Err(EnforcementRefusal), "a second later");
        assert_eq!(at(now - 1), Err(EnforcementRefusal), "a second ago");
        assert_eq!(at(i64::MAX), Err(EnforcementRefusal), "never");
    }
}
