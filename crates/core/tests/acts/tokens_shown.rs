//! Calls drawn without secrets, extra merchant data built and sent, tables planned and held, and who did what.

use gatehouse_core::ErrorCode;
use gatehouse_core::profile::Profile;
use gatehouse_core::tokens::{
    ChargeToken, MerchantDataPart, NewToken, PlaceLinkedOrder, PlannedFate, Presence, ReconcileOptions, StartLinking,
    TableControl, Terms, TokenCall, UpdateLinking, build_merchant_data, lint_merchant_data, merchant_data_packages,
};

use reqwest::Method;
use serde_json::json;

use super::tokens_course::{charging, made, v1_login};
use super::tokens_vault::{CLASSIC, LINKING, PAYMENT, behind, secret};
use super::world::{World, ready};

const HEAD: &str = "customer_token,customer_token_reference,merchant,scopes,customer_id,subscription_id,created_at\n";

fn part(package: &str, member: &str, value: &str) -> MerchantDataPart {
    MerchantDataPart {
        package: package.into(),
        entry: 0,
        member: member.into(),
        value: value.into(),
    }
}

fn buying(amount: i64, payment: &str) -> Terms {
    Terms {
        currency: "EUR".into(),
        country: Some("DE".into()),
        amount: Some(amount),
        payment_reference: Some(payment.into()),
        ..Terms::default()
    }
}

fn session(world: &World, profile: &Profile) -> String {
    let request = StartLinking {
        terms: buying(2_500, "o-1"),
        ..StartLinking::default()
    };
    world.gatehouse.start_linking(profile, &request).unwrap().id
}

#[test]
fn what_is_built_has_no_finding_and_what_cannot_stand_in_it_is_named() {
    for package in merchant_data_packages() {
        let parts: Vec<MerchantDataPart> = package
            .members
            .iter()
            .map(|member| {
                let value = match member.holds {
                    "text" => "abc",
                    "count" => "12",
                    "truth" => "true",
                    _ => "2023-01-14T12:00:00Z",
                };
                part(package.name, &member.name, value)
            })
            .collect();
        let built = build_merchant_data(&parts).unwrap();
        assert_eq!(
            lint_merchant_data(&built.attachment, Some("authorize")).unwrap(),
            [],
            "every member of {} at once: {}",
            package.name,
            built.attachment
        );
    }
    for (wrong, place) in [
        (part("customer_account", "x", "1"), "customer_account"),
        (part("customer_account_info", "x", "1"), "customer_account_info[0].x"),
        (
            part("customer_account_info", "account_registration_date", "14.1.2023"),
            "customer_account_info[0].account_registration_date",
        ),
        (
            part("payment_history_simple", "paid_before", "perhaps"),
            "payment_history_simple[0].paid_before",
        ),
        (
            part("customer_account_info", "unique_account_identifier", "192.168.0.1"),
            "customer_account_info[0].unique_account_identifier",
        ),
    ] {
        let refused = build_merchant_data(&[wrong]).unwrap_err();
        assert!(
            refused.code == ErrorCode::InputInvalid && refused.message.contains(place),
            "{refused}"
        );
    }
    assert!(build_merchant_data(&[]).is_err(), "nothing is no attachment");
    let twice = part("payment_history_simple", "paid_before", "true");
    assert!(
        build_merchant_data(&[twice.clone(), twice]).is_err(),
        "nothing is said twice"
    );
}

#[test]
fn a_session_is_changed_with_merchant_data_and_its_order_has_the_new_terms() {
    let (world, profile) = ready();
    v1_login(&world, &profile);
    world.gatehouse.accept_linking_terms(&profile).unwrap();
    let id = session(&world, &profile);
    let built = build_merchant_data(&[part("customer_account_info", "unique_account_identifier", "c-1")]).unwrap();
    let wish = UpdateLinking {
        session: id.clone(),
        terms: Some(buying(3_100, "o-2")),
        merchant_data: Some(built.attachment),
    };
    world.gatehouse.update_linking(&profile, &wish).unwrap();
    assert_eq!(
        world.entries(2),
        ["linking.update intent -", "linking.update outcome succeeded"],
        "an act of its own"
    );
    let call = TokenCall::PlaceOrder { session: id.clone() };
    let drawn = world.gatehouse.sketch_token_call(&profile, &call).unwrap();
    assert!(
        drawn.json.contains("3100"),
        "the order has the new terms: {}",
        drawn.json
    );
    let object = r#"{"attachment":{"content_type":"application/vnd.klarna.internal.emd-v2+json","body":{}}}"#;
    let size = world.size();
    for wish in [
        UpdateLinking {
            merchant_data: Some(object.into()),
            ..wish.clone()
        },
        UpdateLinking {
            terms: None,
            merchant_data: None,
            ..wish.clone()
        },
    ] {
        let refused = world.gatehouse.update_linking(&profile, &wish).unwrap_err();
        assert_eq!(refused.code, ErrorCode::InputInvalid, "{refused}");
    }
    assert_eq!(world.size(), size, "and nothing was sent");
}

