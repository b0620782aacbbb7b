//! Asks Klarna for a token: the customer is asked first, nearly always, and what waits for the customer is written down.
//!
//! The request stands in the intent's private part, so a process that dies in the middle sends the very same bytes again under the same
//! key. Deliberately absent: opening the consent page; that is a person's next step.

use gatehouse_klarna::{
    AccountKrn, Authorization, AuthorizationAnswer, CallContext, Decision, GrantedToken, NetworkCall,
};
use uuid::Uuid;

use super::consent::{Consent, ConsentState};
use super::consent_row::{self, ConsentRow};
use super::klarna::{AUTHORIZE, merchant, new_key, plan, privately, put, ready};
use super::terms::CreateToken;
use crate::acts::{self, Done, Failed, Members, Outcome};
use crate::facade::Core;
use crate::facade::call::{answered, context, failed};
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;
use crate::tokens::{self, NewToken, TokenSource, TokenState, words};

/// Asks for a token, alone or with a first payment.
///
/// # Errors
/// `merchant_*`, `input_invalid` before anything is sent; `charge_declined`, `klarna_*`, `network_*`, `log_*`, `outcome_unknown`.
pub(crate) fn create(core: &Core, profile: &Profile, request: &CreateToken) -> Result<Consent, Problem> {
    let account = merchant(core, profile, &request.merchant)?;
    words::own_id(request.customer.as_deref(), "customer id")?;
    let authorization = request.authorization()?;
    let _held = core.in_flight().take(&format!(
        "token for {account} {}",
        request.reference.as_deref().unwrap_or_default()
    ))?;
    let connection = ready(core, profile)?;
    core.vault()?;
    let key = new_key();
    let body = serde_json::to_string(request).expect("a request is plain data");
    let plan = plan(
        profile,
        "token.create",
        (&account, NetworkCall::Authorize(&authorization)),
        ("POST", AUTHORIZE),
    );
    let plan = described(plan, request).with("idem_key", key.to_string());
    let plan = privately(plan, None, Some(body));
    let performed = acts::perform(
        core.journal(),
        plan,
        |_| (),
        |permit| {
            let context = context(Some(key));
            let call = connection
                .client
                .authorize_payment(permit, &account, &authorization, &context);
            let answer = core.block_on(call).map_err(|failure| failed(core, profile, &failure))?;
            let result = answered(core, profile, &answer.meta);
            concluded(core, profile, &account, request, answer.value, result)
        },
    )?;
    performed.value
}

/// What was asked for, in the clear.
pub(crate) fn described(mut plan: acts::Plan, request: &CreateToken) -> acts::Plan {
    let scopes = [
        Some(request.presence.scope()),
        request.log_in.then_some("customer:login"),
    ];
    let scopes: Vec<&str> = scopes.into_iter().flatten().collect();
    plan = plan
        .with("scopes", scopes)
        .with("currency", request.terms.currency.trim());
    if let Some(amount) = request.terms.amount {
        plan = plan.with("amount", amount);
    }
    put(
        &mut plan.request,
        "payment_ref",
        request.terms.payment_reference.as_deref(),
    );
    put(&mut plan.request, "token_ref", request.reference.as_deref());
    plan
}

type Concluded<T> = Result<Done<Result<T, Problem>>, Failed>;

/// Writes down what Klarna decided; also by whoever settles the act later.
pub(crate) fn concluded(
    core: &Core,
    profile: &Profile,
    account: &AccountKrn,
    request: &CreateToken,
    answer: AuthorizationAnswer,
    mut result: Members,
) -> Concluded<Consent> {
    let token = answer.token;
    let decided = token
        .as_ref()
        .map(|token| &token.decision)
        .or(answer.payment.as_ref().map(|payment| &payment.decision));
    let reason = token.as_ref().and_then(|token| token.reason.clone());
    let reason = reason.or_else(|| answer.payment.as_ref().and_then(|payment| payment.reason.clone()));
    put(&mut result, "decision", decided.map(Decision::as_str));
    put(&mut result, "decision_reason", reason.as_deref());
    let is_asked = answer.request.is_some() || decided != Some(&Decision::Declined);
    if !is_asked {
        let problem = super::charge::declined("The token", reason.as_deref());
        return Err(Failed {
            outcome: Outcome::Refused,
            problem,
            result,
        });
    }
    let granted = token.and_then(|token| token.granted);
    put(
        &mut result,
        "payment_request_id",
        answer.request.as_ref().map(|asked| asked.id.as_str()),
    );
    let value = written(core, profile, account, request, (answer.request, granted));
    Ok(Done { value, result })
}

