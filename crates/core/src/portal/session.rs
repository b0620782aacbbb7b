//! A portal session and its clocks: 60 s to use the link, up to 8 h to live, 5 min for a revocation to bite.
//!
//! All states are functions of stored times and "now"; nothing is polled (portal-access.md 3.1, DOC). Klarna offers
//! nothing to read a session back, so states say what is certain: "ended" is said only when it must be so.

use uuid::Uuid;

/// A link is dead this long after it was made (portal-access.md 3.1, DOC).
pub const LINK_MS: i64 = 60_000;
/// A session lives at most this long (portal-access.md 3.1, DOC; the older text counts from generation).
pub const SESSION_MS: i64 = 8 * 3_600_000;
/// A revocation has bitten after this long (portal-access.md 3.1, DOC).
pub const REVOCATION_MS: i64 = 5 * 60_000;

/// Where a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionState {
    /// The link was made and may still be used.
    Waiting,
    /// The link was fetched; somebody may be in the portal.
    Used,
    /// A revocation was accepted and may not have bitten yet.
    Revoking,
    /// Nobody is in by this link any more.
    Ended,
}

impl SessionState {
    /// The word for scripts (design section 7).
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Used => "used",
            Self::Revoking => "revoking",
            Self::Ended => "ended",
        }
    }
}

/// Why a session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndedBy {
    /// Eight hours are over.
    Expired,
    /// It was revoked and the revocation has bitten.
    Revoked,
    /// The link was not used while it lived.
    LinkNotUsed,
}

impl EndedBy {
    /// The word for scripts.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::LinkNotUsed => "link_not_used",
        }
    }
}

/// One link that was made, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Ours.
    pub id: String,
    /// Which profile made it.
    pub profile: Uuid,
    /// The act that made it.
    pub act_id: String,
    /// Klarna's id, needed to revoke.
    pub deep_link_id: String,
    /// The merchant's account KRN.
    pub merchant_id: String,
    /// The merchant's name when it was made.
    pub merchant_name: String,
    /// The merchant's reference when it was made.
    pub reference: String,
    /// `sub`: who is signed in.
    pub principal: String,
    /// Whether it was opened as somebody else.
    pub open_as: bool,
    /// The reason given.
    pub reason: Option<String>,
    /// Roles asked for.
    pub roles: Vec<String>,
    /// Whether it was made by Klarna's unsigned fallback.
    pub unsigned: bool,
    /// `browser`, `copy`, `print`, `drop`, `login` or `refused`.
    pub handover: String,
    /// The browser's name as shown.
    pub browser: String,
    /// When the link was made.
    pub created_at_ms: i64,
    /// When the link is certainly dead.
    pub link_dead_at_ms: i64,
    /// When the session is certainly over.
    pub expires_at_ms: i64,
    /// When the browser fetched the link.
    pub fetched_at_ms: Option<i64>,
    /// When Klarna accepted a revocation.
    pub revoke_accepted_at_ms: Option<i64>,
    /// When the revocation has certainly bitten.
    pub out_by_ms: Option<i64>,
}

impl Session {
    /// Where it stands at `now_ms`.
    #[must_use]
    pub fn state(&self, now_ms: i64) -> SessionState {
        if self.ended(now_ms).is_some() {
            SessionState::Ended
        } else if self.revoke_accepted_at_ms.is_some() {
            SessionState::Revoking
        } else if self.may_be_used(now_ms) {
            SessionState::Used
        } else {
            SessionState::Waiting
        }
    }

    /// Why it is over, if it is.
    #[must_use]
    pub fn ended(&self, now_ms: i64) -> Option<EndedBy> {
        if self.out_by_ms.is_some_and(|out_by| now_ms >= out_by) {
            return Some(EndedBy::Revoked);
        }
        if now_ms >= self.expires_at_ms {
            return Some(EndedBy::Expired);
        }
        let never_used = self.fetched_at_ms.is_none() && !self.left_our_sight();
        (never_used && now_ms >= self.link_dead_at_ms).then_some(EndedBy::LinkNotUsed)
    }

    /// A link that was copied, printed or given to another browser is used where Gatehouse cannot see it.
    fn left_our_sight(&self) -> bool {
        matches!(self.handover.as_str(), "copy" | "print" | "login")
    }

    fn may_be_used(&self, now_ms: i64) -> bool {
        self.fetched_at_ms.is_some() || (self.left_our_sight() && now_ms >= self.link_dead_at_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(handover: &str) -> Session {
        Session {
            id: "s".into(),
            profile: Uuid::nil(),
            act_id: String::new(),
            deep_link_id: "krn:x".into(),
            merchant_id: String::new(),
            merchant_name: String::new(),
            reference: String::new(),
            principal: String::new(),
            open_as: false,
            reason: None,
            roles: Vec::new(),
            unsigned: false,
            handover: handover.into(),
            browser: String::new(),
            created_at_ms: 0,
            link_dead_at_ms: LINK_MS,
            expires_at_ms: SESSION_MS,
            fetched_at_ms: None,
            revoke_accepted_at_ms: None,
            out_by_ms: None,
        }
    }

    #[test]
    fn a_link_that_nobody_fetched_ends_with_its_minute() {
        let session = session("browser");
        assert_eq!(
            session.state(LINK_MS - 1),
            SessionState::Waiting,
            "it may still be used"
        );
        assert_eq!(
            session.ended(LINK_MS),
            Some(EndedBy::LinkNotUsed),
            "a dead link opens nothing"
        );
    }

    #[test]
    fn a_fetched_link_lives_for_eight_hours() {
        let session = Session {
            fetched_at_ms: Some(5),
            ..session("browser")
        };
        assert_eq!(session.state(LINK_MS + 1), SessionState::Used, "somebody is in");
        assert_eq!(
            session.ended(SESSION_MS),
            Some(EndedBy::Expired),
            "eight hours are over"
        );
    }

    #[test]
    fn a_copied_link_counts_as_used_when_its_minute_is_over() {
        assert_eq!(
            session("copy").state(LINK_MS + 1),
            SessionState::Used,
            "we cannot see it, so we presume it"
        );
        assert_eq!(
            session("drop").state(LINK_MS + 1),
            SessionState::Ended,
            "a dropped link opens nothing"
        );
    }

    #[test]
    fn a_revocation_is_over_only_when_it_must_have_bitten() {
        let session = Session {
            fetched_at_ms: Some(5),
            revoke_accepted_at_ms: Some(100),
            out_by_ms: Some(100 + REVOCATION_MS),
            ..session("browser")
        };
        assert_eq!(session.state(101), SessionState::Revoking, "accepted is not out");
        assert_eq!(
            session.ended(100 + REVOCATION_MS),
            Some(EndedBy::Revoked),
            "five minutes are over"
        );
    }
}
