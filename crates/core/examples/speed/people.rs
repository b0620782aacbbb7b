//! The inventory of people's access: every view by every way in, and words as they are typed, each as a first page with its total.
//!
//! Each question is asked right after another one, so that no answer is cut from the last. The rows of a page are read from the
//! ledger, as the window gets them.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

use gatehouse_core::access::inventory::{Inventory, InventoryQuery, Order, View};
use gatehouse_core::access::{Grant, GrantOrigin, ledger};
use gatehouse_core::database;
use gatehouse_core::merchants::{self, NewMerchant};
use gatehouse_klarna::AccountKrn;
use uuid::Uuid;

use crate::{ms, say};

const DAY: i64 = 86_400_000;
/// 21 November 2026.
const NOW: i64 = 1_795_262_400_000;
const MERCHANTS: u32 = 10_000;
const PERSONS: u32 = 60_000;
const TYPED: &[&str] = &[
    "a",
    "an",
    "ann",
    "ann.",
    "person1",
    "59999",
    "@shop",
    "@shop7",
    "se-00",
    "SE-00417",
    "bageri",
    "åsa",
    "東",
    "e 1",
    "person bageri",
    "nobody at all",
    "MB6",
    "ltd",
    "x",
    ".example",
];
const PAGE: (u32, u32) = (0, 100);

pub fn measure(grants: u32) {
    let dir = tempfile::tempdir().unwrap();
    let profile = Uuid::new_v4();
    let mut connection = database::open(dir.path()).unwrap();
    fill(&mut connection, profile, grants);
    let begin = Instant::now();
    let mut inventory = Inventory::load(&connection, profile, 0).unwrap();
    say("load", &[ms(begin)]);
    assert_eq!(inventory.len(), grants as usize, "all grants");
    let (mut views, mut typed) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        for query in questions() {
            views.push(asked(&connection, &mut inventory, &query));
        }
        for text in TYPED {
            let query = InventoryQuery {
                text: (*text).to_owned(),
                view: View::Living,
                ..InventoryQuery::default()
            };
            typed.push(asked(&connection, &mut inventory, &query));
        }
    }
    say("views", &views);
    say("typed", &typed);
    say("change", &changes(&connection, &mut inventory, profile));
}

/// Every view by every way in, and two roles.
fn questions() -> Vec<InventoryQuery> {
    let leavers: HashSet<String> = (0..500).map(|at| person(at * 7)).collect();
    let leavers = Some(Arc::new(leavers));
    let orders = [
        Order::Newest,
        Order::SoonestEnd,
        Order::Role,
        Order::Person,
        Order::Merchant,
    ];
    let mut all = Vec::new();
    for view in View::ALL {
        for order in orders {
            all.push(InventoryQuery {
                view,
                order,
                leavers: leavers.clone(),
                role: (order == Order::Role).then(|| "merchant:admin".to_owned()),
                ..InventoryQuery::default()
            });
        }
    }
    all
}

/// The first page of grants, of persons and of merchants take turns, by the order that is asked for.
fn asked(connection: &rusqlite::Connection, inventory: &mut Inventory, query: &InventoryQuery) -> f64 {
    let begin = Instant::now();
    inventory.refresh(connection, 0).unwrap();
    match query.order {
        Order::Person => drop(inventory.persons(query, NOW, PAGE)),
        Order::Merchant => drop(inventory.merchants(query, NOW, PAGE)),
        Order::Newest | Order::SoonestEnd | Order::Role | Order::LivingFirst => {
            let found = inventory.page(query, NOW, PAGE);
            ledger::by_ids(connection, &found.ids).unwrap();
        }
    }
    ms(begin)
}

/// A grant that is new, and the first page after it.
fn changes(connection: &rusqlite::Connection, inventory: &mut Inventory, profile: Uuid) -> Vec<f64> {
    let mut times = Vec::new();
    for at in 0..20 {
        ledger::save(connection, &grant(profile, 1_000_000 + at, NOW)).unwrap();
        times.push(asked(connection, inventory, &InventoryQuery::default()));
    }
    times
}

fn fill(connection: &mut rusqlite::Connection, profile: Uuid, grants: u32) {
    let rows: Vec<NewMerchant> = gatehouse_sandbox::generate(MERCHANTS)
        .map(|row| NewMerchant {
            name: row.name,
            reference: row.reference,
            ..NewMerchant::of(AccountKrn::parse(&row.account_id).unwrap())
        })
        .collect();
    merchants::upsert(connection, &profile.to_string(), &rows, 0).unwrap();
    let transaction = connection.transaction().unwrap();
    transaction
        .execute(
            "INSERT INTO profile (id, name, environment, account, account_name, user_email, endpoint, allowed_hosts, policy,
                                  created_at_ms) VALUES (?1, 'p', 'test', '', '', '', '{}', '', '{}', 0)",
            [profile.to_string()],
        )
        .unwrap();
    for at in 0..grants {
        let mut grant = grant(profile, at, NOW - i64::from(at % 400) * DAY);
        grant.merchant_id = rows.get(at as usize * 7 % rows.len()).unwrap().id.as_str().to_owned();
        ledger::save(&transaction, &grant).unwrap();
    }
    transaction.commit().unwrap();
}

fn person(at: u32) -> String {
    format!("ann.person{}@shop{}.example", at % PERSONS, at % 997)
}

fn grant(profile: Uuid, at: u32, changed_at_ms: i64) -> Grant {
    let revoked = at % 11 == 4;
    Grant {
        id: Uuid::from_u128(u128::from(at) + 1),
        profile,
        merchant_id: "krn:partner:global:account:test:CHANGED1".into(),
        principal: person(at),
        person: person(at),
        // Sixty thousand persons and ten thousand merchants meet more than once.
        on_behalf_of: format!("krn:partner:global:account:test:BEHALF{at}"),
        roles: vec![
            if at % 5 == 1 {
                "merchant:admin"
            } else {
                "merchant:developer"
            }
            .into(),
        ],
        expires_on: (at % 13 == 6).then(|| format!("2026-12-{:02}", 1 + at % 28).parse().unwrap()),
        inactivity: at.is_multiple_of(3).then(|| "P3M".into()),
        origin: GrantOrigin::Granted,
        invited: at % 8 == 3,
        reason: Some("runs the checkout".into()),
        granted_by: "0123456789abcdef".into(),
        granted_at_ms: changed_at_ms,
        changed_at_ms,
        doubtful: false,
        revoke_accepted_ms: revoked.then_some(changed_at_ms),
        out_by_ms: revoked.then_some(changed_at_ms + 300_000),
    }
}
