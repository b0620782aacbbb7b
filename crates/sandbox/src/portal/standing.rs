//! What user access amounts to at one moment (portal-access.md 2.1 and 5, rows 26 to 28).
//!
//! One pure function, so that pages, control API and tests cannot disagree. `expires_at` ends access as that day begins
//! in UTC: Klarna wants the day to lie in the future, and refusing today makes sense only if today's end has come already.

use crate::dates::{Grace, end_ms, read_day};
use crate::settings::{Key, Settings};
use crate::store::access::Access;

/// What an access is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Granted to somebody who has not set a password yet.
    Invited,
    /// Granted to somebody who can enter.
    Active,
    /// Its `expires_at` has come.
    Expired,
    /// Nobody used it for its inactivity period.
    Lapsed,
    /// Deleted; the person is out once it has bitten.
    Revoked,
}

impl Standing {
    /// The word for scripts.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Lapsed => "lapsed",
            Self::Revoked => "revoked",
        }
    }
}

/// An access at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fate {
    pub(crate) standing: Standing,
    /// When `expires_at` ends it.
    pub(crate) ends_ms: Option<i64>,
    /// When inactivity ends it, if nobody uses it before.
    pub(crate) lapses_ms: Option<i64>,
    /// Whether the person still gets in, which a revocation changes only when it bites.
    pub(crate) inside: bool,
}

/// Says what the access is now; `activated` tells whether its person has set a password.
pub(crate) fn fate(access: &Access, activated: bool, settings: &Settings, now_ms: i64) -> Fate {
    let at_end = settings.text(Key::AccessEndOfDay) == "day_ends";
    let ends_ms = access
        .expires_at
        .as_deref()
        .and_then(read_day)
        .and_then(|day| end_ms(day, at_end));
    let grace = access.grace.as_deref().and_then(Grace::read);
    let lapses_ms = grace.and_then(|grace| grace.after_ms(access.seen_ms));
    let over = over(ends_ms, lapses_ms, now_ms);
    let standing = match (access.revoked_ms, over) {
        (Some(_), _) => Standing::Revoked,
        (None, Some(over)) => over,
        (None, None) if activated => Standing::Active,
        (None, None) => Standing::Invited,
    };
    let bitten = access.out_ms.is_some_and(|out_ms| out_ms <= now_ms);
    Fate {
        standing,
        ends_ms,
        lapses_ms,
        inside: over.is_none() && !bitten,
    }
}

/// Which of the two ends came first, if any has come.
fn over(ends_ms: Option<i64>, lapses_ms: Option<i64>, now_ms: i64) -> Option<Standing> {
    let ended = ends_ms.filter(|end| *end <= now_ms);
    let lapsed = lapses_ms.filter(|lapse| *lapse <= now_ms);
    match (ended, lapsed) {
        (None, None) => None,
        (Some(end), Some(lapse)) if lapse < end => Some(Standing::Lapsed),
        (Some(_), _) => Some(Standing::Expired),
        (None, Some(_)) => Some(Standing::Lapsed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;

    fn access() -> Access {
        Access {
            id: 1,
            acquirer: "krn:acquirer".into(),
            account: "krn:merchant".into(),
            address_key: "a@example.com".into(),
            on_behalf_of: "krn:merchant".into(),
            sub: "a@example.com".into(),
            roles: vec!["merchant:admin".into()],
            expires_at: Some("1970-01-11".into()),
            grace: Some("P5D".into()),
            created_ms: 0,
            updated_ms: 0,
            seen_ms: 7 * DAY,
            writes: 1,
            deletes: 0,
            revoked_ms: None,
            out_ms: None,
        }
    }

    fn standing(access: &Access, now_ms: i64) -> (Standing, bool) {
        let fate = fate(access, true, &Settings::default(), now_ms);
        (fate.standing, fate.inside)
    }

    #[test]
    fn access_ends_as_its_last_day_begins_or_when_nobody_comes() {
        assert_eq!(
            standing(&access(), 10 * DAY - 1),
            (Standing::Active, true),
            "the day before"
        );
        assert_eq!(
            standing(&access(), 10 * DAY),
            (Standing::Expired, false),
            "the day begins"
        );
        let idle = Access {
            seen_ms: 2 * DAY,
            ..access()
        };
        assert_eq!(
            standing(&idle, 7 * DAY - 1),
            (Standing::Active, true),
            "not yet idle enough"
        );
        assert_eq!(standing(&idle, 7 * DAY), (Standing::Lapsed, false), "five days idle");
        assert_eq!(
            standing(&idle, 20 * DAY),
            (Standing::Lapsed, false),
            "what came first stays the reason"
        );
        let mut settings = Settings::default();
        settings.set("access.expires_at_ends", "day_ends").unwrap();
        assert_eq!(
            fate(&access(), false, &settings, 10 * DAY).standing,
            Standing::Invited,
            "the other reading lasts through the day"
        );
    }

    #[test]
    fn a_revocation_is_told_at_once_and_bites_later() {
        let revoked = Access {
            revoked_ms: Some(8 * DAY),
            out_ms: Some(8 * DAY + 60_000),
            ..access()
        };
        assert_eq!(standing(&revoked, 8 * DAY), (Standing::Revoked, true), "still inside");
        assert_eq!(standing(&revoked, 8 * DAY + 60_000), (Standing::Revoked, false), "out");
    }
}
