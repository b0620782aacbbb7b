//! People's access, shown.
//!
//! Deliberately absent: filtering and sorting; rows come in the core's order.

use gatehouse_core::access::inventory::{InventoryQuery, MerchantRow, Order, PersonRow, View, ViewCounts};
use gatehouse_core::access::timeline::{Event, TimelineOf};
use gatehouse_core::access::{GrantState, person_key};
use gatehouse_core::profile::Profile;
use gatehouse_core::{ErrorCode, Gatehouse, NamedGrant, Problem};

use crate::shell::Shell;
use crate::views::access::{
    AccessEvent, AccessMerchantRow, AccessMerchantView, AccessMerchantsWindow, AccessPersonRow, AccessPersonView,
    AccessPersonsWindow, AccessTimeline, GrantStateView, GrantView, GrantsWindow, ViewCountsView,
};
use crate::views::access_request::{AccessRequest, OrderWord, TimelineRequest, ViewWord};
use crate::views::number::{Millis, Seq};

/// So many grants stand on the page of a person or a merchant; the list has them all.
const ON_A_PAGE: u32 = 200;

/// A window of grants.
///
/// # Errors
/// As the core says.
pub fn grants(core: &Gatehouse, shell: &Shell, request: &AccessRequest) -> Result<GrantsWindow, Problem> {
    let profile = core.profile(None)?;
    let page = core.access_page(&profile, &query(shell, &profile, request), page(request))?;
    Ok(GrantsWindow {
        total: page.total,
        first: request.first,
        rows: rows(core, &profile, page.rows),
        counts: counts(page.counts),
    })
}

/// A window of persons.
///
/// # Errors
/// As the core says.
pub fn persons(core: &Gatehouse, shell: &Shell, request: &AccessRequest) -> Result<AccessPersonsWindow, Problem> {
    let profile = core.profile(None)?;
    let found = core.access_persons(&profile, &query(shell, &profile, request), page(request))?;
    Ok(AccessPersonsWindow {
        total: found.total,
        first: request.first,
        rows: found.rows.into_iter().map(person_row).collect(),
        counts: counts(found.counts),
    })
}

/// A window of merchants.
///
/// # Errors
/// As the core says.
pub fn merchants(core: &Gatehouse, shell: &Shell, request: &AccessRequest) -> Result<AccessMerchantsWindow, Problem> {
    let profile = core.profile(None)?;
    let found = core.access_merchants(&profile, &query(shell, &profile, request), page(request))?;
    Ok(AccessMerchantsWindow {
        total: found.total,
        first: request.first,
        rows: found.rows.into_iter().map(merchant_row).collect(),
        counts: counts(found.counts),
    })
}

/// Everything that a person has or had.
///
/// # Errors
/// As the core says.
pub fn person(core: &Gatehouse, email: &str) -> Result<AccessPersonView, Problem> {
    let profile = core.profile(None)?;
    let (principal, page) = core.access_of_person(&profile, email, ON_A_PAGE)?;
    Ok(AccessPersonView {
        person: person_key(email)?,
        principal,
        total: page.total,
        rows: rows(core, &profile, page.rows),
    })
}

/// Everything that anybody has or had at a merchant.
///
/// # Errors
/// As the core says.
pub fn merchant(core: &Gatehouse, id: &str) -> Result<AccessMerchantView, Problem> {
    let profile = core.profile(None)?;
    let (merchant, page) = core.access_at_merchant(&profile, id, ON_A_PAGE)?;
    Ok(AccessMerchantView {
        merchant_id: merchant.id,
        name: merchant.name,
        reference: merchant.reference,
        total: page.total,
        rows: rows(core, &profile, page.rows),
    })
}

/// A page of what the log says.
///
/// # Errors
/// As the core says; `input_invalid` when it is not said of whom.
pub fn timeline(core: &Gatehouse, request: &TimelineRequest) -> Result<AccessTimeline, Problem> {
    let profile = core.profile(None)?;
    let of = match (&request.person, &request.merchant_id) {
        (Some(person), _) => TimelineOf::Person(person_key(person.as_str())?),
        (None, Some(merchant)) => TimelineOf::Merchant(merchant.as_str().to_owned()),
        (None, None) => return Err(of_nobody()),
    };
    let before = request.before.map(|seq| seq.0);
    let told = core.access_timeline(&profile, &of, before, request.limit.get())?;
    Ok(AccessTimeline {
        rows: told.rows.into_iter().map(|one| event(core, &profile, one)).collect(),
        next: told.next.map(Seq),
    })
}

/// Rows of grants.
pub fn rows(core: &Gatehouse, profile: &Profile, found: Vec<NamedGrant>) -> Vec<GrantView> {
    let now_ms = core.now_ms();
    found.into_iter().map(|one| row(profile, one, now_ms)).collect()
}

