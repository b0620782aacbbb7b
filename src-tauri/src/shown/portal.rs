//! Portal sessions and opens, shown.
//!
//! Deliberately absent: the link; its type has no way into a view.

use gatehouse_core::RevokeAll;
use gatehouse_core::portal::{EndedBy, Opened, Session, SessionState};

use crate::views::number::{Millis, Seq, count};
use crate::views::portal::{EndedView, OpenView, RevokedAll, SessionStateView, SessionView};

/// Sessions as they stand at `now_ms`.
pub fn sessions(sessions: &[Session], now_ms: i64) -> Vec<SessionView> {
    sessions.iter().map(|one| session(one, now_ms)).collect()
}

/// One session as it stands at `now_ms`.
pub fn session(session: &Session, now_ms: i64) -> SessionView {
    SessionView {
        id: session.id.clone(),
        deep_link_id: session.deep_link_id.clone(),
        merchant_id: session.merchant_id.clone(),
        merchant_name: session.merchant_name.clone(),
        reference: session.reference.clone(),
        principal: session.principal.clone(),
        open_as: session.open_as,
        roles: session.roles.clone(),
        unsigned: session.unsigned,
        state: state(session.state(now_ms)),
        created_at: Millis(session.created_at_ms),
        link_dead_at: Millis(session.link_dead_at_ms),
        fetched_at: session.fetched_at_ms.map(Millis),
        expires_at: Millis(session.expires_at_ms),
        revoked_at: session.revoke_accepted_at_ms.map(Millis),
        out_by: session.out_by_ms.map(Millis),
        browser: session.browser.clone(),
        ended: session.ended(now_ms).map(ended),
    }
}

/// What an open came to.
pub fn opened(opened: &Opened) -> OpenView {
    OpenView {
        session_id: opened.session.id.clone(),
        deep_link_id: opened.session.deep_link_id.clone(),
        merchant_id: opened.session.merchant_id.clone(),
        expires_at: Millis(opened.session.expires_at_ms),
        intent_seq: Seq(opened.intent_seq),
        outcome_seq: Seq(opened.outcome_seq),
        act_id: opened.act_id.to_string(),
    }
}

/// What revoking all came to.
pub fn revoked_all(all: RevokeAll) -> RevokedAll {
    RevokedAll {
        revoked: count(all.revoked.len()),
        failed: count(all.failed.len()),
    }
}

fn state(state: SessionState) -> SessionStateView {
    match state {
        SessionState::Waiting => SessionStateView::Waiting,
        SessionState::Used => SessionStateView::Used,
        SessionState::Revoking => SessionStateView::Revoking,
        SessionState::Ended => SessionStateView::Ended,
    }
}

fn ended(by: EndedBy) -> EndedView {
    match by {
        EndedBy::Expired => EndedView::Expired,
        EndedBy::Revoked => EndedView::Revoked,
        EndedBy::LinkNotUsed => EndedView::LinkNotUsed,
    }
}
