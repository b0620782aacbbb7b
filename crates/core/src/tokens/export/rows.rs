//! The rows of an export: with each token in the columns of the import, or without it in those of a list.

use zeroize::Zeroizing;

use crate::facade::Core;
use crate::problem::Problem;
use crate::profile::Profile;
use crate::spreadsheet::{cell, end};
use crate::tokens::query::TokenQuery;
use crate::tokens::table::NAMES;
use crate::tokens::token::Token;
use crate::tokens::{store, vault, words};

const MASKED: [&str; 16] = [
    "token",
    "hint",
    "fingerprint",
    "family",
    "state",
    "customer_token_reference",
    "merchant",
    "scopes",
    "customer_id",
    "subscription_id",
    "created_at",
    "kept_at",
    "last_used_at",
    "last_checked_at",
    "ended_by",
    "superseded_by",
];
/// Tokens read at once.
const PAGE: u32 = 500;
/// What a row needs, generously: so that no copy of a token is left behind by a text that grows.
const ROOM: usize = 4_096;

fn each(
    core: &Core,
    profile: &Profile,
    query: &TokenQuery,
    mut row: impl FnMut(&Token) -> Result<(), Problem>,
) -> Result<Vec<i64>, Problem> {
    let mut ids = Vec::new();
    let mut query = TokenQuery {
        limit: PAGE,
        before: None,
        ..query.clone()
    };
    loop {
        let page = store::page(&core.database(), profile.id, &query)?;
        for token in &page.tokens {
            row(token)?;
            ids.push(token.id);
        }
        query.before = page.next;
        if page.next.is_none() {
            return Ok(ids);
        }
    }
}

fn head(names: &[&str]) -> String {
    let mut text = String::from("\u{feff}");
    names.iter().for_each(|name| cell(&mut text, name));
    end(&mut text);
    text
}

fn time(ms: Option<i64>) -> String {
    let at = ms.and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
    at.map(|at| at.to_string()).unwrap_or_default()
}

/// Without the tokens.
pub(super) fn masked(core: &Core, profile: &Profile, query: &TokenQuery) -> Result<(String, Vec<i64>), Problem> {
    let mut text = head(&MASKED);
    let ids = each(core, profile, query, |token| {
        let or_none = |text: &Option<String>| text.clone().unwrap_or_default();
        let cells = [
            token.id.to_string(),
            token.hint.clone(),
            token.fingerprint.clone(),
            token.kind.word().to_owned(),
            token.state.word().to_owned(),
            or_none(&token.reference),
            or_none(&token.merchant),
            token.scopes.join(" "),
            or_none(&token.customer),
            or_none(&token.subscription),
            time(token.created_ms),
            time(Some(token.kept_ms)),
            time(token.last_used_ms),
            time(token.last_checked_ms),
            or_none(&token.ended_by),
            token.superseded_by.map(|id| id.to_string()).unwrap_or_default(),
        ];
        cells.iter().for_each(|text_of| cell(&mut text, text_of));
        end(&mut text);
        Ok(())
    })?;
    Ok((text, ids))
}

/// With the tokens, to be sealed at once.
pub(super) fn whole(
    core: &Core,
    profile: &Profile,
    query: &TokenQuery,
) -> Result<(Zeroizing<String>, Vec<i64>), Problem> {
    let keys = core.vault_anew()?;
    let mut text = Zeroizing::new(head(&NAMES));
    let mut copies = 0;
    let ids = each(core, profile, query, |row| {
        copies += 1;
        words::refuse_lone_copies(profile, copies)?;
        let sealed = store::sealed(&core.database(), profile.id, row.id)?;
        let (key_id, sealed) = sealed.ok_or_else(words::unknown)?;
        let id = row.id.to_string();
        let token = vault::open_token(&keys, &vault::of_token(profile, &id), &key_id, &sealed)?;
        roomy(&mut text);
        cell(&mut text, token.expose());
        for optional in [&row.reference, &row.merchant] {
            cell(&mut text, optional.as_deref().unwrap_or_default());
        }
        cell(&mut text, &row.scopes.join(" "));
        for optional in [&row.customer, &row.subscription] {
            cell(&mut text, optional.as_deref().unwrap_or_default());
        }
        cell(&mut text, &time(row.created_ms));
        end(&mut text);
        Ok(())
    })?;
    Ok((text, ids))
}

/// Makes room for a row; a text that has to move wipes where it was.
fn roomy(text: &mut Zeroizing<String>) {
    if text.capacity() - text.len() >= ROOM {
        return;
    }
    let mut larger = Zeroizing::new(String::with_capacity(text.len() * 2 + ROOM * 16));
    larger.push_str(text);
    *text = larger;
}
