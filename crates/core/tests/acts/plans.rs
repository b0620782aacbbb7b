//! Plans from outside: a trusted colleague's signature does not make a bad row good, and an untrusted one makes none.

use ed25519_dalek::{Signer, SigningKey};
use gatehouse_audit::canonical;
use gatehouse_core::access::run::{RowOutcome, RunControl, RunState};
use gatehouse_core::person::PersonRole;
use gatehouse_core::profile::Profile;
use gatehouse_core::{ErrorCode, RunChoice, StandingPlan};
use reqwest::Method;
use serde_json::{Value, json};

use super::persons::colleague;
use super::world::{BAKERY, World, ready};

/// The secret key of the colleague (RFC 8032, 7.1, test 1).
const SECRET: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";

/// A plan's file as another program could write and sign it.
fn file(world: &World, profile: &Profile, rows: &Value) -> Vec<u8> {
    let secret: [u8; 32] = hex::decode(SECRET).unwrap().try_into().unwrap();
    let key = SigningKey::from_bytes(&secret);
    let time = |ms: i64| {
        let at = jiff::Timestamp::from_millisecond(ms).unwrap();
        format!("{at:.3}")
    };
    let now_ms = world.gatehouse.now_ms();
    let mut plan = json!({
        "format": "gatehouse-access-plan",
        "v": 1,
        "account": profile.account.as_str(),
        "environment": "sandbox",
        "source": "elsewhere",
        "made_at": time(now_ms),
        "expires_at": time(now_ms + 86_400_000),
        "rows": rows,
        "signer": hex::encode(key.verifying_key().to_bytes()),
    });
    let members = plan.as_object_mut().unwrap();
    let signed = canonical::write(members, 1 << 20).unwrap();
    let signature = key.sign(&[&b"gatehouse-access-plan/v1\n"[..], &signed].concat());
    members.insert("signature".into(), hex::encode(signature.to_bytes()).into());
    canonical::write(members, 1 << 20).unwrap()
}

fn row(action: &str, merchant: &str, principal: &str) -> Value {
    let verdict = if action == "grant" { "new" } else { "revoke_unlisted" };
    json!({ "line": 1, "action": action, "merchant": merchant, "principal": principal, "verdict": verdict })
}

fn apply(world: &World, profile: &Profile, bytes: &[u8]) -> Result<StandingPlan, gatehouse_core::Problem> {
    let choice = RunChoice {
        take_over: true,
        ..RunChoice::default()
    };
    world
        .gatehouse
        .apply_plan(profile, bytes, &choice, &RunControl::default(), &|_| ())
}

fn sent(world: &World) -> (Value, Value) {
    let calls = world.control(Method::GET, "calls?path=user-access", None);
    let totals = &calls["totals"];
    (totals["post"]["wire"].clone(), totals["delete"]["wire"].clone())
}

#[test]
fn no_row_of_a_signed_plan_makes_an_empty_or_wide_selector() {
    let (world, profile) = ready();
    world
        .gatehouse
        .add_person(&profile, colleague(&[PersonRole::Operator]))
        .unwrap();
    let other = "krn:partner:global:account:live:MB6KIE1P";
    let rows: Vec<Value> = [
        (BAKERY, ""),
        (BAKERY, " "),
        (BAKERY, "*"),
        (BAKERY, "%"),
        (BAKERY, "ann@bakery.example,bea@bakery.example"),
        ("", "ann@bakery.example"),
        ("*", "ann@bakery.example"),
        (other, "ann@bakery.example"),
    ]
    .into_iter()
    .flat_map(|(merchant, principal)| ["grant", "revoke"].map(|action| row(action, merchant, principal)))
    .collect();
    let bytes = file(&world, &profile, &Value::from(rows.clone()));
    let done = apply(&world, &profile, &bytes).unwrap();
    assert_eq!(
        (
            done.state(),
            done.ended(RowOutcome::Refused) + done.ended(RowOutcome::Stale)
        ),
        (RunState::Done, rows.len()),
        "each row is refused: {:?}",
        done.ends
    );
    assert_eq!(sent(&world), (json!(0), json!(0)), "nothing was sent");
}

