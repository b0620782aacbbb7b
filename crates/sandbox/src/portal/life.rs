//! The life of a link and its session, computed from moments (portal-access.md 3.1, rows 19 to 21).
//!
//! One pure function, so that pages, control API and tests cannot disagree.

use crate::settings::{Key, Settings};
use crate::store::links::Link;

/// What a link or session is at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Life {
    /// Made, not yet visited.
    Waiting,
    /// Never visited in time.
    LinkExpired,
    /// Revoked before anybody came.
    LinkRevoked,
    /// Visited; a session lives until this moment.
    Live { until_ms: i64 },
    /// The session's time is over.
    SessionExpired,
    /// The session was revoked and the delay has passed.
    SessionRevoked,
}

impl Life {
    /// The word for scripts.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::LinkExpired => "link_expired",
            Self::LinkRevoked => "link_revoked",
            Self::Live { .. } => "live",
            Self::SessionExpired => "session_expired",
            Self::SessionRevoked => "session_revoked",
        }
    }
}

/// Says what the link is now.
pub(crate) fn life(link: &Link, settings: &Settings, now_ms: i64) -> Life {
    if link.used_ms.is_none() {
        return unused(link, now_ms);
    }
    let ttl_ms = settings.count(Key::SessionTtlS) * 1_000;
    let idle = settings.text(Key::SessionMode) == "idle";
    let from_ms = link.seen_ms.filter(|_| idle).unwrap_or(link.created_ms);
    let end_ms = from_ms + ttl_ms;
    match link.out_ms {
        Some(out_ms) if out_ms <= now_ms && out_ms <= end_ms => Life::SessionRevoked,
        _ if end_ms <= now_ms => Life::SessionExpired,
        out_ms => Life::Live {
            until_ms: out_ms.map_or(end_ms, |out_ms| out_ms.min(end_ms)),
        },
    }
}

fn unused(link: &Link, now_ms: i64) -> Life {
    match link.deleted_ms {
        Some(_) => Life::LinkRevoked,
        None if link.expires_ms <= now_ms => Life::LinkExpired,
        None => Life::Waiting,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link() -> Link {
        Link {
            id: "krn:link".into(),
            token: "token".into(),
            acquirer: "krn:acquirer".into(),
            merchant: "krn:merchant".into(),
            subject: "a@example.com".into(),
            roles: vec!["merchant:admin".into()],
            on_behalf_of: "krn:acquirer".into(),
            form: "signed".into(),
            password_due: false,
            created_ms: 0,
            expires_ms: 60_000,
            session: None,
            used_ms: None,
            seen_ms: None,
            deleted_ms: None,
            out_ms: None,
        }
    }

    fn used() -> Link {
        Link {
            session: Some("s".into()),
            used_ms: Some(10),
            seen_ms: Some(10),
            ..link()
        }
    }

    #[test]
    fn an_unused_link_waits_expires_or_is_revoked() {
        let settings = Settings::default();
        assert_eq!(life(&link(), &settings, 59_999), Life::Waiting, "within 60 s");
        assert_eq!(life(&link(), &settings, 60_000), Life::LinkExpired, "at 60 s");
        let revoked = Link {
            deleted_ms: Some(5),
            out_ms: Some(60_005),
            ..link()
        };
        assert_eq!(
            life(&revoked, &settings, 6),
            Life::LinkRevoked,
            "an unused link dies at once"
        );
    }

    #[test]
    fn a_session_ends_eight_hours_after_generation_or_after_the_last_visit() {
        let mut settings = Settings::default();
        let eight_hours = 28_800_000;
        assert_eq!(
            life(&used(), &settings, eight_hours - 1),
            Life::Live { until_ms: eight_hours },
            "absolute"
        );
        assert_eq!(life(&used(), &settings, eight_hours), Life::SessionExpired, "over");
        settings.set("session.mode", "idle").unwrap();
        let seen = Link {
            seen_ms: Some(1_000_000),
            ..used()
        };
        assert_eq!(
            life(&seen, &settings, eight_hours),
            Life::Live {
                until_ms: eight_hours + 1_000_000
            },
            "idle"
        );
    }

    #[test]
    fn a_revocation_bites_when_its_delay_has_passed() {
        let settings = Settings::default();
        let revoked = Link {
            deleted_ms: Some(20),
            out_ms: Some(60_020),
            ..used()
        };
        assert_eq!(
            life(&revoked, &settings, 60_019),
            Life::Live { until_ms: 60_020 },
            "not yet"
        );
        assert_eq!(life(&revoked, &settings, 60_020), Life::SessionRevoked, "now");
        let late = Link {
            deleted_ms: Some(28_790_000),
            out_ms: Some(28_850_000),
            ..used()
        };
        assert_eq!(
            life(&late, &settings, 28_900_000),
            Life::SessionExpired,
            "the session had ended by itself before"
        );
    }
}
