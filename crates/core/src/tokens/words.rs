//! Texts about tokens that come from outside: trimmed, bounded, and without what moves a cursor. And the problems of this topic.

use crate::problem::{ErrorCode, Problem, ways};
use crate::profile::Profile;

/// The longest of the acquirer's ids.
const LONGEST: usize = 255;

/// Checks an id of the acquirer's; empty is none.
///
/// # Errors
/// `input_invalid` for one that is too long or holds control characters.
pub(crate) fn own_id(text: Option<&str>, what: &str) -> Result<Option<String>, Problem> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    if text.chars().count() > LONGEST || text.chars().any(char::is_control) {
        return Err(Problem::new(
            ErrorCode::InputInvalid,
            format!("The {what} is longer than {LONGEST} characters, or holds control characters."),
            format!("Give the {what} as it stands in your own system."),
        ));
    }
    Ok(Some(text.to_owned()))
}

/// Refuses so many copies by one person alone where the rule `token-copies` asks for others: a copy leaves the vault, and no file approves one.
///
/// # Errors
/// `approval_required`.
pub(crate) fn refuse_lone_copies(profile: &Profile, copies: usize) -> Result<(), Problem> {
    let rule = &profile.policy.approvals.token_copies;
    if rule.approvers == 0 || copies <= usize::try_from(rule.over).unwrap_or(usize::MAX) {
        return Ok(());
    }
    let roles = rule.roles.words().join(" or ");
    let who = match rule.approvers {
        1 => format!("another person ({roles})"),
        many => format!("{many} other persons ({roles})"),
    };
    Err(Problem::new(
        ErrorCode::ApprovalRequired,
        format!(
            "Nothing was copied: the rules of this profile ask {who} to agree before a customer token leaves the vault."
        ),
        ways(
            "`gatehouse tokens check`, `charge` and `revoke` work without a copy; `gatehouse profile set --approval token-copies=0` lifts the rule, and the log says who did.",
            "Check, charge and revoke it here: none of them needs a copy. An administrator can lift the rule under Settings, and the log says who did.",
        ),
    ))
}

/// Checks words of scopes; several may stand in one text, with spaces, commas or bars between.
///
/// # Errors
/// `input_invalid` for a word that cannot be one.
pub(crate) fn scopes(words: &[String]) -> Result<Vec<String>, Problem> {
    let apart = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|');
    let mut found: Vec<String> = Vec::new();
    for word in words
        .iter()
        .flat_map(|text| text.split(apart))
        .filter(|word| !word.is_empty())
    {
        let is_scope = word.len() <= 100 && word.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"');
        if !is_scope {
            return Err(Problem::new(
                ErrorCode::InputInvalid,
                "A scope has letters, digits, colons and underscores alone.",
                "The scopes of payment tokens are payment:customer_present and payment:customer_not_present; a linked account has customer:login.",
            ));
        }
        if !found.iter().any(|known| known == word) {
            found.push(word.to_owned());
        }
    }
    found.sort_unstable();
    Ok(found)
}

pub(crate) fn unknown() -> Problem {
    Problem::new(
        ErrorCode::TokenUnknown,
        "No token of this profile's vault has that number, reference or fingerprint.",
        ways(
            "`gatehouse tokens list` shows what is kept; `gatehouse tokens find` takes a whole token from stdin.",
            "Look through the list of tokens, or paste the whole token into Find by token.",
        ),
    )
}

pub(crate) fn not_at_klarna() -> Problem {
    Problem::new(
        ErrorCode::TokenUnknown,
        "Klarna does not know this token.",
        "It may be of the other environment or region, or was copied wrongly.",
    )
}

pub(crate) fn ambiguous(count: usize) -> Problem {
    Problem::new(
        ErrorCode::TokenUnknown,
        format!("{count} or more tokens have that reference, so it does not say which one is meant."),
        ways(
            "Name the token by its number, which `gatehouse tokens list` shows.",
            "Choose the token in the list.",
        ),
    )
}

pub(crate) fn ended(token: &super::token::Token) -> Problem {
    let how = match (token.state, token.ended_by.as_deref()) {
        (super::TokenState::Superseded, _) => "was replaced by another one".to_owned(),
        (super::TokenState::PendingRevoke, _) => "is being revoked".to_owned(),
        (_, Some("customer")) => "was revoked by the customer".to_owned(),
        (_, Some("klarna")) => "was revoked by Klarna".to_owned(),
        (_, Some("us")) => "was revoked here".to_owned(),
        (_, Some(_) | None) => "was revoked".to_owned(),
    };
    Problem::new(
        ErrorCode::TokenEnded,
        format!("Token {} {how}, so nothing was sent.", token.id),
        "A token's end is final. Use the one that took its place, or ask the customer for a new one.",
    )
}