#[test]
fn a_plan_of_somebody_unknown_or_of_another_account_is_refused_whole() {
    let (world, profile) = ready();
    let rows = json!([row("revoke", BAKERY, "ann@bakery.example")]);
    let bytes = file(&world, &profile, &rows);
    let refused = apply(&world, &profile, &bytes).unwrap_err();
    assert_eq!(refused.code, ErrorCode::SignerUntrusted, "nobody knows the maker");
    world
        .gatehouse
        .add_person(&profile, colleague(&[PersonRole::Operator]))
        .unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    for changed in [
        text.replace("\"environment\":\"sandbox\"", "\"environment\":\"live\""),
        text.replace("ann@", "bob@"),
        format!("{text} "),
        text.replace("\"v\":1", "\"v\": 1"),
    ] {
        let answer = apply(&world, &profile, changed.as_bytes());
        match answer {
            Err(problem) => assert_eq!(problem.code, ErrorCode::PlanDamaged, "{changed}"),
            Ok(_) => assert_eq!(changed.trim(), text, "only a blank at the end is no change"),
        }
    }
    assert_eq!(sent(&world).0, json!(0), "no grant was sent");
}

#[test]
fn a_plan_that_no_longer_fits_the_ledger_is_stale_row_by_row() {
    let (world, profile) = ready();
    let gatehouse = &world.gatehouse;
    let csv = format!("action,merchant,email\ngrant,{BAKERY},ann@bakery.example\ngrant,{BAKERY},bea@bakery.example\n");
    let (plan, _) = gatehouse.plan_access(&profile, "t", csv.as_bytes()).unwrap();
    let request = gatehouse_core::access::GrantRequest {
        merchant: BAKERY.into(),
        email: "Ann@bakery.example".into(),
        roles: vec!["merchant:admin".into()],
        ..Default::default()
    };
    gatehouse.grant_access(&profile, &request).unwrap();
    let done = apply(&world, &profile, &plan.file.bytes).unwrap();
    assert_eq!(
        (done.ended(RowOutcome::Stale), done.ended(RowOutcome::Succeeded)),
        (1, 1),
        "what changed meanwhile is not overwritten: {:?}",
        done.ends
    );
    assert_eq!(sent(&world).0, json!(2), "the other grant, and the other row");
}

fn plan(world: &World, profile: &Profile, csv: &str) -> StandingPlan {
    world.gatehouse.plan_access(profile, "t", csv.as_bytes()).unwrap().0
}

