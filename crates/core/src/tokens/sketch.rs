//! Each call about tokens as an integrator reads it: as curl and as JSON, made by the code that makes the real call.
//!
//! A sketch needs no secret: what stands for tokens and credentials are names of variables, and the vault is not opened for it. Nothing is
//! sent and nothing is recorded. Deliberately absent: running a call.

use gatehouse_klarna::{
    AuthorizationToken, CallSketch, ClassicCall, CustomerToken, NetworkCall, NetworkSessionToken, PaymentsClient,
    TokenOrder,
};
use serde::{Deserialize, Serialize};

use super::course::klarna::{account_of, merchant, new_key};
use super::course::{ChargeToken, CreateToken, charge, consent, finalise};
use super::linking::{self, StartLinking, UpdateLinking};
use super::token::{Token, TokenKind};
use crate::facade::Core;
use crate::facade::call::context;
use crate::problem::Problem;
use crate::profile::Profile;

/// Stand for what a sketch masks.
const A_TOKEN: &str = "krn:customer-token:eu1:00000000-0000-4000-8000-000000000000";
const A_CLASSIC_TOKEN: &str = "00000000-0000-4000-8000-000000000000";
const A_SHORT_SECRET: &str = "masked";

/// A call to be drawn; tokens, consents and sessions are named as everywhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "call", rename_all = "snake_case")]
pub enum TokenCall {
    /// Asking for a token.
    Create(CreateToken),
    /// Charging one.
    Charge(ChargeToken),
    /// Asking how one stands.
    Check {
        /// The token.
        token: String,
    },
    /// Revoking one.
    Revoke {
        /// The token.
        token: String,
    },
    /// Asking how far a customer is.
    ReadConsent {
        /// The customer's step.
        consent: String,
    },
    /// Cancelling what a customer was asked.
    CancelConsent {
        /// The customer's step.
        consent: String,
    },
    /// Finishing a payment after the customer agreed.
    Finalise {
        /// The customer's step.
        consent: String,
    },
    /// Starting a linking session.
    StartLinking(StartLinking),
    /// Changing one.
    UpdateLinking(UpdateLinking),
    /// Reading one.
    ReadLinking {
        /// The session.
        session: String,
    },
    /// Placing the order of one.
    PlaceOrder {
        /// The session.
        session: String,
    },
}

/// A call as it would be sent, every secret a variable's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShownCall {
    /// `POST` and so on.
    pub method: String,
    /// The whole address.
    pub url: String,
    /// One curl command for a POSIX shell.
    pub curl: String,
    /// Method, address, headers and body, indented.
    pub json: String,
}

impl From<CallSketch> for ShownCall {
    fn from(sketch: CallSketch) -> Self {
        Self {
            curl: sketch.to_curl(),
            json: sketch.to_json(),
            method: sketch.method,
            url: sketch.url,
        }
    }
}

/// Draws a call.
///
/// # Errors
/// `token_unknown`, `consent_unknown`, `merchant_*`, `input_invalid` for what could not be sent; `api_key_missing`,
/// `payments_login_missing`, `keyring_*`.
pub(crate) fn sketch(core: &Core, profile: &Profile, call: &TokenCall) -> Result<ShownCall, Problem> {
    match call {
        TokenCall::Create(wish) => {
            let account = merchant(core, profile, &wish.merchant)?;
            let authorization = wish.authorization()?;
            network(core, profile, &account, NetworkCall::Authorize(&authorization))
        }
        TokenCall::Charge(wish) => of_charge(core, profile, wish),
        TokenCall::Check { token } => of_token(core, profile, token, false),
        TokenCall::Revoke { token } => of_token(core, profile, token, true),
        TokenCall::ReadConsent { consent } => of_consent(core, profile, consent, false),
        TokenCall::CancelConsent { consent } => of_consent(core, profile, consent, true),
        TokenCall::Finalise { consent } => of_finish(core, profile, consent),
        TokenCall::StartLinking(wish) => of_start(core, profile, wish),
        TokenCall::UpdateLinking(wish) => {
            let drafted = linking::drafted(core, profile, wish)?;
            let call = ClassicCall::UpdateSession(&drafted.id, &drafted.update);
            Ok(classic(&linking::client(core, profile)?, call))
        }
        TokenCall::ReadLinking { session } => {
            let id = linking::klarnas_id(&linking::session(core, profile, session)?)?;
            Ok(classic(&linking::client(core, profile)?, ClassicCall::ReadSession(&id)))
        }
        TokenCall::PlaceOrder { session } => of_order(core, profile, session),
    }
}

