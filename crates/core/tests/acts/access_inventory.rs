//! The inventory says what the ledger holds, view by view; the timeline says how it came. Against the simulated Klarna.

use std::collections::HashSet;
use std::sync::Arc;

use gatehouse_core::access::inventory::{InventoryQuery, Order, View};
use gatehouse_core::access::ledger::Wanted;
use gatehouse_core::access::timeline::TimelineOf;
use gatehouse_core::access::{GrantRequest, RevokeRequest};
use gatehouse_core::clock::FixedClock;
use gatehouse_core::portal::{Handover, OpenRequest};
use gatehouse_core::profile::Profile;
use gatehouse_core::{ErrorCode, Gatehouse};
use gatehouse_sandbox::generate;

use super::open::browser;
use super::world::{BAKERY, World, ready, wish};

const DAY: i64 = 86_400_000;

fn grant(to: &str, merchant: &str) -> GrantRequest {
    GrantRequest {
        merchant: merchant.into(),
        email: to.into(),
        reason: Some("a new shop".into()),
        ..GrantRequest::default()
    }
}

fn day(gatehouse: &Gatehouse, days: usize) -> String {
    let today = gatehouse.today().unwrap();
    (0..days).fold(today, |day, _| day.tomorrow().unwrap()).to_string()
}

fn second() -> String {
    generate(50).nth(1).unwrap().reference
}

fn persons(gatehouse: &Gatehouse, profile: &Profile, view: View) -> Vec<String> {
    let query = InventoryQuery {
        view,
        order: Order::Person,
        ..InventoryQuery::default()
    };
    let page = gatehouse.access_page(profile, &query, (0, 50)).unwrap();
    assert_eq!(page.total as usize, page.rows.len(), "{view:?}: all on one page");
    page.rows.into_iter().map(|row| row.standing.grant.person).collect()
}

/// Ann is admin, Bo's access ends in ten days, Cleo's lapses after a day, Dan's was revoked.
fn peopled() -> (World, Profile) {
    let (world, profile) = ready();
    let g = &world.gatehouse;
    let second = second();
    let requests = [
        GrantRequest {
            roles: vec!["merchant:admin".into()],
            ..grant("Ann@bakery.example", BAKERY)
        },
        grant("ann@bakery.example", &second),
        GrantRequest {
            expires: Some(day(g, 10)),
            ..grant("bo@bakery.example", BAKERY)
        },
        GrantRequest {
            inactivity: Some("P1D".into()),
            ..grant("cleo@shop.example", &second)
        },
        grant("dan@bakery.example", BAKERY),
    ];
    for request in &requests {
        g.grant_access(&profile, request).unwrap();
    }
    let revoke = RevokeRequest {
        merchant: BAKERY.into(),
        principal: "dan@bakery.example".into(),
        reason: Some("left".into()),
        ..RevokeRequest::default()
    };
    g.revoke_access(&profile, &revoke).unwrap();
    (world, profile)
}

#[test]
fn each_view_has_what_it_says_and_moves_with_the_clock() {
    let (world, profile) = peopled();
    let g = &world.gatehouse;
    let (ann, bo, cleo, dan) = (
        "ann@bakery.example",
        "bo@bakery.example",
        "cleo@shop.example",
        "dan@bakery.example",
    );
    assert_eq!(
        persons(g, &profile, View::Every),
        [ann, ann, bo, cleo, dan],
        "the ledger"
    );
    assert_eq!(
        persons(g, &profile, View::Living),
        [ann, ann, bo, cleo, dan],
        "a revocation that may not have bitten yet is not over"
    );
    assert_eq!(persons(g, &profile, View::Expiring), [bo], "ten days");
    assert_eq!(
        persons(g, &profile, View::Dormant),
        Vec::<&str>::new(),
        "granted just now"
    );
    assert_eq!(persons(g, &profile, View::Admins), [ann], "once admin, once developer");
    assert_eq!(persons(g, &profile, View::Ended), [dan], "accepted");
    let g = world.again_at(Arc::new(FixedClock::at(g.now_ms() + 11 * DAY)));
    assert_eq!(
        persons(&g, &profile, View::Living),
        [ann, ann, cleo],
        "by day and by revocation over"
    );
    assert_eq!(persons(&g, &profile, View::Dormant), [cleo], "nobody saw Cleo");
    assert_eq!(persons(&g, &profile, View::Ended), [bo, dan], "both ways to end");
    assert_eq!(
        persons(&g, &profile, View::Expiring),
        Vec::<&str>::new(),
        "past is not soon"
    );
}

