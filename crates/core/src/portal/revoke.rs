//! Ends a portal session: an act of its own, said to be over only when it must have bitten (5 min, DOC).

use gatehouse_klarna::{AccountKrn, Call, DeepLinkId};

use super::session::{REVOCATION_MS, Session, SessionState};
use super::store;
use crate::acts::{self, Plan};
use crate::facade::Core;
use crate::facade::call::{context, taken_away};
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;

/// Revokes the session's deep link; a link that Klarna does not know any more counts as revoked (audit.md 4.2).
///
/// # Errors
/// `session_ended`, `klarna_*`, `network_*`, `log_*`.
pub(crate) fn revoke(core: &Core, profile: &Profile, session: &Session) -> Result<Session, Problem> {
    if session.state(core.clock().unix_ms()) == SessionState::Ended {
        return Err(Problem::new(
            ErrorCode::SessionEnded,
            "This session has ended already.",
            "There is nothing left to revoke.",
        ));
    }
    let _held = core.in_flight().take(&session.deep_link_id)?;
    let connection = core.connection(profile)?;
    core.unlock_log_to_revoke()?;
    let (account, link) = target(session)?;
    let context = context(None);
    acts::perform(
        core.journal(),
        plan(profile, session),
        |_| (),
        |permit| {
            taken_away(
                core,
                profile,
                core.block_on(connection.client.delete_deep_link(permit, &account, &link, &context)),
            )
        },
    )?;
    note_accepted(core, profile, &session.id)?;
    store::find(&core.database(), profile.id, &session.id)
}

/// Writes down that Klarna accepted the revocation now, by our id or Klarna's; a session that is not listed needs no note.
pub(crate) fn note_accepted(core: &Core, profile: &Profile, id: &str) -> Result<(), Problem> {
    let database = core.database();
    let Ok(session) = store::find(&database, profile.id, id) else {
        return Ok(());
    };
    let accepted_ms = core.clock().unix_ms();
    store::note_revoked(&database, &session.id, accepted_ms, accepted_ms + REVOCATION_MS)
}

fn target(session: &Session) -> Result<(AccountKrn, DeepLinkId), Problem> {
    let account =
        AccountKrn::parse(&session.merchant_id).map_err(|cause| Problem::internal("read a stored session", &cause))?;
    let link =
        DeepLinkId::parse(&session.deep_link_id).map_err(|cause| Problem::internal("read a stored session", &cause))?;
    Ok((account, link))
}

fn plan(profile: &Profile, session: &Session) -> Plan {
    let subject = format!("{} {}", session.merchant_id, session.deep_link_id);
    let plan = Plan::new(profile, "portal.revoke", Call::DeleteDeepLink, &subject)
        .at(
            "DELETE",
            "/v2/accounts/{partner_account_id}/portal/deep-links/{deep_link_id}",
        )
        .with("deep_link_id", session.deep_link_id.as_str())
        .with("issuer", profile.account.as_str());
    Plan {
        merchant: Some(session.merchant_id.clone()),
        ..plan
    }
}
