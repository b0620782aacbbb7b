//! Changes what a session is about before its order is placed, and sends extra merchant data with it (tokens.md 4.3, 4.6).
//!
//! Klarna takes the new terms whole. What is kept here changes only after Klarna took it, so that the order is placed with the very terms
//! that Klarna knows. Deliberately absent: another customer token; that is another session.

use gatehouse_klarna::{ClassicCall, PaymentSessionId, PaymentsClient, SessionUpdate};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::classic::order_terms;
use super::login::client;
use super::session::{self, StartLinking, plan};
use super::session_row::{self, LinkingSession, SessionRow};
use super::terms_notice;
use crate::acts::{self, Done};
use crate::facade::Core;
use crate::facade::call::{answered, context, failed};
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;
use crate::tokens::course::klarna::{new_key, put};
use crate::tokens::{Terms, merchant_data};

const PATH: &str = "/payments/v1/sessions/{session_id}";

/// A change of a session.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UpdateLinking {
    /// The session.
    pub session: String,
    /// What is bought now; what it was about before where nothing is given.
    pub terms: Option<Terms>,
    /// Extra merchant data: the attachment as the builder writes it, or the data alone.
    pub merchant_data: Option<String>,
}

/// A change that is fit to be sent.
pub(crate) struct Drafted {
    pub row: SessionRow,
    pub id: PaymentSessionId,
    pub update: SessionUpdate,
    /// What is kept of it afterwards.
    pub request: StartLinking,
}

/// Reads a change, without sending anything.
///
/// # Errors
/// `consent_unknown`, `consent_over`, `input_invalid`.
pub(crate) fn drafted(core: &Core, profile: &Profile, wish: &UpdateLinking) -> Result<Drafted, Problem> {
    let row = session_row::by_id(core, profile, &wish.session)?;
    if row.shown.order_id.is_some() {
        let message = "An order came of this session, so nothing was sent.";
        return Err(Problem::new(ErrorCode::ConsentOver, message, "Start another session."));
    }
    let attachment = merchant_data::attachment(wish.merchant_data.as_deref())?;
    if wish.terms.is_none() && attachment.is_none() {
        let message = "Nothing was sent: the change says nothing new.";
        let hint = "Give other terms, extra merchant data, or both.";
        return Err(Problem::new(ErrorCode::InputInvalid, message, hint));
    }
    let request = StartLinking {
        terms: wish.terms.clone().unwrap_or_else(|| row.request.terms.clone()),
        ..row.request.clone()
    };
    let terms = order_terms(&request.terms, request.terms.payment_reference.as_deref())?;
    Ok(Drafted {
        id: session::klarnas_id(&row)?,
        update: SessionUpdate { terms, attachment },
        request,
        row,
    })
}

/// Changes a session.
///
/// # Errors
/// `consent_unknown`, `consent_over`, `linking_terms`, `payments_login_missing`, `input_invalid` before anything is sent; `klarna_*`,
/// `network_*`, `log_*`.
pub(crate) fn update(core: &Core, profile: &Profile, wish: &UpdateLinking) -> Result<LinkingSession, Problem> {
    terms_notice::refuse_unaccepted(core, profile)?;
    changed(core, profile, wish)
}

/// The same where the tokens are simulated ones, for which nobody is liable.
pub(crate) fn changed(core: &Core, profile: &Profile, wish: &UpdateLinking) -> Result<LinkingSession, Problem> {
    let drafted = drafted(core, profile, wish)?;
    let client = client(core, profile)?;
    core.unlock_log()?;
    let _held = core.in_flight().take(&format!("order {}", drafted.row.shown.id))?;
    send(core, profile, &client, &drafted)?;
    session_row::retold(core, &drafted.row.shown.id, &drafted.request)?;
    Ok(session_row::by_id(core, profile, &drafted.row.shown.id)?.shown)
}

fn send(core: &Core, profile: &Profile, client: &PaymentsClient, drafted: &Drafted) -> Result<(), Problem> {
    let Drafted { row, id, update, .. } = drafted;
    let key: Uuid = new_key();
    let call = ClassicCall::UpdateSession(id, update);
    let mut plan = plan(profile, client, call, ("linking.update", PATH))
        .with("idem_key", key.to_string())
        .with("session_id", id.as_str())
        .with("amount", update.terms.lines.amount())
        .with("currency", update.terms.currency.as_str())
        .with("merchant_data", update.attachment.is_some());
    plan.merchant.clone_from(&row.shown.merchant);
    put(
        &mut plan.request,
        "payment_ref",
        drafted.request.terms.payment_reference.as_deref(),
    );
    acts::perform(
        core.journal(),
        plan,
        |_| (),
        |permit| {
            let answer = core.block_on(client.update_session(permit, id, update, &context(Some(key))));
            let answer = answer.map_err(|failure| failed(core, profile, &failure))?;
            Ok(Done {
                value: (),
                result: answered(core, profile, &answer.meta),
            })
        },
    )
    .map(drop)
}
