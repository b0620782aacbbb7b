//! Rows of the vault: with the merchant's name, and the core's words as the window's.
//!
//! Deliberately absent: asking the core for tokens.

use std::collections::HashMap;

use gatehouse_core::Gatehouse;
use gatehouse_core::profile::Profile;
use gatehouse_core::tokens::{Token, TokenKind, TokenSource, TokenState};

use crate::views::number::Millis;
use crate::views::tokens::{TokenFamilyView, TokenRow, TokenSourceView, TokenStateView};

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

    /// A merchant's name, where the directory knows it.
    pub fn name(&mut self, merchant: &str) -> Option<String> {
        self.of(merchant).map(|(name, _)| name)
    }

    /// The row of a token by its number; nothing where it is not kept any more.
    pub fn token(&mut self, id: i64) -> Option<TokenRow> {
        let token = self.core.token(self.profile, &id.to_string()).ok()?;
        Some(self.row(token))
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

/// The family, as the window names it.
#[must_use]
pub fn family(kind: TokenKind) -> TokenFamilyView {
    match kind {
        TokenKind::NetworkPayment => TokenFamilyView::NetworkPayment,
        TokenKind::NetworkLinking => TokenFamilyView::NetworkLinking,
        TokenKind::V1 => TokenFamilyView::V1,
        TokenKind::Unknown => TokenFamilyView::Unknown,
    }
}

/// Where it stands, as the window names it.
#[must_use]
pub fn state(state: TokenState) -> TokenStateView {
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
