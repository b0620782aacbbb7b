//! Asks Klarna how a token stands, and keeps what it says (tokens.md 3.1, 5).
//!
//! That Klarna says "revoked" is an answer. What could not be asked is UNREACHABLE, and what was known before stays beside it in the story.
//! Deliberately absent: usage; Klarna has no endpoint for it.

use gatehouse_klarna::{CustomerToken, FailureKind, TokenStatus};
use serde::Serialize;

use super::klarna::{account_of, put};
use crate::acts::Members;
use crate::facade::Core;
use crate::facade::call::{answered, context};
use crate::network;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;
use crate::tokens::token::{Token, TokenKind, TokenState};
use crate::tokens::{find, linking, named, note, opened, store, tell, words};

/// A token that Klarna was asked about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedToken {
    /// The token, as it is known now.
    pub token: Token,
    /// What it was known to be before.
    pub before: TokenState,
    /// Why it could not be asked, or what Klarna refused; a sentence.
    pub trouble: Option<String>,
    /// What Klarna says of how it pays; v1 alone.
    pub payment_method: Option<String>,
}

/// What Klarna said.
pub(crate) struct Standing {
    pub state: TokenState,
    pub scopes: Vec<String>,
    pub reference: Option<String>,
    pub issued_ms: Option<i64>,
    pub payment_method: Option<String>,
    pub result: Members,
}

/// Asks about one token.
///
/// # Errors
/// `token_unknown`, `payments_login_missing`; `vault_*`, `keyring_*`, `log_*`. That Klarna could not be reached is in the answer.
pub(crate) fn check(core: &Core, profile: &Profile, needle: &str) -> Result<CheckedToken, Problem> {
    let (row, token) = opened(core, profile, needle)?;
    core.unlock_log()?;
    let asked = ask(core, profile, &row, &token);
    if let Err(problem) = &asked
        && matches!(
            problem.code,
            ErrorCode::PaymentsLoginMissing | ErrorCode::ApiKeyMissing | ErrorCode::AppLocked
        )
    {
        return Err(problem.clone());
    }
    let before = row.state;
    let mut members = named(core, &row, &token)?;
    let mut result = Members::new();
    let (next, trouble, method) = match asked {
        Ok(mut standing) => {
            let method = standing.payment_method.take();
            result = std::mem::take(&mut standing.result);
            (applied(core, row, standing), None, method)
        }
        Err(problem) => (unreachable(core, row, &problem), Some(problem), None),
    };
    store::change(&*core.database_for_change()?, &next)?;
    members.insert("state_before".into(), before.word().into());
    members.insert("state".into(), next.state.word().into());
    if let Some(id) = result.remove("correlation_id") {
        members.insert("correlation_id".into(), id);
    }
    put(
        &mut members,
        "code",
        trouble.as_ref().map(|problem| problem.code.as_str()),
    );
    let seq = note(core, profile, ("token.check", next.merchant.as_deref()), members, None)?;
    let outcome = if trouble.is_some() { "refused" } else { "succeeded" };
    tell(core, next.id, ("token.check", outcome, next.state.word()), Some(seq))?;
    Ok(CheckedToken {
        token: find(&core.database(), profile, &next.id.to_string())?,
        before,
        trouble: trouble.map(|problem| problem.message),
        payment_method: method,
    })
}

/// Asks, and changes nothing here.
pub(crate) fn ask(core: &Core, profile: &Profile, row: &Token, token: &CustomerToken) -> Result<Standing, Problem> {
    if row.kind == TokenKind::V1 {
        return linking::read_classic(core, profile, token);
    }
    let account = account_of(profile, row)?;
    let connection = core.connection(profile)?;
    let answer = core.block_on(connection.client.introspect_token(&account, token, &context(None)));
    let answer = answer.map_err(|failure| match failure.kind {
        FailureKind::NotFound => words::not_at_klarna(),
        FailureKind::Forbidden => of_another(),
        _ => network::told(core, profile, &failure),
    })?;
    Ok(Standing {
        state: state_of(&answer.value.status),
        scopes: answer
            .value
            .purposes
            .iter()
            .map(|purpose| purpose.as_str().to_owned())
            .collect(),
        reference: answer.value.reference,
        issued_ms: answer.value.issued_unix_ms,
        payment_method: None,
        result: answered(core, profile, &answer.meta),
    })
}

pub(crate) fn state_of(status: &TokenStatus) -> TokenState {
    match status {
        TokenStatus::Active => TokenState::Active,
        TokenStatus::Revoked => TokenState::Revoked,
        TokenStatus::Suspended => TokenState::Suspended,
        TokenStatus::Other(_) => TokenState::Unknown,
    }
}

/// What is known after Klarna's answer: an end is never undone, and a token that was replaced stays replaced.
pub(crate) fn applied(core: &Core, mut row: Token, standing: Standing) -> Token {
    row.last_checked_ms = Some(core.clock().unix_ms());
    let keeps = row.state == TokenState::Superseded
        || (row.state == TokenState::Revoked && standing.state != TokenState::Revoked)
        || (row.state == TokenState::PendingRevoke && standing.state == TokenState::Active);
    if !keeps {
        row.state = standing.state;
    }
    if !standing.scopes.is_empty() {
        row.scopes = standing.scopes;
    }
    row.reference = row.reference.or(standing.reference);
    row.created_ms = row.created_ms.or(standing.issued_ms);
    row
}

/// What is known when the question failed: only a token that might be used is doubted.
fn unreachable(core: &Core, mut row: Token, problem: &Problem) -> Token {
    row.last_checked_ms = Some(core.clock().unix_ms());
    let answered = matches!(problem.code, ErrorCode::TokenUnknown | ErrorCode::KlarnaForbidden);
    if !row.state.is_ended() && row.state != TokenState::Suspended {
        row.state = if answered {
            TokenState::Unknown
        } else {
            TokenState::Unreachable
        };
    }
    row
}

fn of_another() -> Problem {
    Problem::new(
        ErrorCode::KlarnaForbidden,
        "Klarna says that this token belongs to another account.",
        "Check the merchant of the token's row; a token is bound to one account.",
    )
}