fn grant(email: &str, roles: &[&str], as_staff: bool) -> gatehouse_core::access::GrantRequest {
    gatehouse_core::access::GrantRequest {
        merchant: BAKERY.into(),
        email: email.into(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        as_staff,
        ..Default::default()
    }
}

#[test]
fn what_was_only_declared_gives_no_role_that_a_grant_would_not_gain() {
    let (world, profile) = ready();
    let csv = format!("merchant,email,roles\n{BAKERY},boss@bakery.example,merchant:admin\n");
    world.gatehouse.declare_access(&profile, "t", csv.as_bytes()).unwrap();
    let csv = format!("action,merchant,email,roles\ngrant,{BAKERY},boss@bakery.example,merchant:admin\n");
    let plan = plan(&world, &profile, &csv);
    assert_eq!(
        plan.counts.gains.get("merchant:admin"),
        Some(&1),
        "a rule for administrators counts it: {:?}",
        plan.file.plan.rows
    );
    assert_eq!(plan.counts.calls, 1, "and it is granted, not taken for so already");
}

#[test]
fn a_persons_own_access_and_that_as_staff_end_by_two_rows_of_one_plan() {
    let (world, profile) = ready();
    let gatehouse = &world.gatehouse;
    for staff in [false, true] {
        let request = grant("ann@bakery.example", &["merchant:developer"], staff);
        gatehouse.grant_access(&profile, &request).unwrap();
    }
    let (grants, _) = gatehouse
        .grants(&profile, &gatehouse_core::access::ledger::Wanted::default(), (0, 10))
        .unwrap();
    let ids: Vec<String> = grants.iter().map(|standing| standing.grant.id.to_string()).collect();
    let plan = gatehouse.plan_ending(&profile, &ids, Some("left")).unwrap();
    assert_eq!(plan.counts.calls, 2, "no conflict: {:?}", plan.file.plan.rows);
    let done = apply(&world, &profile, &plan.file.bytes).unwrap();
    assert_eq!(done.ended(RowOutcome::Succeeded), 2, "both are out: {:?}", done.ends);
    assert_eq!(sent(&world).1, json!(2), "by two exact calls");
}

#[test]
fn a_revocation_is_left_out_only_while_the_last_one_may_still_bite() {
    let (world, profile) = ready();
    let gatehouse = &world.gatehouse;
    let request = grant("ann@bakery.example", &[], false);
    gatehouse.grant_access(&profile, &request).unwrap();
    let revoke = gatehouse_core::access::RevokeRequest {
        merchant: BAKERY.into(),
        principal: "ann@bakery.example".into(),
        ..Default::default()
    };
    gatehouse.revoke_access(&profile, &revoke).unwrap();
    let csv = format!("action,merchant,email\nrevoke,{BAKERY},ann@bakery.example\n");
    assert_eq!(plan(&world, &profile, &csv).counts.calls, 0, "it bites already");
    let later = std::sync::Arc::new(gatehouse_core::clock::FixedClock::at(gatehouse.now_ms() + 600_000));
    let gatehouse = world.again_at(later);
    let (plan, _) = gatehouse.plan_access(&profile, "t", csv.as_bytes()).unwrap();
    assert_eq!(plan.counts.calls, 1, "somebody else may have given it back since");
}

#[test]
fn a_role_that_nobody_documents_is_refused_unless_the_profile_uses_it() {
    let (world, profile) = ready();
    let request = grant("ann@bakery.example", &["merchant:owner"], false);
    let refused = world.gatehouse.foresee_grant(&profile, &request).unwrap_err();
    assert_eq!(refused.code, ErrorCode::RoleInvalid, "{refused:?}");
    let csv = format!("action,merchant,email,roles\ngrant,{BAKERY},ann@bakery.example,owner\n");
    assert_eq!(plan(&world, &profile, &csv).counts.calls, 0, "in a table too");
    let change = gatehouse_core::policy::PolicyChange {
        default_roles: Some(vec!["merchant:owner".into()]),
        ..Default::default()
    };
    let profile = world.gatehouse.save_policy(&profile, &change).unwrap();
    assert!(
        world.gatehouse.foresee_grant(&profile, &request).is_ok(),
        "known by its use"
    );
}

#[test]
fn a_cancelled_plan_keeps_what_was_left_undone_whatever_is_tried_again() {
    let (world, profile) = ready();
    let csv = format!("action,merchant,email\ngrant,{BAKERY},ann@bakery.example\ngrant,{BAKERY},bea@bakery.example\n");
    let plan = plan(&world, &profile, &csv);
    let cancelled = world.gatehouse.cancel_plan(&profile, &plan.file.sha256).unwrap();
    assert_eq!(cancelled.state(), RunState::Cancelled, "given up before it began");
    let choice = RunChoice {
        retry: true,
        ..RunChoice::default()
    };
    let again = world
        .gatehouse
        .apply_plan(&profile, &plan.file.bytes, &choice, &RunControl::default(), &|_| ());
    assert_eq!(again.unwrap_err().code, ErrorCode::PlanRefused, "it stays given up");
    assert_eq!(sent(&world).0, json!(0), "nothing was sent");
}
