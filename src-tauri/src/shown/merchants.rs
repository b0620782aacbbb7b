//! The merchant directory, shown.
//!
//! Deliberately absent: searching and sorting; rows come in the core's order.

use std::time::Instant;

use gatehouse_core::access::ledger::Wanted;
use gatehouse_core::merchants::{Field, Hit, Merchant, MerchantState, Page, Span};
use gatehouse_core::{Gatehouse, Problem};

use crate::shown::{audit, portal};
use crate::views::merchants::{
    Foreseen, MatchView, MatchedField, MerchantDetail, MerchantRow, MerchantStateView, MerchantsWindow,
};
use crate::views::number::{Millis, count};
use crate::views::request::{AheadRequest, SearchRequest};

/// So many letters are looked ahead: in most scripts nine of ten that are typed.
const LETTERS: usize = 32;

/// A window of the rows that match, with how long the search took.
///
/// # Errors
/// As the core says.
pub fn search(core: &Gatehouse, request: &SearchRequest) -> Result<MerchantsWindow, Problem> {
    let began = Instant::now();
    let profile = core.profile(None)?;
    let page = core.search(&profile, request.query.as_str(), request.first, request.count.get())?;
    Ok(window(page, began.elapsed().as_micros()))
}

/// The first rows of all, which need no directory in memory.
///
/// # Errors
/// As the core says.
pub fn first(core: &Gatehouse, count: u32) -> Result<MerchantsWindow, Problem> {
    let began = Instant::now();
    let profile = core.profile(None)?;
    let page = core.first_page(&profile, count)?;
    Ok(window(page, began.elapsed().as_micros()))
}

/// The first rows of what the query most likely becomes with its next letter.
///
/// # Errors
/// As the core says.
pub fn ahead(core: &Gatehouse, request: &AheadRequest) -> Result<Vec<Foreseen>, Problem> {
    let profile = core.profile(None)?;
    let foreseen = core.search_ahead(&profile, request.query.as_str(), LETTERS, request.count.get())?;
    let view = |(query, page)| Foreseen {
        query,
        found: window(page, 0),
    };
    Ok(foreseen.into_iter().map(view).collect())
}

fn window(page: Page, took_us: u128) -> MerchantsWindow {
    MerchantsWindow {
        total: page.total,
        of: page.of,
        first: page.first,
        rows: page.rows.into_iter().map(hit).collect(),
        took_us: count(took_us),
    }
}

/// A merchant as a row, with nothing marked.
pub fn row(merchant: &Merchant) -> MerchantRow {
    MerchantRow {
        id: merchant.id.clone(),
        name: merchant.name.clone(),
        reference: merchant.reference.clone(),
        state: state(merchant.state),
        country: merchant.country.clone(),
        tags: merchant.tags.clone(),
        pinned: merchant.pinned,
        opened_at: merchant.opened_at_ms.map(Millis),
        matched: Vec::new(),
    }
}

/// One merchant with its sessions and acts.
///
/// # Errors
/// As the core says.
pub fn detail(core: &Gatehouse, id: &str) -> Result<MerchantDetail, Problem> {
    let profile = core.profile(None)?;
    let merchant = core.merchant(&profile, id)?;
    let wanted = Wanted {
        merchant_id: Some(merchant.id.clone()),
        living: true,
        ..Wanted::default()
    };
    Ok(MerchantDetail {
        people: count(core.grants(&profile, &wanted, (0, 0))?.1),
        row: row(&merchant),
        refreshed_at: merchant.refreshed_at_ms.map(Millis),
        account: profile.account.as_str().to_owned(),
        sessions: portal::sessions(&core.sessions_of(&profile, &merchant.id)?, core.now_ms()),
        timeline: audit::timeline(core, &profile, &merchant.id)?,
    })
}

/// A found row.
pub fn hit(hit: Hit) -> MerchantRow {
    MerchantRow {
        id: hit.id,
        name: hit.name,
        reference: hit.reference,
        state: state(hit.state),
        country: hit.country,
        tags: hit.tags,
        pinned: hit.pinned,
        opened_at: hit.opened_at_ms.map(Millis),
        matched: hit.matched.into_iter().map(span).collect(),
    }
}

fn span(span: Span) -> MatchView {
    let field = match span.field {
        Field::Name => MatchedField::Name,
        Field::Reference => MatchedField::Reference,
        Field::Id => MatchedField::Id,
        Field::Tag => MatchedField::Tag,
        Field::Country => MatchedField::Country,
    };
    MatchView {
        field,
        start: span.start,
        end: span.end,
    }
}

fn state(state: MerchantState) -> MerchantStateView {
    match state {
        MerchantState::Operational => MerchantStateView::Operational,
        MerchantState::PartiallyOperational => MerchantStateView::PartiallyOperational,
        MerchantState::Disabled => MerchantStateView::Disabled,
        MerchantState::Unknown => MerchantStateView::Unknown,
    }
}