fn written(
    core: &Core,
    profile: &Profile,
    account: &AccountKrn,
    request: &CreateToken,
    (asked, granted): (Option<gatehouse_klarna::PaymentRequest>, Option<GrantedToken>),
) -> Result<Consent, Problem> {
    let now_ms = core.clock().unix_ms();
    let request_id = asked
        .as_ref()
        .map_or_else(|| format!("none:{}", Uuid::new_v4()), |asked| asked.id.to_string());
    if let Some(known) = consent_row::by_id(&core.database(), profile.id, &request_id)? {
        return Ok(known.shown);
    }
    let mut row = ConsentRow {
        shown: Consent {
            id: Uuid::new_v4().to_string(),
            merchant: account.as_str().to_owned(),
            state: asked
                .as_ref()
                .map_or(ConsentState::Completed, |asked| ConsentState::of(&asked.state)),
            expires_ms: asked
                .as_ref()
                .and_then(|asked| asked.expires_unix_s)
                .map(|second| second * 1000),
            request_id,
            asked_ms: now_ms,
            completed_ms: None,
            is_charge: false,
            pays: request.terms.amount.is_some(),
            paid_ms: None,
            token: None,
        },
        request: serde_json::to_string(request).expect("a request is plain data"),
        session: None,
    };
    if let Some(granted) = granted {
        row.shown.token = Some(keep(core, profile, &row, granted, TokenSource::Created)?);
        row.shown.completed_ms = Some(now_ms);
        row.shown.paid_ms = row.shown.pays.then_some(now_ms);
    }
    consent_row::save(&*core.database_for_change()?, profile.id, &row)?;
    Ok(row.shown)
}

/// Keeps a token that came of a request; a second coming finds the first.
pub(crate) fn keep(
    core: &Core,
    profile: &Profile,
    row: &ConsentRow,
    granted: GrantedToken,
    source: TokenSource,
) -> Result<i64, Problem> {
    let request: CreateToken =
        serde_json::from_str(&row.request).map_err(|cause| Problem::internal("read a request", &cause))?;
    let said = granted.purposes.iter().map(|purpose| purpose.as_str().to_owned());
    let mut scopes: Vec<String> = said.collect();
    if scopes.is_empty() {
        scopes.push(request.presence.scope().to_owned());
    }
    let told = NewToken {
        merchant: Some(row.shown.merchant.clone()),
        reference: granted.reference.or(request.reference),
        scopes,
        customer: request.customer,
        subscription: request.terms.subscriptions.first().map(|told| told.reference.clone()),
        created_ms: Some(core.clock().unix_ms()),
    };
    Ok(tokens::take(core, profile, (&granted.token, &told), source, TokenState::Active)?.id())
}

/// Sends a request once more, under the key that it had.
pub(crate) fn again(
    core: &Core,
    profile: &Profile,
    (account, request): (&AccountKrn, &CreateToken),
    (permit, context): (gatehouse_klarna::Permit, CallContext),
) -> Result<Members, Failed> {
    let before = |problem| Failed::before_sending(problem);
    let authorization: Authorization = request.authorization().map_err(before)?;
    let connection = core.connection(profile).map_err(before)?;
    let call = connection
        .client
        .authorize_payment(permit, account, &authorization, &context);
    let answer = core.block_on(call).map_err(|failure| failed(core, profile, &failure))?;
    let result = answered(core, profile, &answer.meta);
    let done = concluded(core, profile, account, request, answer.value, result)?;
    done.value.map_err(before)?;
    Ok(done.result)
}

/// The problem of a request that nobody knows.
pub(crate) fn no_consent() -> Problem {
    Problem::new(
        ErrorCode::ConsentUnknown,
        "No customer was asked under that number in this profile.",
        "Look at the list of customers who were asked.",
    )
}
