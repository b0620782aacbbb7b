//! The purchase of a session, begun in the browser.
//!
//! The `client_token` goes there through the loopback hand-over and nowhere else: on to the sandbox's stand-in, or on a test account in a page
//! of our own that runs Klarna's script (<https://docs.klarna.com/klarna-payments/additional-resources/klarna-payments-sdk-reference>).
//! Deliberately absent: purchases of real money, which begin in the shop.

use std::time::Duration;

use gatehouse_klarna::ClientToken;
use zeroize::Zeroizing;

use super::session::place;
use super::session_row::{self, LinkingSession};
use crate::facade::Core;
use crate::portal::browser;
use crate::portal::handoff::{Fetched, Handoff};
use crate::problem::{ErrorCode, Problem};
use crate::profile::{Endpoint, Profile, ProfileEnvironment};
use crate::tokens::prove::escaped;
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
    let way = way(core, profile)?;
    let choice = &profile.policy.browser;
    browser::preflight(choice, (core.screen(), core.desktop()), None)?;
    let handoff = Handoff::open(core.fill()).map_err(|cause| Problem::internal("open its loopback address", &cause))?;
    browser::ask(choice, &handoff.address(), None)?;
    let fetched = match way {
        Way::StandIn(page) => {
            let address = Zeroizing::new(format!("{page}/portal/purchase/{}", client.expose()));
            handoff.serve(&address, WAIT)
        }
        Way::Script => {
            let mut nonce = [0; 16];
            (core.fill())(&mut nonce);
            let (page, policy) = scripted(&client, &session.shown, &hex::encode(nonce));
            handoff.serve_page(&page, &policy, WAIT)
        }
    };
    Ok(fetched == Fetched::Yes)
}

/// What the customer's part of a purchase is done with.
#[derive(Debug, PartialEq, Eq)]
enum Way {
    /// The sandbox's page, at this address.
    StandIn(String),
    /// Klarna's script.
    Script,
}

fn way(core: &Core, profile: &Profile) -> Result<Way, Problem> {
    match &profile.endpoint {
        Endpoint::Embedded => Ok(Way::StandIn(core.sandbox_address()?.http)),
        Endpoint::Url { url, .. } if crate::network::is_here(url) => Ok(Way::StandIn(url.clone())),
        Endpoint::Url { .. } if profile.environment == ProfileEnvironment::Test => Ok(Way::Script),
        Endpoint::Url { .. } => Err(Problem::new(
            ErrorCode::BrowserFailed,
            "A purchase of real money begins in the shop's own page, with its customer; from here only test purchases are begun.",
            "Begin it in the shop with the session, then place the order here with the authorization token.",
        )),
    }
}

/// The page that runs Klarna's script, and its content security policy: what the script brings along it may bring, everything else may not.
fn scripted(client: &ClientToken, session: &LinkingSession, nonce: &str) -> (Zeroizing<String>, String) {
    let about = session.reference.as_deref().unwrap_or(&session.session_id);
    let filled = include_str!("purchase.html")
        .replace("@nonce@", nonce)
        .replace("@about@", &escaped(about))
        .replace("@script@", include_str!("purchase.js"))
        .replace("@client@", &Zeroizing::new(escaped(client.expose())));
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'unsafe-inline' https:; connect-src https:; \
         frame-src https:; img-src https: data:; font-src https:; base-uri 'none'; form-action https:; frame-ancestors 'none'"
    );
    (Zeroizing::new(filled), policy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::linking::StartLinking;

    #[test]
    fn the_page_holds_the_token_as_text_and_runs_nothing_but_its_own_script_and_klarnas() {
        let client = ClientToken::parse("ey\"><script>alert(1)</script>".to_owned()).unwrap();
        let mut session = LinkingSession::begun(&StartLinking::default(), 0);
        session.reference = Some("<img src=x>".to_owned());
        let (page, policy) = scripted(&client, &session, "n0");
        assert!(
            !page.contains("<script>") && !page.contains("<img"),
            "what is filled in stays text: {}",
            *page
        );
        assert!(!page.contains('@'), "everything is filled in: {}", *page);
        assert_eq!(page.matches("nonce=\"n0\"").count(), 2, "both scripts are named");
        assert!(
            policy.contains("'nonce-n0'") && !policy.contains("script-src 'unsafe"),
            "{policy}"
        );
    }
}
