//! One person's access to one merchant, and the state that it is in as far as this tool can know.

use jiff::civil::Date;
use uuid::Uuid;

/// How long an invitation's link lives (portal-access.md 5.1, 3RD).
pub(super) const INVITATION_MS: i64 = 7 * 86_400_000;
/// Within so many days of its end a grant is expiring.
pub(super) const EXPIRING_DAYS: i32 = 14;

/// How a grant came into the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantOrigin {
    /// By a call of ours.
    Granted,
    /// Somebody says that it was made elsewhere.
    Declared,
}

impl GrantOrigin {
    /// The word in the database and for scripts.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Declared => "declared",
        }
    }

    pub(super) fn from_word(word: &str) -> Option<Self> {
        [Self::Granted, Self::Declared]
            .into_iter()
            .find(|known| known.word() == word)
    }
}

/// One person's access to one merchant, as it was asked for last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Our own id of it.
    pub id: Uuid,
    /// Whose it is.
    pub profile: Uuid,
    /// The merchant's account KRN.
    pub merchant_id: String,
    /// The person's e-mail, as it was given.
    pub principal: String,
    /// The same in the form by which one person is told from another.
    pub person: String,
    /// The account KRN on whose behalf they act.
    pub on_behalf_of: String,
    /// Their roles, in order.
    pub roles: Vec<String>,
    /// The day on which it ends, UTC.
    pub expires_on: Option<Date>,
    /// After how much inactivity it lapses, ISO 8601.
    pub inactivity: Option<String>,
    /// How it came into the ledger.
    pub origin: GrantOrigin,
    /// Whether an invitation was to be expected.
    pub invited: bool,
    /// Why.
    pub reason: Option<String>,
    /// The key id of the person who granted it.
    pub granted_by: String,
    /// When it was granted first, or anew after a revocation.
    pub granted_at_ms: i64,
    /// When it was changed last.
    pub changed_at_ms: i64,
    /// Whether it is not known what became of the last call.
    pub doubtful: bool,
    /// When Klarna accepted its revocation.
    pub revoke_accepted_ms: Option<i64>,
    /// By when the person is certainly out.
    pub out_by_ms: Option<i64>,
}

/// Where a grant stands, as far as this tool can know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GrantState {
    /// An invitation may still wait for the person.
    Invited,
    /// In force, as far as we know.
    Active,
    /// It ends soon.
    Expiring,
    /// Its day has come, or nobody was seen for longer than its inactivity.
    Lapsed,
    /// Klarna accepted the revocation; it may take five minutes to bite.
    Revoking,
    /// The person is out.
    Revoked,
    /// It is not known what became of the last call.
    Unknown,
}

impl GrantState {
    /// The word for scripts (design section 7).
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Expiring => "expiring",
            Self::Lapsed => "lapsed",
            Self::Revoking => "revoking",
            Self::Revoked => "revoked",
            Self::Unknown => "unknown",
        }
    }
}

impl Grant {
    /// Where it stands at a moment, given when the person was last seen to enter through us.
    ///
    /// The day on which access ends is counted as over when it begins, UTC: that is the earlier of the two readings.
    #[must_use]
    pub fn state(&self, now_ms: i64, seen_ms: Option<i64>) -> GrantState {
        if self.revoke_accepted_ms.is_some() {
            let out = self.out_by_ms.is_none_or(|out_by| now_ms >= out_by);
            return if out { GrantState::Revoked } else { GrantState::Revoking };
        }
        if self.doubtful {
            return GrantState::Unknown;
        }
        let days_left = self.days_left(now_ms);
        if days_left.is_some_and(|days| days <= 0) || self.is_dormant(now_ms, seen_ms) {
            return GrantState::Lapsed;
        }
        if days_left.is_some_and(|days| days <= EXPIRING_DAYS) {
            return GrantState::Expiring;
        }
        let waits = self.invited && seen_ms.is_none() && now_ms < self.granted_at_ms + INVITATION_MS;
        if waits { GrantState::Invited } else { GrantState::Active }
    }

    /// Whole days until it ends, by the calendar in UTC; zero on the day itself.
    #[must_use]
    pub fn days_left(&self, now_ms: i64) -> Option<i32> {
        let (end, today) = (self.expires_on?, day_of(now_ms)?);
        (end - today).get_days().into()
    }

    /// Whether the person was not seen for longer than the grant's inactivity.
    #[must_use]
    pub fn is_dormant(&self, now_ms: i64, seen_ms: Option<i64>) -> bool {
        let since = seen_ms.unwrap_or(self.changed_at_ms).max(self.changed_at_ms);
        let lapses = period_of(self.inactivity.as_deref()).and_then(|period| lapses_on(period, since));
        matches!((lapses, day_of(now_ms)), (Some(lapses), Some(today)) if today >= lapses)
    }
}