#[test]
fn every_call_is_drawn_without_a_secret_and_without_being_sent() {
    let (world, profile) = ready();
    v1_login(&world, &profile);
    world.gatehouse.accept_linking_terms(&profile).unwrap();
    let classic = world
        .gatehouse
        .add_token(&profile, &secret(CLASSIC), &NewToken::default())
        .unwrap();
    let linking = world
        .gatehouse
        .add_token(&profile, &secret(LINKING), &NewToken::default())
        .unwrap();
    let paying = made(&world, &profile, Presence::CustomerNotPresent, "drawn");
    let id = session(&world, &profile);
    let v1_charge = ChargeToken {
        token: classic.id.to_string(),
        terms: buying(1, "p-1"),
        ..ChargeToken::default()
    };
    let (token, size) = (paying.id.to_string(), world.size());
    let calls = [
        TokenCall::Check { token: token.clone() },
        TokenCall::Revoke { token },
        TokenCall::Charge(charging(&paying, Presence::CustomerNotPresent, "p-2")),
        TokenCall::Check {
            token: classic.id.to_string(),
        },
        TokenCall::Revoke {
            token: classic.id.to_string(),
        },
        TokenCall::Charge(v1_charge),
        TokenCall::StartLinking(StartLinking {
            token: Some(linking.id.to_string()),
            terms: buying(5, "o-9"),
            ..StartLinking::default()
        }),
        TokenCall::ReadLinking { session: id.clone() },
        TokenCall::PlaceOrder { session: id.clone() },
        TokenCall::UpdateLinking(UpdateLinking {
            session: id,
            terms: Some(buying(6, "o-1")),
            merchant_data: None,
        }),
    ];
    for call in calls {
        let drawn = world.gatehouse.sketch_token_call(&profile, &call).unwrap();
        let text = format!("{} {} {}", drawn.url, drawn.curl, drawn.json);
        for whole in [CLASSIC, LINKING, &world.address.api_key, &world.address.control_token] {
            assert!(!text.contains(whole), "{call:?} shows a secret: {text}");
        }
        assert!(text.contains("$KLARNA_"), "variables stand for secrets: {text}");
    }
    assert_eq!(world.size(), size, "drawing records nothing, because nothing is done");
}

#[test]
fn the_plan_of_an_import_says_what_the_import_does() {
    let (world, profile) = ready();
    let gatehouse = &world.gatehouse;
    gatehouse
        .add_token(&profile, &secret(CLASSIC), &NewToken::default())
        .unwrap();
    let told = NewToken {
        reference: Some("known".into()),
        ..NewToken::default()
    };
    gatehouse.add_token(&profile, &secret(LINKING), &told).unwrap();
    let table =
        format!("{HEAD}{PAYMENT},new,,,,,\n{CLASSIC},more,,,,,\n{LINKING},other,,,,,\n{PAYMENT},,,,,,\n,x,,,,,\n");
    let control = TableControl::default();
    let size = world.size();
    let plan = gatehouse
        .plan_token_import(&profile, table.as_bytes(), &control, &|_| ())
        .unwrap();
    let fates: Vec<(u32, PlannedFate)> = plan.rows.iter().map(|row| (row.line, row.fate)).collect();
    let expected = [
        (2, PlannedFate::Added),
        (3, PlannedFate::Updated),
        (4, PlannedFate::Known),
        (5, PlannedFate::Repeated),
    ];
    assert_eq!(fates, expected, "{plan:?}");
    assert!(
        plan.rows[2]
            .differs
            .as_ref()
            .is_some_and(|what| what.contains("reference")),
        "what the vault knows otherwise is told: {plan:?}"
    );
    assert_eq!((plan.bad, plan.troubles[0].line), (1, 6), "{plan:?}");
    assert!(!format!("{plan:?}").contains(PAYMENT), "no token stands in a plan");
    assert_eq!(world.size(), size, "a plan is not recorded");
    assert_eq!(gatehouse.token_counts(&profile).unwrap().all(), 2, "and keeps nothing");
    let done = gatehouse
        .import_tokens(&profile, ("t.csv", table.as_bytes()), &control, &|_| ())
        .unwrap();
    assert_eq!(
        (done.added, done.updated, done.unchanged, done.repeated, done.bad),
        (plan.added, plan.updated, plan.unchanged, plan.repeated, plan.bad),
        "the two agree"
    );
}

