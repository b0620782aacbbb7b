//! Tokens at Klarna: made with the customer's consent, charged in the right shape, revoked, and never charged twice.

use std::path::PathBuf;

use gatehouse_core::ErrorCode;
use gatehouse_core::profile::Profile;
use gatehouse_core::tokens::{
    ChargeOutcome, ChargeToken, Consent, ConsentState, CreateToken, NewToken, Ondemand, PaymentsAccess, Presence,
    RevokeToken, Subscribed, Terms, Token, TokenQuery, TokenState,
};
use reqwest::Method;
use serde_json::{Value, json};

use super::tokens_vault::secret;
use super::world::{BAKERY, World, ready};

pub fn terms(amount: Option<i64>, payment: &str) -> Terms {
    Terms {
        currency: "EUR".into(),
        amount,
        payment_reference: Some(payment.into()),
        return_url: Some("https://shop.example/back".into()),
        ..Terms::default()
    }
}

fn asking(presence: Presence, amount: Option<i64>, payment: &str) -> CreateToken {
    let mut terms = terms(amount, payment);
    match presence {
        Presence::CustomerPresent => {
            terms.ondemand = Some(Ondemand {
                average: 1000,
                least: None,
                most: None,
                count: 2,
                interval: "MONTH".into(),
            });
        }
        Presence::CustomerNotPresent => terms.subscriptions.push(Subscribed {
            reference: "sub-1".into(),
            ..Subscribed::default()
        }),
    }
    CreateToken {
        merchant: BAKERY.into(),
        presence,
        reference: Some(format!("crm-{payment}")),
        customer: Some("c-1".into()),
        terms,
        ..CreateToken::default()
    }
}

fn agree(world: &World, consent: &Consent) {
    world.control(
        Method::POST,
        "consent",
        Some(&json!({ "payment_request_id": consent.request_id })),
    );
}

/// A token that a customer agreed to.
pub fn made(world: &World, profile: &Profile, presence: Presence, name: &str) -> Token {
    let consent = world
        .gatehouse
        .create_token(profile, &asking(presence, None, name))
        .unwrap();
    assert_eq!(consent.state, ConsentState::Submitted, "the customer is asked first");
    agree(world, &consent);
    let looked = world.gatehouse.look_at_consent(profile, &consent.id).unwrap();
    assert_eq!(looked.state, ConsentState::Completed, "the customer agreed");
    world
        .gatehouse
        .token(profile, &looked.token.unwrap().to_string())
        .unwrap()
}

pub fn charging(token: &Token, presence: Presence, payment: &str) -> ChargeToken {
    ChargeToken {
        token: token.id.to_string(),
        presence,
        terms: terms(Some(1299), payment),
        reason: None,
    }
}

fn revoking(token: &Token) -> RevokeToken {
    RevokeToken {
        token: token.id.to_string(),
        reason: "the customer asked".into(),
        confirmation: String::new(),
    }
}

/// What the sandbox booked: the other side's truth.
fn booked(world: &World) -> Vec<Value> {
    let answer = world.control(Method::GET, "charges", None);
    answer["charges"].as_array().cloned().unwrap_or_default()
}

fn approved(world: &World) -> usize {
    booked(world)
        .iter()
        .filter(|charge| charge["result"] == "APPROVED")
        .count()
}

fn code<T: std::fmt::Debug>(answer: Result<T, gatehouse_core::Problem>) -> ErrorCode {
    answer.unwrap_err().code
}

#[test]
fn a_token_is_made_charged_and_revoked_and_nothing_is_charged_after_that() {
    let (world, profile) = ready();
    for presence in [Presence::CustomerNotPresent, Presence::CustomerPresent] {
        let token = made(&world, &profile, presence, presence.word());
        assert_eq!(token.state, TokenState::Active, "Klarna just made it");
        assert_eq!(token.scopes, [presence.scope()], "for what was asked");
        let paid = world.gatehouse.charge_token(
            &profile,
            &charging(&token, presence, &format!("inv {}", presence.word())),
        );
        let paid = paid.unwrap();
        assert_eq!(paid.outcome, ChargeOutcome::Approved, "{paid:?}");
        assert!(
            paid.transaction_id.is_some() && paid.seq.is_some(),
            "with Klarna's id and its entry"
        );
        let revoked = world.gatehouse.revoke_token(&profile, &revoking(&token)).unwrap();
        assert!(
            revoked.verified && revoked.token.state == TokenState::Revoked,
            "read again: {revoked:?}"
        );
        assert!(revoked.text.contains("final"), "with a text for the merchant");
        let after = world
            .gatehouse
            .charge_token(&profile, &charging(&token, presence, "inv after"));
        assert_eq!(code(after), ErrorCode::TokenEnded, "nothing is sent with a dead token");
        let again = world.gatehouse.revoke_token(&profile, &revoking(&token));
        assert_eq!(code(again), ErrorCode::TokenEnded, "and it is not revoked twice");
    }
    assert_eq!(approved(&world), 2, "Klarna booked what we say");
    let story = world.gatehouse.token_story(&profile, "1").unwrap();
    let kinds: Vec<&str> = story.iter().map(|line| line.what.as_str()).collect();
    assert_eq!(
        kinds,
        ["token.revoke", "token.charge", "token.add"],
        "its story, newest first"
    );
}