fn row(profile: &Profile, named: NamedGrant, now_ms: i64) -> GrantView {
    let (standing, seen_ms) = (&named.standing, named.standing.seen_ms);
    let grant = named.standing.grant.clone();
    GrantView {
        id: grant.id.to_string(),
        staff: grant.on_behalf_of == profile.account.as_str(),
        state: state(standing.state),
        expires_at: grant.expires_on.map(|day| day.to_string()),
        days_left: grant.days_left(now_ms),
        dormant: grant.is_dormant(now_ms, seen_ms),
        declared: grant.origin == gatehouse_core::access::GrantOrigin::Declared,
        granted_at: Millis(grant.granted_at_ms),
        changed_at: Millis(grant.changed_at_ms),
        seen_at: seen_ms.map(Millis),
        revoke_accepted_at: grant.revoke_accepted_ms.map(Millis),
        out_by: grant.out_by_ms.map(Millis),
        merchant_id: grant.merchant_id,
        merchant_name: named.merchant_name,
        reference: named.merchant_reference,
        principal: grant.principal,
        person: grant.person,
        on_behalf_of: grant.on_behalf_of,
        roles: grant.roles,
        inactivity: grant.inactivity,
        reason: grant.reason,
        granted_by: grant.granted_by,
    }
}

fn query(shell: &Shell, profile: &Profile, request: &AccessRequest) -> InventoryQuery {
    let kept = shell.chosen().leavers.clone();
    InventoryQuery {
        view: match request.view {
            ViewWord::All => View::Living,
            ViewWord::Expiring => View::Expiring,
            ViewWord::Dormant => View::Dormant,
            ViewWord::Leavers => View::Leavers,
            ViewWord::Admins => View::Admins,
            ViewWord::Ended => View::Ended,
        },
        role: request.role.as_ref().map(|role| role.as_str().to_owned()),
        text: request.query.as_str().to_owned(),
        leavers: kept
            .filter(|(of, _)| *of == profile.id.to_string())
            .map(|(_, list)| list),
        order: match request.order {
            OrderWord::Newest => Order::Newest,
            OrderWord::End => Order::SoonestEnd,
            OrderWord::Role => Order::Role,
        },
        ..InventoryQuery::default()
    }
}

fn page(request: &AccessRequest) -> (u32, u32) {
    (request.first, request.count.get())
}

fn person_row(row: PersonRow) -> AccessPersonRow {
    AccessPersonRow {
        person: row.person,
        merchants: row.merchants,
        grants: row.grants,
        roles: row.roles,
        soonest_end: row.soonest_end.map(|day| day.to_string()),
        seen_at: row.seen_ms.map(Millis),
        only: row.only.map(|id| id.to_string()),
    }
}

fn merchant_row(row: MerchantRow) -> AccessMerchantRow {
    AccessMerchantRow {
        merchant_id: row.merchant_id,
        name: row.name,
        reference: row.reference,
        people: row.people,
        admins: row.admins,
        soonest_end: row.soonest_end.map(|day| day.to_string()),
        seen_at: row.seen_ms.map(Millis),
        only: row.only.map(|id| id.to_string()),
    }
}

fn event(core: &Gatehouse, profile: &Profile, event: Event) -> AccessEvent {
    let merchant = event.merchant_id.as_deref();
    let merchant = merchant.and_then(|id| core.merchant(profile, id).ok());
    AccessEvent {
        seq: Seq(event.seq),
        time: Millis(event.at_ms),
        kind: event.kind,
        merchant_name: merchant.map(|merchant| merchant.name),
        merchant_id: event.merchant_id,
        principal: event.principal,
        roles: event.roles,
        expires_at: event.expires_at,
        by_name: core.name_of_person(profile, &event.by).ok().flatten(),
        by: event.by,
        reason: event.reason,
        outcome: event.outcome,
        code: event.code,
    }
}

fn counts(counts: ViewCounts) -> ViewCountsView {
    ViewCountsView {
        every: counts.every,
        all: counts.living,
        expiring: counts.expiring,
        dormant: counts.dormant,
        leavers: counts.leavers,
        admins: counts.admins,
        ended: counts.ended,
    }
}

fn state(state: GrantState) -> GrantStateView {
    match state {
        GrantState::Invited => GrantStateView::Invited,
        GrantState::Active => GrantStateView::Active,
        GrantState::Expiring => GrantStateView::Expiring,
        GrantState::Lapsed => GrantStateView::Lapsed,
        GrantState::Revoking => GrantStateView::Revoking,
        GrantState::Revoked => GrantStateView::Revoked,
        GrantState::Unknown => GrantStateView::Unknown,
    }
}

fn of_nobody() -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        "It is not said whose timeline is wanted.",
        "Name a person or a merchant.",
    )
}
