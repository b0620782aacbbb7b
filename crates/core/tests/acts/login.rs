//! People who come through the login bridge: recorded as every open, with a session token that rests nowhere.

use std::path::Path;
use std::thread;

use gatehouse_core::key_store::SecretBytes;
use gatehouse_core::portal::{Carried, LoginRequest, SessionState, SessionToken, SignOn, TokenPlacement};
use gatehouse_core::{ErrorCode, Gatehouse, NewSamlKey, Problem};
use serde_json::json;

use super::world::{BAKERY, World, ready, sign_in};

const TOKEN: &str = "c2Vzc2lvbi10b2tlbi1vZi1rbGFybmE.x-y_z";

fn carried(placement: TokenPlacement) -> Carried {
    Carried {
        token: SessionToken::parse(TOKEN).unwrap(),
        placement,
    }
}

fn everything_below(dir: &Path, found: &mut Vec<u8>) {
    for entry in std::fs::read_dir(dir).unwrap().flatten() {
        if entry.path().is_dir() {
            everything_below(&entry.path(), found);
        } else {
            found.extend(std::fs::read(entry.path()).unwrap_or_default());
        }
    }
}

fn rests_nowhere(world: &World) -> bool {
    let mut found = Vec::new();
    everything_below(&world.dir.path().join("data"), &mut found);
    assert!(found.len() > 10_000, "the data directory was read");
    !found.windows(TOKEN.len()).any(|bytes| bytes == TOKEN.as_bytes())
}

#[test]
fn a_sign_in_is_an_open_for_that_person_on_behalf_of_the_merchant() {
    let (world, profile) = ready();
    let request = sign_in(BAKERY, Some(carried(TokenPlacement::RedirectQuery)));
    let opened = world.gatehouse.open_for_login(&profile, request, &|_| ()).unwrap();
    let link = opened.link.as_ref().unwrap();
    assert!(
        link.expose().ends_with(&format!("?deeplink_session_token={TOKEN}")),
        "the token goes back"
    );
    assert_eq!(
        world.entries(2),
        ["portal.open intent -", "portal.open outcome succeeded"],
        "it is in the log"
    );
    let reader = world.gatehouse.audit_reader().unwrap();
    let intent = reader.entry(opened.intent_seq).unwrap().unwrap();
    let said = |name: &str| intent.body.request.get(name).cloned();
    assert_eq!(said("handover"), Some(json!("login")), "the log says how it came about");
    assert_eq!(
        said("session_token"),
        Some(json!("redirect_query")),
        "and where the token went"
    );
    assert_eq!(
        said("on_behalf_of"),
        Some(json!(opened.session.merchant_id)),
        "the merchant's own person"
    );
    let private = intent.private.unwrap();
    assert_eq!(private.get("sub"), Some(&json!("ana@bakery.example")), "who it was");
    assert_eq!(
        private.get("login_subject"),
        Some(&json!("ana-1")),
        "by the provider's word"
    );
    let links = world.links();
    assert_eq!(
        links[0]["subject"],
        json!("ana@bakery.example"),
        "Klarna knows the person"
    );
    assert_eq!(links[0]["roles"], json!(["merchant:developer"]), "and the roles");
    let later = opened.session.link_dead_at_ms + 1;
    assert_eq!(
        opened.session.state(later),
        SessionState::Used,
        "we cannot see that it was not used"
    );
    assert!(rests_nowhere(&world), "the session token rests nowhere");
}

#[test]
fn the_session_token_goes_where_the_configuration_says_and_rests_nowhere() {
    for placement in [TokenPlacement::JwtClaim, TokenPlacement::BodyField] {
        let (world, profile) = ready();
        let opened = world
            .gatehouse
            .open_for_login(&profile, sign_in(BAKERY, Some(carried(placement))), &|_| ());
        let opened = opened.unwrap();
        assert!(
            !opened.link.unwrap().expose().contains(TOKEN),
            "{}: not on the link",
            placement.word()
        );
        assert!(rests_nowhere(&world), "{}: nowhere on disk", placement.word());
    }
}

