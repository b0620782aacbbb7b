//! authorizePayment: which of its four uses a call is (tokens.md 1.4).

use super::order::Order;
use super::{charge, create, finish, read, token_header};
use crate::api::Context;
use crate::api::answer::{Answer, Refusal, invalid};
use crate::api::body::members;
use crate::settings::Key;

/// The header of the final call.
const SESSION_HEADER: &str = "klarna-network-session-token";

/// One call of authorizePayment with what it asks for.
pub(super) struct Asking<'a> {
    pub(super) context: &'a Context<'a>,
    /// The merchant.
    pub(super) account: String,
    pub(super) order: Order,
}

pub(super) fn authorize(context: &Context<'_>, account: String) -> Result<Answer, Refusal> {
    let token = token_header(context)?;
    let session = context.call.header(SESSION_HEADER);
    let order = read::authorize(&members(context)?)?;
    let asking = Asking {
        context,
        account,
        order,
    };
    match (token, session) {
        (Some(_), Some(_)) => Err(invalid(
            "Klarna-Customer-Token",
            "The final call carries the network session token alone.",
        )),
        (None, Some(session)) => finish::finish(&asking, session),
        (Some(token), None) => charge::charge(&asking, token),
        (None, None) => create::create(&asking),
    }
}

impl Asking<'_> {
    /// Refuses `step_up_config` where it must be absent, unless the settings have it ignored.
    pub(super) fn without_step_up(&self) -> Result<(), Refusal> {
        let ignored = self.context.settings.text(Key::ChargeCnpStepUp) == "ignored";
        if self.order.step_up.is_none() || ignored {
            return Ok(());
        }
        Err(invalid(
            "step_up_config",
            "The member must be absent: there is nobody to ask.",
        ))
    }
}

/// 400 where no money is named.
pub(super) fn no_money() -> Refusal {
    invalid("request_payment_transaction", "The member is missing.")
}
