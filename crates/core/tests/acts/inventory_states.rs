//! The inventory's numbers say of every grant what the grant itself says, at any moment, and after any change.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use gatehouse_core::access::inventory::{Inventory, InventoryQuery, Order, View};
use gatehouse_core::access::{Grant, GrantOrigin, GrantState, ledger};
use gatehouse_core::database;
use rusqlite::Connection;
use uuid::Uuid;

const DAY: i64 = 86_400_000;
/// 20 November 2026, noon UTC.
const NOW: i64 = 1_795_176_000_000;
const ROLES: [&str; 3] = [
    "merchant:developer",
    "merchant:admin merchant:developer",
    "merchant:admin",
];
const ENDS: [Option<&str>; 6] = [
    None,
    Some("2026-11-20"),
    Some("2026-11-21"),
    Some("2026-12-04"),
    Some("2026-12-05"),
    Some("2028-02-29"),
];
const PERIODS: [Option<&str>; 5] = [None, Some("P1D"), Some("P1M"), Some("P30D"), Some("P6M")];

/// Numbers that look thrown, the same at each run.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, below: u64) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % below).unwrap()
    }

    fn grant(&mut self, profile: Uuid, id: usize) -> Grant {
        let changed_at_ms = NOW - i64::try_from(self.throw(60)).unwrap() * DAY;
        let revoked = (self.throw(4) == 0).then_some(changed_at_ms);
        Grant {
            id: Uuid::from_u128(id as u128 + 1),
            profile,
            merchant_id: format!("krn:partner:global:account:test:MERCHANT{}", id % 17),
            principal: format!("Person{}@x.example", id / 17),
            person: format!("person{}@x.example", id / 17),
            on_behalf_of: "krn:partner:global:account:test:MERCHANT".into(),
            roles: ROLES[self.throw(3)].split(' ').map(str::to_owned).collect(),
            expires_on: ENDS[self.throw(6)].map(|day| day.parse().unwrap()),
            inactivity: PERIODS[self.throw(5)].map(str::to_owned),
            origin: GrantOrigin::Granted,
            invited: self.throw(2) == 0,
            reason: None,
            granted_by: String::new(),
            granted_at_ms: changed_at_ms,
            changed_at_ms,
            doubtful: self.throw(9) == 0,
            revoke_accepted_ms: revoked,
            out_by_ms: revoked.map(|at| at + 300_000),
        }
    }
}

fn place() -> (tempfile::TempDir, Connection, Uuid) {
    let dir = tempfile::tempdir().unwrap();
    let connection = database::open(dir.path()).unwrap();
    let profile = Uuid::new_v4();
    connection
        .execute(
            "INSERT INTO profile (id, name, environment, account, account_name, user_email, endpoint, allowed_hosts, policy,
                                  created_at_ms) VALUES (?1, 'p', 'test', '', '', '', '{}', '', '{}', 0)",
            [profile.to_string()],
        )
        .unwrap();
    (dir, connection, profile)
}

/// What the grant itself says of a view.
fn belongs(grant: &Grant, view: View, leavers: &HashSet<String>, now_ms: i64) -> bool {
    let over = grant.days_left(now_ms).is_some_and(|days| days <= 0);
    let revoked = grant.revoke_accepted_ms.is_some();
    let living = !over && grant.state(now_ms, None) != GrantState::Revoked;
    match view {
        View::Every => true,
        View::Living => living,
        View::Expiring => !revoked && grant.days_left(now_ms).is_some_and(|days| (1..=14).contains(&days)),
        View::Dormant => !revoked && !over && grant.is_dormant(now_ms, None),
        View::Leavers => !revoked && !over && leavers.contains(&grant.person),
        View::Admins => !revoked && !over && grant.roles.iter().any(|role| role == "merchant:admin"),
        View::Ended => revoked || over,
    }
}