#[test]
fn a_token_with_a_first_payment_is_finished_once_within_the_hour() {
    let (world, profile) = ready();
    let request = asking(Presence::CustomerNotPresent, Some(500), "first");
    let consent = world.gatehouse.create_token(&profile, &request).unwrap();
    let early = world.gatehouse.finalise_consent(&profile, &consent.id);
    assert_eq!(
        code(early),
        ErrorCode::ConsentNotGiven,
        "not before the customer agreed"
    );
    agree(&world, &consent);
    let paid = world.gatehouse.finalise_consent(&profile, &consent.id).unwrap();
    assert_eq!(paid.outcome, ChargeOutcome::Approved, "the payment is finished");
    assert!(paid.token > 0, "and the token is kept");
    let twice = world.gatehouse.finalise_consent(&profile, &consent.id);
    assert_eq!(code(twice), ErrorCode::ConsentOver, "once");
    assert_eq!(approved(&world), 1, "Klarna booked one payment");
    assert_eq!(
        world
            .gatehouse
            .tokens(&profile, &TokenQuery::default())
            .unwrap()
            .tokens
            .len(),
        1,
        "and one token is kept"
    );
}

#[test]
fn a_wrong_scope_is_refused_here_and_a_decline_is_an_answer() {
    let (world, profile) = ready();
    let token = made(&world, &profile, Presence::CustomerPresent, "cp");
    let wrong = world
        .gatehouse
        .charge_token(&profile, &charging(&token, Presence::CustomerNotPresent, "wrong"));
    assert_eq!(code(wrong), ErrorCode::TokenScope, "the scope does not fit");
    assert!(booked(&world).is_empty(), "and nothing was sent");
    let unknown = world.gatehouse.add_token(
        &profile,
        &secret("krn:customer-token:eu1:00000000-aaaa"),
        &NewToken {
            merchant: Some(BAKERY.into()),
            subscription: Some("sub-9".into()),
            ..NewToken::default()
        },
    );
    let unknown = unknown.unwrap();
    let answer = world
        .gatehouse
        .charge_token(&profile, &charging(&unknown, Presence::CustomerNotPresent, "who"));
    match answer {
        Ok(charge) => assert_eq!(
            charge.outcome,
            ChargeOutcome::Declined,
            "Klarna declines a token it does not know"
        ),
        Err(problem) => assert_eq!(problem.code.exit_code(), 5, "or refuses it: {problem:?}"),
    }
    let checked = world.gatehouse.check_token(&profile, &unknown.id.to_string()).unwrap();
    assert!(
        checked.trouble.is_some() && checked.token.state == TokenState::Unknown,
        "a check says so: {checked:?}"
    );
}

#[test]
fn a_charge_of_which_nobody_knows_is_not_sent_again_under_another_key() {
    let (world, profile) = ready();
    let token = made(&world, &profile, Presence::CustomerNotPresent, "cnp");
    world.fault(&json!({ "kind": "cut", "when": "after", "path": "payment/authorize" }));
    let request = charging(&token, Presence::CustomerNotPresent, "inv-1");
    let lost = code(world.gatehouse.charge_token(&profile, &request));
    assert_eq!(lost.exit_code(), 8, "nobody knows: {lost:?}");
    world.clear_faults();
    assert_eq!(
        code(world.gatehouse.charge_token(&profile, &request)),
        ErrorCode::OutcomeUnknown,
        "so it is refused"
    );
    let settled = world.gatehouse.reconcile().unwrap();
    assert_eq!(
        (settled.resolved, settled.unresolved),
        (1, 0),
        "asked again under the same key, Klarna tells"
    );
    assert_eq!(approved(&world), 1, "charged once");
    let twice = world.gatehouse.charge_token(&profile, &request);
    assert_eq!(code(twice), ErrorCode::InputInvalid, "and its reference is spent");
    assert_eq!(approved(&world), 1, "still once");
}

