//! Sessions with `buy_and_link`: started with or without a stored token, and kept.
//!
//! The `client_token` starts a purchase, so it lies sealed in the vault and goes to the browser through the loopback hand-over. Deliberately
//! absent: billing addresses; the browser brings them.

use gatehouse_klarna::{ClassicCall, CustomerToken, Intent, PaymentSessionId, PaymentsClient, SessionDraft};
use serde::{Deserialize, Serialize};

use super::classic::order_terms;
use super::login::client;
use super::session_row::{LinkingSession, SessionRow, insert};
use super::terms_notice;
use crate::acts::{self, Done, Plan};
use crate::facade::Core;
use crate::facade::call::{answered, context, failed};
use crate::problem::Problem;
use crate::profile::Profile;
use crate::tokens::course::klarna::{merchant, new_key, put};
use crate::tokens::vault::{self, Place};
use crate::tokens::{Terms, named, opened, tell};

const PATH: &str = "/payments/v1/sessions";

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

/// Where a session's `client_token` is sealed for.
pub(crate) fn place<'a>(profile: &'a Profile, row: &'a str) -> Place<'a> {
    Place {
        column: "linking_session.client",
        row,
        profile,
    }
}

/// What is asked of Klarna for a session.
pub(crate) fn draft(request: &StartLinking, customer_token: Option<CustomerToken>) -> Result<SessionDraft, Problem> {
    Ok(SessionDraft {
        intent: Intent::BuyAndLink,
        terms: order_terms(&request.terms, request.terms.payment_reference.as_deref())?,
        customer_token,
        acquiring_channel: None,
        step_up_id: None,
    })
}

/// Klarna's id of a session.
pub(crate) fn klarnas_id(row: &SessionRow) -> Result<PaymentSessionId, Problem> {
    PaymentSessionId::parse(&row.shown.session_id).map_err(|cause| Problem::internal("read a session's id", &cause))
}

/// Starts a session.
///
/// # Errors
/// `linking_terms`, `payments_login_missing`, `input_invalid`, `token_*` before anything is sent; `klarna_*`, `network_*`, `log_*`.
pub(crate) fn start(core: &Core, profile: &Profile, request: &StartLinking) -> Result<LinkingSession, Problem> {
    terms_notice::refuse_unaccepted(core, profile)?;
    begun(core, profile, request)
}

/// The same where the tokens are simulated ones, for which nobody is liable.
pub(crate) fn begun(core: &Core, profile: &Profile, request: &StartLinking) -> Result<LinkingSession, Problem> {
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
    let draft = draft(request, stored.as_ref().map(|(_, token)| token.copied()))?;
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