#[test]
fn several_people_enter_one_merchant_at_once() {
    let (world, profile) = ready();
    thread::scope(|scope| {
        let all: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| world.gatehouse.open_for_login(&profile, sign_in(BAKERY, None), &|_| ())))
            .collect();
        for one in all {
            one.join().unwrap().expect("nobody waits for a colleague");
        }
    });
    assert_eq!(world.links().len(), 4, "each has a link");
    assert!(world.gatehouse.audit_verify().unwrap().is_intact(), "the log holds");
}

#[expect(
    clippy::disallowed_methods,
    reason = "the log's own reader does not count checkpoints"
)]
fn rows(world: &World, table: &str) -> u32 {
    let log = rusqlite::Connection::open(world.dir.path().join("data/audit.db")).unwrap();
    let count = format!("SELECT count(*) FROM {table}");
    log.query_row(&count, [], |row| row.get(0)).unwrap()
}

#[test]
fn acts_of_many_people_at_once_share_commits_and_anchors() {
    let (world, profile) = ready();
    let entries = |table: &str| rows(&world, table);
    let (entries_before, groups_before) = (entries("event"), entries("checkpoint"));
    thread::scope(|scope| {
        for _ in 0..24 {
            scope.spawn(|| {
                world
                    .gatehouse
                    .open_for_login(&profile, sign_in(BAKERY, None), &|_| ())
                    .unwrap()
            });
        }
    });
    let (entries, groups) = (entries("event") - entries_before, entries("checkpoint") - groups_before);
    assert_eq!(entries, 48, "an intent and an outcome for each");
    assert!(
        groups < entries,
        "{entries} entries in {groups} groups: each group has one commit and one anchor"
    );
}

#[test]
fn what_carried_a_secret_in_its_body_is_told_as_unknown_and_not_asked_again() {
    let (world, profile) = ready();
    world.fault(&json!({ "kind": "cut", "when": "after", "path": "deep-links", "times": 0 }));
    let request = sign_in(BAKERY, Some(carried(TokenPlacement::JwtClaim)));
    world
        .gatehouse
        .open_for_login(&profile, request, &|_| ())
        .expect_err("the answer is lost");
    world.clear_faults();
    let made = world.links().len();
    world.again().reconcile().unwrap();
    assert_eq!(world.links().len(), made, "no second link");
    let reader = world.gatehouse.audit_reader().unwrap();
    let last = reader.entry(reader.size().unwrap()).unwrap().unwrap().body.result;
    assert_eq!(
        last.get("reconciled"),
        Some(&json!("sign_in_was_lost")),
        "the log says so"
    );
    assert_eq!(last.get("outcome"), Some(&json!("unknown")), "and that it is not known");
    assert!(
        world.gatehouse.unresolved().unwrap().is_empty(),
        "it is settled all the same"
    );
}

#[test]
fn what_an_account_manager_could_not_open_nobody_can() {
    let (world, profile) = ready();
    let refused = |request: LoginRequest| {
        world
            .gatehouse
            .open_for_login(&profile, request, &|_| ())
            .unwrap_err()
            .code
    };
    assert_eq!(
        refused(sign_in("nobody", None)),
        ErrorCode::MerchantUnknown,
        "an unknown merchant"
    );
    let nameless = LoginRequest {
        person: "ana".into(),
        ..sign_in(BAKERY, None)
    };
    assert_eq!(refused(nameless), ErrorCode::EmailInvalid, "a person without address");
    let without = LoginRequest {
        roles: Vec::new(),
        ..sign_in(BAKERY, None)
    };
    assert_eq!(refused(without), ErrorCode::RoleInvalid, "nobody enters without a role");
    assert!(world.links().is_empty(), "nothing was asked for");
}