#[test]
fn what_is_typed_is_found_in_addresses_and_merchants_and_counted_for_every_view() {
    let (world, profile) = peopled();
    let find = |text: &str| {
        let query = InventoryQuery {
            text: text.into(),
            ..InventoryQuery::default()
        };
        world.gatehouse.access_page(&profile, &query, (0, 50)).unwrap()
    };
    assert_eq!(find("BAKERY.exa").total, 4, "a part of an address, in any case");
    assert_eq!(find(BAKERY).total, 3, "a merchant's reference");
    assert_eq!(find("ann se-00417").total, 1, "each word somewhere");
    let name = find("ann se-00417").rows[0].merchant_name.clone();
    assert!(!name.is_empty(), "the directory knows the merchant");
    assert_eq!(find(&name).total, 3, "its name");
    assert_eq!(find("nobody").total, 0, "no match is no row");
    let counts = find("bakery.example").counts;
    assert_eq!(
        (counts.every, counts.expiring, counts.admins, counts.ended),
        (4, 1, 1, 1),
        "the other views, under the same words"
    );
}

#[test]
fn persons_and_merchants_are_summed_up() {
    let (world, profile) = peopled();
    let (g, all) = (&world.gatehouse, InventoryQuery::default());
    let persons = g.access_persons(&profile, &all, (0, 2)).unwrap();
    assert_eq!((persons.total, persons.rows.len()), (4, 2), "a page of the persons");
    let ann = &persons.rows[0];
    assert_eq!((ann.merchants, ann.grants, ann.only), (2, 2, None), "two merchants");
    assert_eq!(
        ann.roles,
        ["merchant:admin", "merchant:developer"],
        "every role somewhere"
    );
    let bo = &persons.rows[1];
    assert_eq!(
        bo.soonest_end.map(|day| day.to_string()),
        Some(day(g, 10)),
        "the soonest end"
    );
    assert!(bo.only.is_some(), "the one grant that a key can mean");
    let merchants = g.access_merchants(&profile, &all, (0, 10)).unwrap();
    let counted: HashSet<(u32, u32)> = merchants.rows.iter().map(|row| (row.people, row.admins)).collect();
    assert_eq!(counted, HashSet::from([(3, 1), (2, 0)]), "people and admins of each");
}

#[test]
fn another_process_and_a_visit_are_seen_without_a_new_start() {
    let (world, profile) = peopled();
    let g = &world.gatehouse;
    assert_eq!(persons(g, &profile, View::Every).len(), 5, "in memory now");
    world
        .again()
        .grant_access(&profile, &grant("eve@shop.example", BAKERY))
        .unwrap();
    assert_eq!(
        persons(g, &profile, View::Every).len(),
        6,
        "what another process granted"
    );
    let seen = || g.access_of_person(&profile, "ann@bakery.example", 10).unwrap().1.rows;
    assert!(seen().iter().all(|row| row.standing.seen_ms.is_none()), "not seen yet");
    let profile = g
        .save_policy(&profile, &browser(&world, "fetches", "curl -sL \"$1\" -o /dev/null"))
        .unwrap();
    let visit = OpenRequest {
        handover: Handover::Browser { wait: true },
        open_as: Some("ann@bakery.example".into()),
        reason: Some("she asked".into()),
        ..wish(BAKERY)
    };
    world.open(&profile, &visit).unwrap();
    let at_bakery: Vec<bool> = seen().iter().map(|row| row.standing.seen_ms.is_some()).collect();
    assert_eq!(at_bakery.iter().filter(|seen| **seen).count(), 1, "at this merchant");
    let (rows, _) = g.grants(&profile, &Wanted::default(), (0, 50)).unwrap();
    assert_eq!(
        rows.iter().filter(|row| row.seen_ms.is_some()).count(),
        1,
        "and in the plain list"
    );
}

