//! Customer tokens, shown.
//!
//! Deliberately absent: the token. The one that is copied goes from the core to the clipboard and is wiped.

use gatehouse_core::key_store::SecretBytes;
use gatehouse_core::tokens::{
    CheckedToken, FoundToken, NewToken, RevokeToken, RevokedToken, StoryLine, TokenQuery, TokenView,
};
use gatehouse_core::{ErrorCode, Gatehouse, Problem};

use crate::argument::{Id, Text};
use crate::shell::Shell;
use crate::shown::token_rows::{Names, family};
use crate::views::number::{Millis, Seq};
use crate::views::tokens::{
    TokenChecked, TokenCopied, TokenCountsView, TokenEvent, TokenFound, TokenRevokeWish, TokenRevoked, TokenRow,
    TokenTold, TokenViewWord, TokensPage, TokensRequest,
};

/// How long a copied token lies on the clipboard.
const LENT_MS: i64 = 60_000;

/// A page of the vault.
///
/// # Errors
/// As the core says; `input_invalid` for a place that is no number.
pub fn page(core: &Gatehouse, request: TokensRequest) -> Result<TokensPage, Problem> {
    let profile = core.profile(None)?;
    let before = request.before.as_ref().map(number).transpose()?;
    let found = core.tokens(
        &profile,
        &TokenQuery {
            view: view(request.view),
            merchant: request.merchant_id.map(Text::into_string),
            text: request.text.into_string(),
            before,
            limit: request.limit.get(),
        },
    )?;
    let mut names = Names::new(core, &profile);
    Ok(TokensPage {
        rows: found.tokens.into_iter().map(|token| names.row(token)).collect(),
        next: found.next.map(|id| id.to_string()),
    })
}

/// How many tokens are in each view.
///
/// # Errors
/// As the core says.
pub fn counts(core: &Gatehouse) -> Result<TokenCountsView, Problem> {
    let found = core.token_counts(&core.profile(None)?)?;
    Ok(TokenCountsView {
        all: Seq(found.all()),
        active: Seq(found.active),
        never: Seq(found.never),
        unreachable: Seq(found.unreachable),
        unknown: Seq(found.unknown),
        pending: Seq(found.pending),
        suspended: Seq(found.suspended),
        revoked: Seq(found.revoked),
        superseded: Seq(found.superseded),
    })
}

/// How many tokens of a merchant are kept.
///
/// # Errors
/// As the core says.
pub fn count_of(core: &Gatehouse, merchant: &str) -> Result<Seq, Problem> {
    Ok(Seq(core.token_count_of(&core.profile(None)?, merchant)?))
}

/// One token.
///
/// # Errors
/// As the core says.
pub fn one(core: &Gatehouse, id: &str) -> Result<TokenRow, Problem> {
    let profile = core.profile(None)?;
    let token = core.token(&profile, id)?;
    Ok(Names::new(core, &profile).row(token))
}

/// What happened to a token.
///
/// # Errors
/// As the core says.
pub fn story(core: &Gatehouse, id: &str) -> Result<Vec<TokenEvent>, Problem> {
    let told = core.token_story(&core.profile(None)?, id)?;
    Ok(told.into_iter().map(event).collect())
}

/// Asks Klarna about a token.
///
/// # Errors
/// As the core says.
pub fn check(core: &Gatehouse, id: &str) -> Result<TokenChecked, Problem> {
    let profile = core.profile(None)?;
    let CheckedToken {
        token,
        trouble,
        payment_method,
        ..
    } = core.check_token(&profile, id)?;
    Ok(TokenChecked {
        row: Names::new(core, &profile).row(token),
        trouble,
        payment_method,
    })
}

/// Lends a token to the clipboard.
///
/// # Errors
/// As the core says; `clipboard_failed`.
pub fn copy(core: &Gatehouse, shell: &Shell, id: &str, reason: Option<&str>) -> Result<TokenCopied, Problem> {
    let token = core.copy_token(&core.profile(None)?, id, reason)?;
    shell.desktop().copy(token.expose())?;
    Ok(TokenCopied {
        until: Millis(core.now_ms() + LENT_MS),
    })
}

/// What will not work any more once a token is revoked.
///
/// # Errors
/// As the core says.
pub fn foresee_revoke(core: &Gatehouse, id: &str) -> Result<Vec<String>, Problem> {
    core.foresee_token_revocation(&core.profile(None)?, id)
}

/// Revokes a token.
///
/// # Errors
/// As the core says.
pub fn revoke(core: &Gatehouse, wish: TokenRevokeWish) -> Result<TokenRevoked, Problem> {
    let profile = core.profile(None)?;
    let RevokedToken {
        token,
        verified,
        was_revoked_before,
        text,
        ..
    } = core.revoke_token(
        &profile,
        &RevokeToken {
            token: wish.id.into_string(),
            reason: wish.reason.into_string(),
            confirmation: wish.confirmation.into_string(),
        },
    )?;
    Ok(TokenRevoked {
        row: Names::new(core, &profile).row(token),
        accepted_at: Millis(core.now_ms()),
        verified,
        revoked_before: was_revoked_before,
        merchant_text: text,
    })
}

/// Looks up a token that was given whole.
///
/// # Errors
/// As the core says.
pub fn find(core: &Gatehouse, secret: &SecretBytes) -> Result<TokenFound, Problem> {
    let profile = core.profile(None)?;
    let FoundToken {
        hint,
        fingerprint,
        kind,
        environment,
        mistaken_for,
        is_of_other_environment,
        kept,
        entries,
    } = core.find_customer_token(&profile, secret)?;
    Ok(TokenFound {
        hint,
        fingerprint,
        family: family(kind),
        environment,
        mistaken_for,
        other_environment: is_of_other_environment,
        kept: kept.map(|token| Names::new(core, &profile).row(token)),
        entries: entries.into_iter().map(Seq).collect(),
    })
}

/// Keeps a token that was given whole.
///
/// # Errors
/// As the core says.
pub fn add(core: &Gatehouse, secret: &SecretBytes, told: TokenTold) -> Result<TokenRow, Problem> {
    let profile = core.profile(None)?;
    let told = NewToken {
        merchant: told.merchant_id.map(Text::into_string),
        reference: told.reference.map(Text::into_string),
        scopes: told.scopes.into_strings(),
        customer: told.customer.map(Text::into_string),
        subscription: told.subscription.map(Text::into_string),
        created_ms: None,
    };
    let token = core.add_token(&profile, secret, &told)?;
    Ok(Names::new(core, &profile).row(token))
}

fn number(id: &Id) -> Result<i64, Problem> {
    id.as_str().parse().map_err(|_| {
        Problem::new(
            ErrorCode::InputInvalid,
            "A token is named by its number here, and this is none.",
            "Read the list again.",
        )
    })
}

fn event(line: StoryLine) -> TokenEvent {
    TokenEvent {
        time: Millis(line.at_ms),
        kind: line.what,
        outcome: line.outcome,
        told: line.told,
        seq: line.seq.map(Seq),
        who: line.who,
    }
}

fn view(word: TokenViewWord) -> TokenView {
    match word {
        TokenViewWord::All => TokenView::All,
        TokenViewWord::Active => TokenView::Active,
        TokenViewWord::Never => TokenView::Never,
        TokenViewWord::Unreachable => TokenView::Unreachable,
        TokenViewWord::Unknown => TokenView::Unknown,
        TokenViewWord::Pending => TokenView::Pending,
        TokenViewWord::Suspended => TokenView::Suspended,
        TokenViewWord::Revoked => TokenView::Revoked,
        TokenViewWord::Superseded => TokenView::Superseded,
    }
}