#[test]
fn an_import_that_is_ended_goes_on_with_the_same_table() {
    use std::fmt::Write;
    let (world, profile) = ready();
    let mut table = HEAD.to_owned();
    for number in 0..5_000 {
        let _ = writeln!(table, "krn:customer-token:eu1:import-{number:08},r-{number},,,,,");
    }
    let control = TableControl::default();
    let done = world
        .gatehouse
        .import_tokens(&profile, ("t.csv", table.as_bytes()), &control, &|progress| {
            assert_eq!(progress.total, 5_000, "the lines are counted beforehand");
            control.stop();
        })
        .unwrap();
    assert!(
        done.stopped && done.added == 2_000,
        "what was kept by then stays: {done:?}"
    );
    let control = TableControl::default();
    let rest = world
        .gatehouse
        .import_tokens(&profile, ("t.csv", table.as_bytes()), &control, &|_| ())
        .unwrap();
    assert_eq!(
        (rest.added, rest.unchanged, rest.stopped),
        (3_000, 2_000, false),
        "{rest:?}"
    );
}

#[test]
fn a_reconciliation_that_is_held_goes_on_and_an_ended_one_leaves_the_rest_to_the_next() {
    let (world, profile) = ready();
    let mut table = HEAD.to_owned();
    for name in ["one", "two", "three"] {
        made(&world, &profile, Presence::CustomerNotPresent, name);
        table.push_str(&format!(",crm-{name},,,,,\n"));
    }
    let options = ReconcileOptions {
        per_second: 20,
        ..ReconcileOptions::default()
    };
    let control = TableControl::default();
    let first = world
        .gatehouse
        .reconcile_tokens(&profile, ("t.csv", table.as_bytes()), options, &control, &|_| {
            control.stop();
        })
        .unwrap();
    assert!(
        first.stopped && first.asked == 1 && first.left == 2,
        "two are left: {first:?}"
    );
    let control = TableControl::default();
    let held = std::time::Duration::from_millis(300);
    let began = std::time::Instant::now();
    let second = std::thread::scope(|scope| {
        control.hold();
        scope.spawn(|| {
            std::thread::sleep(held);
            control.go_on();
        });
        world
            .gatehouse
            .reconcile_tokens(&profile, ("t.csv", table.as_bytes()), options, &control, &|_| ())
            .unwrap()
    });
    assert!(began.elapsed() >= held, "it was held");
    assert_eq!(
        (second.asked, second.fresh, second.left, second.stopped),
        (2, 1, 0, false),
        "the same table goes on where it was: {second:?}"
    );
}

#[test]
fn a_tokens_story_says_who_and_where_in_the_log() {
    let (world, profile) = ready();
    let token = made(&world, &profile, Presence::CustomerNotPresent, "told");
    let story = world.gatehouse.token_story(&profile, &token.id.to_string()).unwrap();
    let own = world.gatehouse.standing(&profile).unwrap().key_id;
    assert!(!story.is_empty(), "something happened");
    for line in story.iter().filter(|line| line.seq.is_some()) {
        assert_eq!(
            line.who.as_deref(),
            Some(own.as_str()),
            "the own key, as nobody is listed: {line:?}"
        );
    }
}

#[test]
fn a_linking_session_is_sealed_anew_with_the_vault() {
    let (world, profile) = ready();
    v1_login(&world, &profile);
    world.gatehouse.accept_linking_terms(&profile).unwrap();
    session(&world, &profile);
    let key = || -> (String, Vec<u8>) {
        behind(&world)
            .query_row("SELECT key_id, client FROM linking_session", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .unwrap()
    };
    let before = key();
    world.gatehouse.rotate_vault(&|_| ()).unwrap();
    let after = key();
    assert!(before.0 != after.0 && before.1 != after.1, "another key seals it");
    world.gatehouse.rotate_vault(&|_| ()).unwrap();
    assert_ne!(key().0, after.0, "and what was sealed anew opens");
}

#[test]
fn an_order_whose_answer_was_lost_is_settled_by_reading_its_session() {
    let (world, profile) = ready();
    v1_login(&world, &profile);
    world.gatehouse.accept_linking_terms(&profile).unwrap();
    for (when, settled) in [("before", "refused"), ("after", "unknown")] {
        let id = session(&world, &profile);
        let known = world.gatehouse.linking_sessions(&profile, 1).unwrap();
        let agreed = json!({ "session_id": known[0].session_id });
        let agreed = world.control(Method::POST, "consent", Some(&agreed));
        let fault = json!({ "kind": "status", "status": 503, "path": "/order", "when": when, "times": 1 });
        world.control(Method::POST, "faults", Some(&fault));
        let request = PlaceLinkedOrder {
            session: &id,
            authorization: &secret(agreed["authorization_token"].as_str().unwrap()),
        };
        let lost = world.gatehouse.place_linked_order(&profile, request).unwrap_err();
        assert_eq!(
            world.entries(1),
            ["linking.order outcome unknown"],
            "nobody knows yet ({when}): {lost}"
        );
        world.gatehouse.reconcile().unwrap();
        assert_eq!(
            world.entries(1),
            [format!("linking.order outcome {settled}")],
            "lost {when} it was done"
        );
    }
}