fn of_charge(core: &Core, profile: &Profile, wish: &ChargeToken) -> Result<ShownCall, Problem> {
    let row = super::find(&core.database(), profile, &wish.token)?;
    if row.kind == TokenKind::V1 {
        let client = linking::client(core, profile)?;
        let order = TokenOrder {
            terms: linking::order_terms(&wish.terms, wish.terms.payment_reference.as_deref())?,
            step_up_supported: false,
        };
        return Ok(classic(&client, ClassicCall::OrderWithToken(&stand_in(&row), &order)));
    }
    let authorization = charge::completed(core, &row, wish)?.authorization(stand_in(&row))?;
    let account = account_of(profile, &row)?;
    network(core, profile, &account, NetworkCall::Authorize(&authorization))
}

fn of_consent(core: &Core, profile: &Profile, id: &str, is_end: bool) -> Result<ShownCall, Problem> {
    let (account, id) = consent::ids(&consent::known(core, profile, id)?)?;
    let call = if is_end {
        NetworkCall::CancelRequest(&id)
    } else {
        NetworkCall::ReadRequest(&id)
    };
    network(core, profile, &account, call)
}

fn of_token(core: &Core, profile: &Profile, needle: &str, is_end: bool) -> Result<ShownCall, Problem> {
    let row = super::find(&core.database(), profile, needle)?;
    let token = stand_in(&row);
    if row.kind == TokenKind::V1 {
        let client = linking::client(core, profile)?;
        let call = if is_end {
            ClassicCall::CancelToken(&token)
        } else {
            ClassicCall::ReadToken(&token)
        };
        return Ok(classic(&client, call));
    }
    let call = if is_end {
        NetworkCall::Revoke(&token)
    } else {
        NetworkCall::Introspect(&token)
    };
    network(core, profile, &account_of(profile, &row)?, call)
}

fn of_finish(core: &Core, profile: &Profile, id: &str) -> Result<ShownCall, Problem> {
    let row = consent::known(core, profile, id)?;
    let (account, _) = consent::ids(&row)?;
    let session = NetworkSessionToken::parse(A_SHORT_SECRET.to_owned())
        .map_err(|cause| Problem::internal("draw a session token", &cause))?;
    let authorization = finalise::finalisation(&row, session)?;
    network(core, profile, &account, NetworkCall::Authorize(&authorization))
}

fn of_start(core: &Core, profile: &Profile, wish: &StartLinking) -> Result<ShownCall, Problem> {
    let stored = wish.token.as_deref();
    let row = stored
        .map(|needle| super::find(&core.database(), profile, needle))
        .transpose()?;
    let draft = linking::draft(wish, row.as_ref().map(stand_in))?;
    let call = ClassicCall::CreateSession(&draft);
    Ok(classic(&linking::client(core, profile)?, call))
}

fn of_order(core: &Core, profile: &Profile, session: &str) -> Result<ShownCall, Problem> {
    let terms = linking::session(core, profile, session)?.request.terms;
    let order = linking::order_terms(&terms, terms.payment_reference.as_deref())?;
    let authorization = AuthorizationToken::parse(A_SHORT_SECRET.to_owned())
        .map_err(|cause| Problem::internal("draw an authorization", &cause))?;
    let call = ClassicCall::PlaceOrder(&authorization, &order);
    Ok(classic(&linking::client(core, profile)?, call))
}

/// A token of the same family, which is masked.
fn stand_in(row: &Token) -> CustomerToken {
    let text = if row.kind == TokenKind::V1 {
        A_CLASSIC_TOKEN
    } else {
        A_TOKEN
    };
    CustomerToken::parse(text.to_owned()).expect("a token of a documented shape is read")
}

fn network(
    core: &Core,
    profile: &Profile,
    account: &gatehouse_klarna::AccountKrn,
    call: NetworkCall<'_>,
) -> Result<ShownCall, Problem> {
    let connection = core.connection(profile)?;
    Ok(connection
        .client
        .sketch(account, call, &context(Some(new_key())))
        .into())
}

fn classic(client: &PaymentsClient, call: ClassicCall<'_>) -> ShownCall {
    client.sketch(call, &context(Some(new_key()))).into()
}
