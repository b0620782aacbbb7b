//! The purchase of a session, begun in the browser.
//!
//! The `client_token` goes there through the loopback hand-over and nowhere else. Deliberately absent: Klarna's own script; this version opens
//! the sandbox's stand-in alone.

use std::time::Duration;

use gatehouse_klarna::ClientToken;

use super::session::place;
use super::session_row;
use crate::facade::Core;
use crate::portal::browser;
use crate::portal::handoff::{Fetched, Handoff};
use crate::problem::{ErrorCode, Problem};
use crate::profile::{Endpoint, Profile};
use crate::tokens::vault;

const WAIT: Duration = Duration::from_secs(60);

/// Begins the purchase in the browser; answers whether the browser came for it.
///
/// # Errors
/// `consent_unknown`, `consent_over`, `browser_failed`; `vault_*`.
pub(crate) fn open_page(core: &Core, profile: &Profile, id: &str) -> Result<bool, Problem> {
    let session = session_row::by_id(core, profile, id)?;
    let over = || {
        let message = "An order came of this session, or its start is not kept any more.";
        Problem::new(ErrorCode::ConsentOver, message, "Start another session.")
    };
    let (key_id, sealed) = session.client.ok_or_else(over)?;
    let keys = core.vault_for(&key_id)?;
    let mut text = vault::open(&keys, &place(profile, &session.shown.id), &key_id, &sealed)?;
    let client = ClientToken::parse(std::mem::take(&mut *text))
        .map_err(|cause| Problem::internal("read a client token", &cause))?;
    let page = page(core, profile)?;
    let choice = &profile.policy.browser;
    browser::preflight(choice, (core.screen(), core.desktop()), None)?;
    let handoff = Handoff::open(core.fill()).map_err(|cause| Problem::internal("open its loopback address", &cause))?;
    browser::ask(choice, &handoff.address(), None)?;
    let address = zeroize::Zeroizing::new(format!("{page}/portal/purchase/{}", client.expose()));
    Ok(handoff.serve(&address, WAIT) == Fetched::Yes)
}

/// Where the sandbox's stand-in for Klarna's script is.
fn page(core: &Core, profile: &Profile) -> Result<String, Problem> {
    match &profile.endpoint {
        Endpoint::Embedded => Ok(core.sandbox_address()?.http),
        Endpoint::Url { url, .. } if crate::network::is_here(url) => Ok(url.clone()),
        Endpoint::Url { .. } => Err(Problem::new(
            ErrorCode::BrowserFailed,
            "The purchase of a real session begins in the shop's own page, with Klarna's script; this version opens the sandbox's stand-in alone.",
            "Begin it in the shop with the session, then place the order here with the authorization token.",
        )),
    }
}