fn agree(inventory: &mut Inventory, grants: &[Grant], now_ms: i64) {
    let leavers: Arc<HashSet<String>> = Arc::new((0..40).map(|at| format!("person{}@x.example", at * 3)).collect());
    for view in View::ALL {
        let query = InventoryQuery {
            view,
            leavers: Some(Arc::clone(&leavers)),
            ..InventoryQuery::default()
        };
        let found = inventory.page(&query, now_ms, (0, u32::MAX));
        let said: BTreeSet<Uuid> = found.ids.iter().copied().collect();
        let meant = grants.iter().filter(|grant| belongs(grant, view, &leavers, now_ms));
        let meant: BTreeSet<Uuid> = meant.map(|grant| grant.id).collect();
        assert_eq!(said, meant, "{view:?} at {now_ms}");
        assert_eq!(found.total as usize, meant.len(), "{view:?}: each once");
        let persons: BTreeSet<&str> = grants
            .iter()
            .filter(|grant| meant.contains(&grant.id))
            .map(|grant| grant.person.as_str())
            .collect();
        let listed = inventory.persons(&query, now_ms, (0, u32::MAX)).rows;
        let listed: Vec<&str> = listed.iter().map(|row| row.person.as_str()).collect();
        assert_eq!(
            listed,
            persons.into_iter().collect::<Vec<_>>(),
            "{view:?}: whoever has it, by address"
        );
    }
}

#[test]
fn every_view_holds_what_the_grants_themselves_say_at_any_moment() {
    let (_dir, connection, profile) = place();
    let mut dice = Dice(7);
    let mut grants: Vec<Grant> = (0..2_000).map(|id| dice.grant(profile, id)).collect();
    grants
        .iter()
        .for_each(|grant| ledger::save(&connection, grant).unwrap());
    let mut inventory = Inventory::load(&connection, profile, 0).unwrap();
    for days in [0, 1, 15, 31, 200, 700] {
        agree(&mut inventory, &grants, NOW + days * DAY + 1);
    }
    for round in 0..5 {
        for _ in 0..50 {
            let id = dice.throw(2_100);
            let changed = dice.grant(profile, id);
            ledger::save(&connection, &changed).unwrap();
            match grants.iter_mut().find(|grant| grant.id == changed.id) {
                Some(known) => *known = changed,
                None => grants.push(changed),
            }
        }
        inventory.refresh(&connection, round).unwrap();
        agree(&mut inventory, &grants, NOW + DAY);
    }
    let mut anew = Inventory::load(&connection, profile, 0).unwrap();
    agree(&mut anew, &grants, NOW + DAY);
}

fn living_first(grant: &Grant) -> (bool, std::cmp::Reverse<i64>) {
    let living = belongs(grant, View::Living, &HashSet::new(), NOW);
    (!living, std::cmp::Reverse(grant.changed_at_ms))
}

#[test]
fn orders_are_what_they_are_called_and_pages_meet_without_a_gap() {
    let (_dir, connection, profile) = place();
    let mut dice = Dice(11);
    for id in 0..500 {
        ledger::save(&connection, &dice.grant(profile, id)).unwrap();
    }
    let mut inventory = Inventory::load(&connection, profile, 0).unwrap();
    for order in [
        Order::Newest,
        Order::SoonestEnd,
        Order::Role,
        Order::Person,
        Order::Merchant,
        Order::LivingFirst,
    ] {
        let query = InventoryQuery {
            order,
            ..InventoryQuery::default()
        };
        let mut ids = Vec::new();
        for first in (0..500).step_by(70) {
            ids.extend(inventory.page(&query, NOW, (first, 70)).ids);
        }
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 500, "{order:?}: each once");
        let rows = ledger::by_ids(&connection, &ids).unwrap();
        let sorted = rows.is_sorted_by(|(a, _), (b, _)| match order {
            Order::Newest => a.changed_at_ms >= b.changed_at_ms,
            Order::SoonestEnd => b.expires_on.is_none() || a.expires_on.is_some_and(|day| Some(day) <= b.expires_on),
            Order::Role => a.roles.contains(&"merchant:admin".into()) >= b.roles.contains(&"merchant:admin".into()),
            Order::Person => a.person <= b.person,
            Order::Merchant => a.merchant_id <= b.merchant_id,
            Order::LivingFirst => living_first(a) <= living_first(b),
        });
        assert!(sorted, "{order:?}");
    }
}
