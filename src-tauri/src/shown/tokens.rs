//! Customer tokens, shown.
//!
//! Deliberately absent: the token. The one that is copied goes from the core to the clipboard and is wiped.

use std::collections::HashMap;

use gatehouse_core::key_store::SecretBytes;
use gatehouse_core::profile::Profile;
use gatehouse_core::tokens::{
    CheckedToken, FoundToken, NewToken, RevokeToken, RevokedToken, StoryLine, Token, TokenKind, TokenQuery,
    TokenSource, TokenState, TokenView,
};
use gatehouse_core::{ErrorCode, Gatehouse, Problem};

use crate::argument::{Id, Text};
use crate::shell::Shell;
use crate::views::number::{Millis, Seq};
use crate::views::tokens::{
    TokenChecked, TokenCopied, TokenCountsView, TokenEvent, TokenFamilyView, TokenFound, TokenRevokeWish, TokenRevoked,
    TokenRow, TokenSourceView, TokenStateView, TokenTold, TokenViewWord, TokensPage, TokensRequest,
};

/// How long a copied token lies on the clipboard.
const LENT_MS: i64 = 60_000;

/// A page of the vault.
///
/// # Errors
/// As the core says; `input_invalid` for a place that is no number.
pub fn page(core: &Gatehouse, request: TokensRequest) -> Result<TokensPage, Problem> {
    let profile = core.profile(None)?;
    let before = request.before.as_ref().map(|id| number(id)).transpose()?;
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
    let all = found.active + found.unchecked + found.pending + found.suspended + found.ended;
    Ok(TokenCountsView {
        all: Seq(all),
        active: Seq(found.active),
        unchecked: Seq(found.unchecked),
        pending: Seq(found.pending),
        suspended: Seq(found.suspended),
        ended: Seq(found.ended),
    })
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

/// Rows with their merchants' names; each merchant is looked up once a page.
pub struct Names<'a> {
    core: &'a Gatehouse,
    profile: &'a Profile,
    known: HashMap<String, Option<(String, String)>>,
}

impl<'a> Names<'a> {
    /// Nothing is looked up yet.
    #[must_use]
    pub fn new(core: &'a Gatehouse, profile: &'a Profile) -> Self {
        Self {
            core,
            profile,
            known: HashMap::new(),
        }
    }

    fn of(&mut self, merchant: &str) -> Option<(String, String)> {
        let (core, profile) = (self.core, self.profile);
        let look = || core.merchant(profile, merchant).ok().map(|it| (it.name, it.reference));
        self.known.entry(merchant.to_owned()).or_insert_with(look).clone()
    }

    /// One row.
    pub fn row(&mut self, token: Token) -> TokenRow {
        let named = token.merchant.as_deref().and_then(|merchant| self.of(merchant));
        let (merchant_name, merchant_reference) = named.unzip();
        TokenRow {
            id: token.id.to_string(),
            hint: token.hint,
            fingerprint: token.fingerprint,
            family: family(token.kind),
            merchant_id: token.merchant,
            merchant_name,
            merchant_reference,
            reference: token.reference,
            scopes: token.scopes,
            customer: token.customer,
            subscription: token.subscription,
            state: state(token.state),
            ended_by: token.ended_by,
            superseded_by: token.superseded_by.map(|id| id.to_string()),
            source: source(token.source),
            created_at: token.created_ms.map(Millis),
            kept_at: Millis(token.kept_ms),
            used_at: token.last_used_ms.map(Millis),
            checked_at: token.last_checked_ms.map(Millis),
        }
    }
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
    }
}

fn view(word: TokenViewWord) -> TokenView {
    match word {
        TokenViewWord::All => TokenView::All,
        TokenViewWord::Active => TokenView::Active,
        TokenViewWord::Unchecked => TokenView::Unchecked,
        TokenViewWord::Pending => TokenView::Pending,
        TokenViewWord::Suspended => TokenView::Suspended,
        TokenViewWord::Ended => TokenView::Ended,
    }
}

fn family(kind: TokenKind) -> TokenFamilyView {
    match kind {
        TokenKind::NetworkPayment => TokenFamilyView::NetworkPayment,
        TokenKind::NetworkLinking => TokenFamilyView::NetworkLinking,
        TokenKind::V1 => TokenFamilyView::V1,
        TokenKind::Unknown => TokenFamilyView::Unknown,
    }
}

fn state(state: TokenState) -> TokenStateView {
    match state {
        TokenState::Active => TokenStateView::Active,
        TokenState::Revoked => TokenStateView::Revoked,
        TokenState::Suspended => TokenStateView::Suspended,
        TokenState::PendingRevoke => TokenStateView::PendingRevoke,
        TokenState::Superseded => TokenStateView::Superseded,
        TokenState::Unknown => TokenStateView::Unknown,
        TokenState::Unreachable => TokenStateView::Unreachable,
    }
}

fn source(source: TokenSource) -> TokenSourceView {
    match source {
        TokenSource::Typed => TokenSourceView::Typed,
        TokenSource::Imported => TokenSourceView::Imported,
        TokenSource::Created => TokenSourceView::Created,
        TokenSource::Webhook => TokenSourceView::Webhook,
        TokenSource::Linked => TokenSourceView::Linked,
    }
}
