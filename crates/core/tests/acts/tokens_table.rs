//! Tables of tokens: nothing lost, nothing run, nothing told that is a secret.

use gatehouse_core::ErrorCode;
use gatehouse_core::tokens::{
    Difference, NewToken, Presence, ReconcileOptions, Reconciled, RevokeToken, TableControl, TokenQuery, TokenState,
};
use serde_json::json;

use super::tokens_course::{charging, made};
use super::tokens_vault::{CLASSIC, LINKING, PAYMENT, secret};
use super::world::{BAKERY, ready};

const HEAD: &str = "customer_token,customer_token_reference,merchant,scopes,customer_id,subscription_id,created_at\n";

fn kinds(found: &Reconciled) -> Vec<(Option<u32>, Difference)> {
    found.differences.iter().map(|row| (row.line, row.difference)).collect()
}

#[test]
fn good_rows_are_kept_bad_rows_are_told_by_line_and_a_second_time_adds_nothing() {
    let (world, profile) = ready();
    let live = LINKING.replace(":test:", ":live:");
    let table = format!(
        "{HEAD}{PAYMENT},ref-1,{BAKERY},payment:customer_not_present,c-1,sub-1,2025-03-01\n\
         {CLASSIC},=HYPERLINK(1),{BAKERY},,@sum,,1723791546000\n\
         {},ref-3,{BAKERY},,,,\n\
         {live},ref-4,{BAKERY},,,,\n\
         two words,ref-5,{BAKERY},,,,\n\
         ,ref-6,{BAKERY},,,,\n\
         krn:customer-token:eu1:11111111,ref-7,NOBODY,,,,\n\
         krn:customer-token:eu1:22222222,ref-8,{BAKERY},,,,yesterday\n\
         tomorrows-opaque-token,ref-9,krn:partner:global:account:test:ZZZZ9999,payment:customer_present customer:login,,,\n",
        CLASSIC.to_uppercase()
    );
    let done = world
        .gatehouse
        .import_tokens(
            &profile,
            ("old.csv", table.as_bytes()),
            &TableControl::default(),
            &|_| (),
        )
        .unwrap();
    assert_eq!((done.added, done.repeated, done.bad), (3, 1, 5), "{done:?}");
    let lines: Vec<u32> = done.troubles.iter().map(|bad| bad.line).collect();
    assert_eq!(lines, [5, 6, 7, 8, 9], "each bad row by its line");
    assert!(
        !format!("{done:?}").contains("Ab0Cd1Ef2"),
        "and no token is told: {done:?}"
    );
    let formula = world.gatehouse.token(&profile, "=HYPERLINK(1)").unwrap();
    assert_eq!(formula.customer.as_deref(), Some("@sum"), "a formula is text");
    assert_eq!(formula.created_ms, Some(1_723_791_546_000), "times in either form");
    let again = world
        .gatehouse
        .import_tokens(
            &profile,
            ("old.csv", table.as_bytes()),
            &TableControl::default(),
            &|_| (),
        )
        .unwrap();
    assert_eq!(
        (again.added, again.unchanged),
        (0, 3),
        "begun again, it adds nothing: {again:?}"
    );
    for (bad, expected) in [
        ("", ErrorCode::ImportUnreadable),
        ("merchant,scopes\na,b\n", ErrorCode::ImportUnreadable),
        (&format!("{HEAD}a b,,,,,,\n"), ErrorCode::ImportNothingUsable),
    ] {
        let refused = world
            .gatehouse
            .import_tokens(&profile, ("bad.csv", bad.as_bytes()), &TableControl::default(), &|_| ())
            .unwrap_err();
        assert_eq!(refused.code, expected, "{bad:?}");
    }
}

