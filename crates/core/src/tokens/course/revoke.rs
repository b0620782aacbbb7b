//! Revokes a token, for good, and reads it again to be sure (tokens.md 3.2, 5).
//!
//! The end is not undone by anything, so in live the token's fingerprint is typed. Klarna's v1 only accepts it (202): until it says
//! CANCELLED, the state is PENDING_REVOKE. Deliberately absent: revoking many at once.

use std::time::Duration;

use gatehouse_klarna::{AccountKrn, CustomerToken, FailureKind, NetworkCall};
use serde::{Deserialize, Serialize};

use super::charge::Knowingly;
use super::check::{self, Standing};
use super::klarna::{IDENTITY, account_of, naming, plan, privately};
use crate::acts::{self, Done};
use crate::facade::Core;
use crate::facade::call::{answered, context, failed};
use crate::policy;
use crate::problem::{ErrorCode, Problem};
use crate::profile::{Profile, ProfileEnvironment};
use crate::tokens::token::{Token, TokenKind, TokenState};
use crate::tokens::{find, linking, opened, store, tell};

/// How often, and after which pause, v1 is asked whether it is done.
const LOOKS: u32 = 4;
const PAUSE: Duration = Duration::from_millis(800);

/// A token to be revoked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RevokeToken {
    /// The token: its number, reference or fingerprint.
    pub token: String,
    /// Why; always asked for.
    pub reason: String,
    /// The token's fingerprint, typed; demanded in live and test.
    pub confirmation: String,
}

/// A token that was revoked, or is being.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RevokedToken {
    /// The token, as it is known now.
    pub token: Token,
    /// Whether Klarna said, when it was read again, that it is over.
    pub verified: bool,
    /// Whether it had been revoked before.
    pub was_revoked_before: bool,
    /// What will not work any more, in sentences.
    pub stops: Vec<String>,
    /// A text for the merchant.
    pub text: String,
}

/// Revokes.
///
/// # Errors
/// `token_unknown`, `token_ended`, `reason_required`, `input_invalid` before anything is sent; `klarna_*`, `network_*`, `log_*`.
pub(crate) fn revoke(
    core: &Core,
    profile: &Profile,
    request: &RevokeToken,
    knowingly: Knowingly,
) -> Result<RevokedToken, Problem> {
    let (row, token) = opened(core, profile, &request.token)?;
    if knowingly == Knowingly::No && row.state == TokenState::Revoked {
        return Err(crate::tokens::words::ended(&row));
    }
    let reason = policy::reason_of(Some(&request.reason)).ok_or_else(no_reason)?;
    confirmed(profile, &row, &request.confirmation)?;
    let _held = core.in_flight().take(&format!("revoke {}", row.id))?;
    core.unlock_log_to_revoke()?;
    let was_revoked_before = if row.kind == TokenKind::V1 {
        linking::cancel_classic(core, profile, (&row, &token), &reason)?;
        false
    } else {
        network(core, profile, (&row, &token), &reason)?
    };
    concluded(core, profile, &row, &token, was_revoked_before)
}

fn network(
    core: &Core,
    profile: &Profile,
    (row, token): (&Token, &CustomerToken),
    reason: &str,
) -> Result<bool, Problem> {
    let account = account_of(profile, row)?;
    let connection = core.connection(profile)?;
    let plan = plan(
        profile,
        "token.revoke",
        (&account, NetworkCall::Revoke(token)),
        ("DELETE", IDENTITY),
    );
    let plan = privately(naming(core, plan, row, token)?, Some(reason), None);
    let performed = acts::perform(
        core.journal(),
        plan,
        |_| (),
        |permit| {
            let context = context(None);
            let call = connection.client.revoke_token(permit, &account, token, &context);
            let answer = core.block_on(call).map_err(|failure| failed(core, profile, &failure))?;
            let mut result = answered(core, profile, &answer.meta);
            if answer.value.was_revoked_before {
                result.insert("reconciled".into(), "already_gone".into());
            }
            Ok(Done {
                value: answer.value.was_revoked_before,
                result,
            })
        },
    )?;
    tell(
        core,
        row.id,
        ("token.revoke", "succeeded", ""),
        Some(performed.outcome_seq),
    )?;
    Ok(performed.value)
}