#[test]
fn a_refused_request_of_a_customer_leaves_no_token() {
    let (world, profile) = ready();
    let consent = world
        .gatehouse
        .create_token(&profile, &asking(Presence::CustomerPresent, None, "no"))
        .unwrap();
    let refuse = json!({ "payment_request_id": consent.request_id, "agrees": false });
    world.control(Method::POST, "consent", Some(&refuse));
    let looked = world.gatehouse.look_at_consent(&profile, &consent.id).unwrap();
    assert_eq!(
        (looked.state, looked.token),
        (ConsentState::Declined, None),
        "no consent, no token"
    );
    let other = world
        .gatehouse
        .create_token(&profile, &asking(Presence::CustomerPresent, None, "never"))
        .unwrap();
    let canceled = world.gatehouse.cancel_consent(&profile, &other.id).unwrap();
    assert_eq!(canceled.state, ConsentState::Canceled, "a request is cancelled");
    assert_eq!(
        code(world.gatehouse.cancel_consent(&profile, &other.id)),
        ErrorCode::ConsentOver,
        "once"
    );
    assert_eq!(
        code(world.gatehouse.look_at_consent(&profile, "none")),
        ErrorCode::ConsentUnknown,
        "and none other"
    );
}

/// The log-in that the sandbox gives out for its first merchant.
pub fn v1_login(world: &World, profile: &Profile) {
    let made = world.control(Method::GET, "enrolment", None)["payments_v1"].clone();
    let (user, password) = (made["username"].as_str().unwrap(), made["password"].as_str().unwrap());
    let access = PaymentsAccess {
        region: "europe",
        user,
        password: &secret(password),
    };
    world.gatehouse.set_payments_login(profile, access).unwrap();
}

#[test]
fn a_v1_token_is_read_charged_and_cancelled_until_klarna_says_so() {
    let (world, profile) = ready();
    let account = world.gatehouse.merchant(&profile, BAKERY).unwrap().id;
    let made = json!({ "partner_account_id": account, "family": "v1", "currency": "EUR" });
    let made = world.control(Method::POST, "tokens", Some(&made));
    let text = made["tokens"][0].as_str().unwrap();
    let told = NewToken {
        merchant: Some(BAKERY.into()),
        ..NewToken::default()
    };
    let token = world.gatehouse.add_token(&profile, &secret(text), &told).unwrap();
    let id = token.id.to_string();
    assert_eq!(
        code(world.gatehouse.check_token(&profile, &id)),
        ErrorCode::PaymentsLoginMissing,
        "v1 has its own log-in"
    );
    v1_login(&world, &profile);
    let checked = world.gatehouse.check_token(&profile, &id).unwrap();
    assert_eq!(checked.token.state, TokenState::Active, "{checked:?}");
    let mut request = charging(&token, Presence::CustomerNotPresent, "inv-v1");
    request.terms.country = Some("DE".into());
    let paid = world.gatehouse.charge_token(&profile, &request).unwrap();
    assert_eq!(paid.outcome, ChargeOutcome::Approved, "{paid:?}");
    let revoked = world.gatehouse.revoke_token(&profile, &revoking(&token)).unwrap();
    assert!(revoked.verified, "v1 was polled until it said so: {revoked:?}");
}

#[test]
fn no_token_and_no_password_rests_in_clear_after_all_of_it() {
    let (world, profile) = ready();
    v1_login(&world, &profile);
    let token = made(&world, &profile, Presence::CustomerNotPresent, "canary");
    world
        .gatehouse
        .charge_token(&profile, &charging(&token, Presence::CustomerNotPresent, "inv"))
        .unwrap();
    world.gatehouse.check_token(&profile, "1").unwrap();
    let text = world.gatehouse.copy_token(&profile, "1", None).unwrap();
    let part = text.expose().as_bytes()[24..50].to_vec();
    world.gatehouse.revoke_token(&profile, &revoking(&token)).unwrap();
    let data: PathBuf = world.dir.path().join("data");
    for file in std::fs::read_dir(data)
        .unwrap()
        .flatten()
        .filter(|file| file.path().is_file())
    {
        let bytes = std::fs::read(file.path()).unwrap();
        assert!(
            !bytes.windows(part.len()).any(|window| window == part),
            "{:?} holds the token",
            file.path()
        );
    }
}