#[test]
fn a_reconciliation_names_every_difference_and_asks_klarna_at_its_pace() {
    let (world, profile) = ready();
    let gatehouse = &world.gatehouse;
    let living = made(&world, &profile, Presence::CustomerNotPresent, "living");
    let ended = made(&world, &profile, Presence::CustomerNotPresent, "ended");
    let elsewhere = made(&world, &profile, Presence::CustomerNotPresent, "elsewhere");
    let absent = made(&world, &profile, Presence::CustomerNotPresent, "absent");
    gatehouse
        .charge_token(&profile, &charging(&ended, Presence::CustomerNotPresent, "inv-1"))
        .unwrap();
    let request = RevokeToken {
        token: ended.id.to_string(),
        reason: "asked".into(),
        confirmation: String::new(),
    };
    gatehouse.revoke_token(&profile, &request).unwrap();
    let change = json!({ "customer_token_reference": "crm-elsewhere", "status": "REVOKED", "by": "customer" });
    world.control(reqwest::Method::PUT, "tokens", Some(&change));
    gatehouse
        .add_token(&profile, &secret(CLASSIC), &NewToken::default())
        .unwrap();
    let live = LINKING.replace(":test:", ":live:");
    let table = format!(
        "{HEAD},crm-living,,,,,\n,crm-ended,,,,,\n,crm-elsewhere,,,,,\n{PAYMENT},new,,,,,\n{live},,,,,,\n,crm-living,,,,,\n,,x,,,,\n,nobody,,,,,\n"
    );
    let control = TableControl::default();
    let options = ReconcileOptions {
        per_second: 20,
        ask_again: true,
        ..ReconcileOptions::default()
    };
    let found = gatehouse
        .reconcile_tokens(&profile, ("t.csv", table.as_bytes()), options, &control, &|_| ())
        .unwrap();
    let mut expected = vec![
        (Some(3), Difference::EndedButBilled),
        (Some(4), Difference::EndedButBilled),
        (Some(5), Difference::MissingHere),
        (Some(6), Difference::WrongEnvironment),
        (Some(7), Difference::Doubled),
        (Some(8), Difference::Unusable),
        (Some(9), Difference::MissingHere),
        (None, Difference::MissingThere),
        (None, Difference::MissingThere),
    ];
    expected.sort_by_key(|(line, _)| line.unwrap_or(u32::MAX));
    assert_eq!(kinds(&found), expected, "{found:?}");
    assert_eq!((found.rows, found.alike, found.asked), (8, 1, 2), "{found:?}");
    let known = gatehouse.token(&profile, &elsewhere.id.to_string()).unwrap();
    assert_eq!(known.state, TokenState::Revoked, "what Klarna says is kept");
    assert_eq!(
        gatehouse.token(&profile, &absent.id.to_string()).unwrap().state,
        TokenState::Active,
        "others were not asked"
    );
    let csv = gatehouse_core::tokens::reconcile_csv(&found.differences);
    assert!(
        csv.contains("\"ended_but_billed\"") && !csv.contains(PAYMENT),
        "a table without tokens: {csv}"
    );
    let stopped = TableControl::default();
    stopped.stop();
    let found = gatehouse
        .reconcile_tokens(&profile, ("t.csv", table.as_bytes()), options, &stopped, &|_| ())
        .unwrap();
    assert!(found.stopped && found.asked == 0, "it is ended from outside");
    let resumed = ReconcileOptions {
        ask_again: false,
        ..options
    };
    let found = gatehouse
        .reconcile_tokens(&profile, ("t.csv", table.as_bytes()), resumed, &control, &|_| ())
        .unwrap();
    assert_eq!(found.asked, 0, "what was asked today is not asked again");
    let _ = living;
}

#[test]
fn klarna_saying_too_much_makes_it_rest_and_go_on() {
    let (world, profile) = ready();
    made(&world, &profile, Presence::CustomerNotPresent, "one");
    world.fault(
        &json!({ "kind": "status", "status": 429, "code": "RATE_LIMITED", "path": "customer-token", "times": 1 }),
    );
    let table = format!("{HEAD},crm-one,,,,,\n");
    let options = ReconcileOptions {
        per_second: 20,
        ask_again: true,
        ..ReconcileOptions::default()
    };
    let control = TableControl::default();
    let found = world
        .gatehouse
        .reconcile_tokens(&profile, ("t.csv", table.as_bytes()), options, &control, &|_| ())
        .unwrap();
    assert_eq!((found.alike, found.differences.len()), (1, 0), "{found:?}");
    assert_eq!(
        world
            .gatehouse
            .tokens(&profile, &TokenQuery::default())
            .unwrap()
            .tokens
            .len(),
        1,
        "one token"
    );
}