/// An inactivity as a span, if it is one.
pub(super) fn period_of(text: Option<&str>) -> Option<jiff::Span> {
    text?.parse().ok()
}

/// The day on which an access lapses whose person was last seen, or whose grant was last changed, at `since_ms`.
pub(super) fn lapses_on(period: jiff::Span, since_ms: i64) -> Option<Date> {
    day_of(since_ms)?.checked_add(period).ok()
}

/// The day of a moment, UTC.
pub(crate) fn day_of(unix_ms: i64) -> Option<Date> {
    let at = jiff::Timestamp::from_millisecond(unix_ms).ok()?;
    Some(at.to_zoned(jiff::tz::TimeZone::UTC).date())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    const DAY: i64 = 86_400_000;
    /// 20 November 2026, noon UTC.
    const NOW: i64 = 1_795_176_000_000;

    fn grant() -> Grant {
        Grant {
            id: Uuid::nil(),
            profile: Uuid::nil(),
            merchant_id: "krn:partner:global:account:test:MB6KIE1P".into(),
            principal: "Ann@merchant.example".into(),
            person: "ann@merchant.example".into(),
            on_behalf_of: "krn:partner:global:account:test:MB6KIE1P".into(),
            roles: vec!["merchant:admin".into()],
            expires_on: None,
            inactivity: None,
            origin: GrantOrigin::Granted,
            invited: false,
            reason: None,
            granted_by: "0123456789abcdef".into(),
            granted_at_ms: NOW,
            changed_at_ms: NOW,
            doubtful: false,
            revoke_accepted_ms: None,
            out_by_ms: None,
        }
    }

    #[test]
    fn an_invitation_waits_for_seven_days_or_until_the_person_is_seen() {
        let invited = Grant {
            invited: true,
            ..grant()
        };
        assert_eq!(
            invited.state(NOW + 7 * DAY - 1, None),
            GrantState::Invited,
            "its link lives"
        );
        assert_eq!(
            invited.state(NOW + 7 * DAY, None),
            GrantState::Active,
            "then it is not known"
        );
        assert_eq!(
            invited.state(NOW + DAY, Some(NOW + 1)),
            GrantState::Active,
            "seen is in"
        );
    }

    #[test]
    fn a_day_of_end_is_near_and_then_over() {
        let ends = |text: &str| Grant {
            expires_on: Some(text.parse().unwrap()),
            ..grant()
        };
        assert_eq!(ends("2026-12-05").state(NOW, None), GrantState::Active, "15 days");
        assert_eq!(ends("2026-12-04").state(NOW, None), GrantState::Expiring, "14 days");
        assert_eq!(ends("2026-11-21").state(NOW, None), GrantState::Expiring, "tomorrow");
        assert_eq!(
            ends("2026-11-20").state(NOW, None),
            GrantState::Lapsed,
            "the day itself"
        );
        assert_eq!(ends("2028-02-29").days_left(NOW), Some(466), "across a leap year");
    }

    #[test]
    fn inactivity_is_counted_from_the_last_visit_or_change() {
        let lapses = |text: &str| Grant {
            inactivity: Some(text.into()),
            ..grant()
        };
        assert!(!lapses("P30D").is_dormant(NOW + 29 * DAY, None), "not yet");
        assert!(lapses("P30D").is_dormant(NOW + 30 * DAY, None), "over");
        assert!(
            !lapses("P30D").is_dormant(NOW + 30 * DAY, Some(NOW + DAY)),
            "a visit counts"
        );
        assert!(
            lapses("P1M").is_dormant(NOW + 30 * DAY, None),
            "20 November and a month"
        );
        assert!(!lapses("P1M").is_dormant(NOW + 29 * DAY, None), "a day before");
    }

    #[test]
    fn a_revocation_bites_after_its_delay_and_doubt_is_a_state() {
        let revoked = Grant {
            revoke_accepted_ms: Some(NOW),
            out_by_ms: Some(NOW + 300_000),
            ..grant()
        };
        assert_eq!(
            revoked.state(NOW + 299_999, None),
            GrantState::Revoking,
            "not certainly out"
        );
        assert_eq!(revoked.state(NOW + 300_000, None), GrantState::Revoked, "certainly out");
        let doubtful = Grant {
            doubtful: true,
            ..grant()
        };
        assert_eq!(doubtful.state(NOW, None), GrantState::Unknown, "nobody knows");
    }
}