/// Writes down that Klarna took it, and reads it again.
fn concluded(
    core: &Core,
    profile: &Profile,
    row: &Token,
    token: &CustomerToken,
    was_revoked_before: bool,
) -> Result<RevokedToken, Problem> {
    accepted(core, row)?;
    let mut verified = false;
    for look in 0..LOOKS {
        verified = check::ask(core, profile, row, token).is_ok_and(|standing| ended(&standing));
        if verified || row.kind != TokenKind::V1 {
            break;
        }
        if look + 1 < LOOKS {
            std::thread::sleep(PAUSE);
        }
    }
    if verified {
        over(core, row)?;
    }
    let token = find(&core.database(), profile, &row.id.to_string())?;
    Ok(RevokedToken {
        stops: stops(&token),
        text: for_the_merchant(&token, verified),
        token,
        verified,
        was_revoked_before,
    })
}

fn ended(standing: &Standing) -> bool {
    standing.state == TokenState::Revoked
}

/// Klarna accepted it; for v1 it is not over by that.
pub(crate) fn accepted(core: &Core, row: &Token) -> Result<(), Problem> {
    let state = if row.kind == TokenKind::V1 {
        TokenState::PendingRevoke
    } else {
        TokenState::Revoked
    };
    let next = Token {
        state,
        ended_by: Some("us".into()),
        ..row.clone()
    };
    store::change(&*core.database_for_change()?, &next)
}

fn over(core: &Core, row: &Token) -> Result<(), Problem> {
    let next = Token {
        state: TokenState::Revoked,
        ended_by: Some("us".into()),
        last_checked_ms: Some(core.clock().unix_ms()),
        ..row.clone()
    };
    store::change(&*core.database_for_change()?, &next)
}

fn confirmed(profile: &Profile, row: &Token, typed: &str) -> Result<(), Problem> {
    let bare = |text: &str| {
        text.chars()
            .filter(|c| !c.is_whitespace())
            .collect::<String>()
            .to_ascii_lowercase()
    };
    if profile.environment == ProfileEnvironment::Sandbox || bare(typed) == bare(&row.fingerprint) {
        return Ok(());
    }
    Err(Problem::new(
        ErrorCode::InputInvalid,
        "The fingerprint that was typed is not the token's, so nothing was sent.",
        format!("Type {}: a token's end is final.", row.fingerprint),
    ))
}

fn no_reason() -> Problem {
    Problem::new(
        ErrorCode::ReasonRequired,
        "A token is never revoked without a reason, so nothing was sent.",
        "Say in a few words why; it stands in the audit log.",
    )
}

/// What will not work any more.
pub(crate) fn stops(token: &Token) -> Vec<String> {
    let mut stops = Vec::new();
    let has = |scope: &str| token.scopes.iter().any(|known| known == scope);
    if let Some(subscription) = &token.subscription {
        stops.push(format!("Renewals of subscription {subscription} will be declined."));
    }
    if has("payment:customer_not_present") && token.subscription.is_none() {
        stops.push("Charges without the customer will be declined.".into());
    }
    if has("payment:customer_present") {
        stops.push(
            "Purchases with the saved payment method will be declined; the customer can pay by another way.".into(),
        );
    }
    if has("customer:login") || token.kind == TokenKind::NetworkLinking {
        stops.push("The customer will have to log in to Klarna again.".into());
    }
    if stops.is_empty() {
        stops.push("Every charge with this token will be declined.".into());
    }
    stops
}

fn for_the_merchant(token: &Token, verified: bool) -> String {
    let name = token.reference.as_deref().map_or_else(
        || format!("token {}", token.fingerprint),
        |reference| format!("{reference:?}"),
    );
    let state = if verified {
        "Klarna has confirmed that it cannot be used any more."
    } else {
        "Klarna has accepted this; it will take effect shortly."
    };
    let stops = stops(token).join(" ");
    format!(
        "The saved Klarna payment authorisation {name} was revoked at your request. {state} {stops} This is final: to pay with Klarna again, the customer has to agree anew."
    )
}

/// Repeats a revocation whose outcome nobody knows.
pub(crate) fn again(
    core: &Core,
    profile: &Profile,
    (account, token): (&AccountKrn, &CustomerToken),
    permit: gatehouse_klarna::Permit,
) -> Result<acts::Members, Problem> {
    let connection = core.connection(profile)?;
    match core.block_on(connection.client.revoke_token(permit, account, token, &context(None))) {
        Ok(answer) => Ok(answered(core, profile, &answer.meta)),
        Err(failure) if failure.kind == FailureKind::NotFound => Ok(acts::Members::new()),
        Err(failure) => Err(Problem::from(&failure)),
    }
}