#[test]
fn the_providers_secret_lies_in_the_key_store_and_nowhere_on_disk() {
    let (world, _) = ready();
    assert!(
        world.gatehouse.bridge_secret().unwrap().is_none(),
        "there is none at first"
    );
    let secret = SecretBytes::from_slice(TOKEN.as_bytes());
    world.gatehouse.set_bridge_secret(&secret).unwrap();
    let kept = world.gatehouse.bridge_secret().unwrap().unwrap();
    assert_eq!(kept.expose(), secret.expose(), "it is kept");
    assert!(rests_nowhere(&world), "and only there");
    assert_eq!(world.entries(1), ["bridge.secret note succeeded"], "the log says so");
    let nothing = world
        .gatehouse
        .set_bridge_secret(&SecretBytes::from_slice(b""))
        .unwrap_err();
    assert_eq!(nothing.code, ErrorCode::InputInvalid, "nothing is no secret");
}

pub fn signing_on(merchant: &str) -> SignOn {
    let request = sign_in(merchant, None);
    SignOn {
        merchant: request.merchant,
        person: request.person,
        roles: request.roles,
        vouched: request.vouched,
        service: "https://portal.example/saml".into(),
        request: Some("_request-1".into()),
        cert_sha256: "c".repeat(64),
    }
}

/// A key is put where the bridge's first one lies.
pub fn keep_saml_key(gatehouse: &Gatehouse) -> Result<(), Problem> {
    let made = NewSamlKey {
        key: &SecretBytes::from_slice(b"a key"),
        key_id: "thumbprint".into(),
        cert_sha256: "c".repeat(64),
    };
    gatehouse.keep_bridge_saml_key(false, &made)
}

#[test]
fn a_sign_on_by_saml_is_one_note_with_the_person_beside_it() {
    let (world, profile) = ready();
    let recorded = world.gatehouse.record_sign_on(&profile, signing_on(BAKERY)).unwrap();
    assert_eq!(world.entries(1), ["portal.sign_on note succeeded"], "it is in the log");
    let reader = world.gatehouse.audit_reader().unwrap();
    let entry = reader.entry(reader.size().unwrap()).unwrap().unwrap();
    assert_eq!(
        entry.body.merchant.as_deref(),
        Some(recorded.account.as_str()),
        "of which merchant"
    );
    assert_eq!(
        entry.body.request.get("service"),
        Some(&json!("https://portal.example/saml")),
        "to which service"
    );
    let text = serde_json::to_string(&entry.body.request).unwrap();
    assert!(
        !text.contains("_request-1") && text.contains("request_sha256"),
        "{text}"
    );
    let private = entry.private.unwrap();
    assert_eq!(private.get("sub"), Some(&json!("ana@bakery.example")), "who it was");
    assert_eq!(private.get("login_subject"), Some(&json!("ana-1")), "by whose word");
    assert!(world.links().is_empty(), "Klarna was not asked for anything");
    let refused = |asked: SignOn| world.gatehouse.record_sign_on(&profile, asked).unwrap_err().code;
    assert_eq!(
        refused(signing_on("nobody")),
        ErrorCode::MerchantUnknown,
        "an unknown merchant"
    );
    let mut other = signing_on(BAKERY);
    other.person = "no address".into();
    assert_eq!(refused(other), ErrorCode::EmailInvalid, "nobody's address");
}

#[test]
fn saml_keys_lie_in_the_key_store_and_each_is_told() {
    let (world, _) = ready();
    let gatehouse = &world.gatehouse;
    assert!(
        gatehouse.bridge_saml_keys().unwrap().iter().all(Option::is_none),
        "none at first"
    );
    keep_saml_key(gatehouse).unwrap();
    assert_eq!(world.entries(1), ["key.create note succeeded"], "it is in the log");
    let [one, other] = gatehouse.bridge_saml_keys().unwrap();
    assert_eq!(one.unwrap().expose(), b"a key", "it is there");
    assert!(other.is_none(), "the other place is free");
}
