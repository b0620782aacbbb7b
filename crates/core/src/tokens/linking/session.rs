//! Sessions with `buy_and_link`: started with or without a stored token, and the purchase begun in the browser.
//!
//! The `client_token` starts a purchase, so it lies sealed in the vault and goes to the browser through the loopback hand-over. Deliberately
//! absent: billing addresses; the browser brings them.

use std::time::Duration;

use gatehouse_klarna::{ClassicCall, ClientToken, Intent, PaymentsClient, SessionDraft};
use serde::{Deserialize, Serialize};

use super::classic::order_terms;
use super::login::client;
use super::session_row::{LinkingSession, by_id, insert};
use super::terms_notice;
use crate::acts::{self, Done, Plan};
use crate::facade::Core;
use crate::facade::call::{answered, context, failed};
use crate::portal::browser;
use crate::portal::handoff::{Fetched, Handoff};
use crate::problem::{ErrorCode, Problem};
use crate::profile::{Endpoint, Profile};
use crate::tokens::course::klarna::{merchant, new_key, put};
use crate::tokens::vault::{self, Place};
use crate::tokens::{Terms, named, opened, tell};

const PATH: &str = "/payments/v1/sessions";
const WAIT: Duration = Duration::from_secs(60);

/// A session to be started.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StartLinking {
    /// The merchant whose log-in of payments v1 the profile has: account KRN, last segment, or reference.
    pub merchant: Option<String>,
    /// The stored token of a returning customer: its number, reference or fingerprint.
    pub token: Option<String>,
    /// The acquirer's id of the customer, for a token that comes of it.
    pub customer: Option<String>,
    /// The order; with a country.
    pub terms: Terms,
}

fn place<'a>(profile: &'a Profile, row: &'a str) -> Place<'a> {
    Place {
        column: "linking_session.client",
        row,
        profile,
    }
}

/// Starts a session.
///
/// # Errors
/// `linking_terms`, `payments_login_missing`, `input_invalid`, `token_*` before anything is sent; `klarna_*`, `network_*`, `log_*`.
pub(crate) fn start(core: &Core, profile: &Profile, request: &StartLinking) -> Result<LinkingSession, Problem> {
    terms_notice::refuse_unaccepted(core, profile)?;
    let account = request
        .merchant
        .as_deref()
        .map(|needle| merchant(core, profile, needle))
        .transpose()?;
    let stored = request
        .token
        .as_deref()
        .map(|needle| opened(core, profile, needle))
        .transpose()?;
    let draft = SessionDraft {
        intent: Intent::BuyAndLink,
        terms: order_terms(&request.terms, request.terms.payment_reference.as_deref())?,
        customer_token: stored.as_ref().map(|(_, token)| token.copied()),
        acquiring_channel: None,
        step_up_id: None,
    };
    let client = client(core, profile)?;
    core.unlock_log()?;
    let keys = core.vault()?;
    let mut plan = plan(
        profile,
        &client,
        ClassicCall::CreateSession(&draft),
        ("linking.session", PATH),
    );
    plan.merchant = account.as_ref().map(|account| account.as_str().to_owned());
    if let Some((row, token)) = &stored {
        plan.request.extend(named(core, row, token)?);
    }
    let key = new_key();
    let amount = draft.terms.lines.amount();
    let plan = plan
        .with("idem_key", key.to_string())
        .with("intent", "buy_and_link")
        .with("amount", amount);
    let plan = plan.with("currency", request.terms.currency.trim());
    let performed = acts::perform(
        core.journal(),
        plan,
        |_| (),
        |permit| {
            let answer = core.block_on(client.create_session(permit, &draft, &context(Some(key))));
            let answer = answer.map_err(|failure| failed(core, profile, &failure))?;
            let mut result = answered(core, profile, &answer.meta);
            put(&mut result, "session_id", Some(answer.value.id.as_str()));
            Ok(Done {
                value: answer.value,
                result,
            })
        },
    )?;
    let mut shown = LinkingSession::begun(request, core.clock().unix_ms());
    shown.session_id = performed.value.id.to_string();
    shown.merchant = account.map(|account| account.as_str().to_owned());
    shown.token = stored.as_ref().map(|(row, _)| row.id);
    let sealed = vault::seal(
        keys.current(),
        &place(profile, &shown.id),
        performed.value.client_token.expose(),
        core.fill(),
    );
    insert(core, profile, (&shown, request), (&keys.current().id, sealed))?;
    if let Some((row, _)) = &stored {
        tell(
            core,
            row.id,
            ("linking.session", "succeeded", ""),
            Some(performed.outcome_seq),
        )?;
    }
    Ok(shown)
}

pub(super) fn plan(
    profile: &Profile,
    client: &PaymentsClient,
    call: ClassicCall<'_>,
    (kind, path): (&'static str, &str),
) -> Plan {
    let (permit, subject) = client
        .permit_for(call)
        .expect("a call that changes something takes a permit");
    Plan::new(profile, kind, permit, &subject)
        .at("POST", path)
        .with("issuer", profile.account.as_str())
}

/// Begins the purchase in the browser; answers whether the browser came for it.
///
/// # Errors
/// `consent_unknown`, `consent_over`, `browser_failed`; `vault_*`.
pub(crate) fn open_page(core: &Core, profile: &Profile, id: &str) -> Result<bool, Problem> {
    let session = by_id(core, profile, id)?;
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