#[test]
fn a_timeline_tells_what_when_by_whom_why_and_how_it_ended() {
    let (world, profile) = peopled();
    let g = &world.gatehouse;
    let dan = TimelineOf::Person("dan@bakery.example".into());
    let told = g.access_timeline(&profile, &dan, None, 10).unwrap();
    let kinds: Vec<&str> = told.rows.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["access.revoke", "access.grant"], "newest first");
    assert_eq!(told.rows[0].reason.as_deref(), Some("left"), "why");
    assert!(
        told.rows
            .iter()
            .all(|event| event.outcome.as_deref() == Some("succeeded")),
        "how it ended"
    );
    let by = g.name_of_person(&profile, &told.rows[0].by).unwrap();
    assert_eq!(by.as_deref(), Some(profile.user.as_str()), "by whom");
    assert_eq!(told.rows[1].roles, ["merchant:developer"], "with which roles");
    let (merchant, _) = g.access_at_merchant(&profile, BAKERY, 10).unwrap();
    let bakery = TimelineOf::Merchant(merchant.id);
    let first = g.access_timeline(&profile, &bakery, None, 3).unwrap();
    let rest = g.access_timeline(&profile, &bakery, first.next, 3).unwrap();
    assert_eq!(
        (first.rows.len(), rest.rows.len(), rest.next),
        (3, 1, None),
        "page by page, none twice"
    );
    // A reason that names somebody is not theirs.
    let mut about = grant("frida@shop.example", BAKERY);
    about.reason = Some("instead of dan@bakery.example".into());
    g.grant_access(&profile, &about).unwrap();
    assert_eq!(
        g.access_timeline(&profile, &dan, None, 10).unwrap().rows.len(),
        2,
        "only what was done to Dan"
    );
}

#[test]
fn a_person_is_found_by_any_spelling_and_nonsense_is_refused() {
    let (world, profile) = peopled();
    let (principal, rows) = world
        .gatehouse
        .access_of_person(&profile, " ANN@Bakery.example", 1)
        .unwrap();
    assert_eq!(
        (principal.to_ascii_lowercase().as_str(), rows.total),
        ("ann@bakery.example", 2),
        "one person"
    );
    let refused = world.gatehouse.access_of_person(&profile, "ann", 1).unwrap_err();
    assert_eq!(refused.code, ErrorCode::EmailInvalid, "not an address");
    let (_, none) = world.gatehouse.access_of_person(&profile, "zoe@x.example", 1).unwrap();
    assert!(none.rows.is_empty(), "a stranger has nothing");
}

#[test]
fn leavers_are_looked_up_everywhere_and_those_without_access_are_named() {
    let (world, profile) = peopled();
    let g = &world.gatehouse;
    let list = gatehouse_core::access::leavers::Leavers::read("Ann <ANN@bakery.example>; zoe@x.example\nrubbish");
    let query = InventoryQuery {
        view: View::Leavers,
        leavers: Some(Arc::new(list.persons.iter().cloned().collect())),
        ..InventoryQuery::default()
    };
    let page = g.access_page(&profile, &query, (0, 10)).unwrap();
    assert_eq!((page.total, page.counts.leavers), (2, 2), "both merchants");
    assert_eq!(
        g.leavers_without_access(&profile, &list).unwrap(),
        ["zoe@x.example"],
        "nobody is lost"
    );
    assert_eq!(list.unreadable.len(), 1, "nor is the rubbish");
}
