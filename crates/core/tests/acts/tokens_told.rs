//! What Klarna tells by webhook, and linked accounts: whose answer wins.

use gatehouse_core::key_store::SecretBytes;
use gatehouse_core::profile::Profile;
use gatehouse_core::tokens::{
    CreateToken, GoLive, LinkedOrder, NewToken, PROOF_STEPS, PlaceLinkedOrder, Presence, ProofStep, ProofWanted,
    StartLinking, Terms, TokenState, explain_charge, proof_page, proof_pdf,
};
use gatehouse_core::{ErrorCode, Problem};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;

use super::tokens_course::{made, v1_login};
use super::tokens_vault::{CLASSIC, LINKING, secret};
use super::world::{BAKERY, World, ready};

const KEY: &str = "krn:partner:global:notification:signing-key:1";
const SECRET: &str = "a-signing-key-of-a-test";

fn keys() -> Vec<(String, SecretBytes)> {
    vec![(KEY.to_owned(), secret(SECRET))]
}

fn signed(body: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    let mac = hex::encode(mac.finalize().into_bytes());
    format!("POST /hook HTTP/1.1\nKlarna-Signature: {mac}\nKlarna-Signing-Key-ID: {KEY}\n\n{body}").into_bytes()
}

#[expect(clippy::disallowed_methods, reason = "Klarna has a clock of its own")]
fn revocation(event: &str, payload: &Value) -> String {
    json!({
        "metadata": {
            "event_id": event, "event_type": "identity.customer-token.state-change.revoked", "event_version": "v2",
            "occurred_at": jiff::Timestamp::now().to_string(), "live": false,
        },
        "payload": payload,
    })
    .to_string()
}

#[test]
fn a_revocation_by_webhook_is_named_as_whose_it_is_and_a_second_delivery_changes_nothing() {
    let (world, profile) = ready();
    let gatehouse = &world.gatehouse;
    let one = made(&world, &profile, Presence::CustomerNotPresent, "one");
    let two = gatehouse
        .add_token(&profile, &secret(CLASSIC), &NewToken::default())
        .unwrap();
    let by_customer = revocation(
        "e-1",
        &json!({ "customer_token_reference": "crm-one", "reason": "CUSTOMER_REQUEST" }),
    );
    let taken = gatehouse
        .take_delivery(&profile, &signed(&by_customer), &keys())
        .unwrap();
    let token = taken.token.unwrap();
    assert_eq!(
        (token.id, token.state, token.ended_by.as_deref()),
        (one.id, TokenState::Revoked, Some("customer")),
        "by reference"
    );
    assert!(taken.done.contains("by the customer"), "{}", taken.done);
    let again = gatehouse
        .take_delivery(&profile, &signed(&by_customer), &keys())
        .unwrap();
    assert!(
        again.examined.is_repeated && again.token.is_none(),
        "a second delivery is known"
    );
    let by_klarna = revocation(
        "e-2",
        &json!({ "customer_token": CLASSIC, "reason": "KLARNA_ACCOUNT_CLOSED" }),
    );
    let token = gatehouse
        .take_delivery(&profile, &signed(&by_klarna), &keys())
        .unwrap()
        .token
        .unwrap();
    assert_eq!(
        (token.id, token.ended_by.as_deref()),
        (two.id, Some("klarna")),
        "by the token itself"
    );
    let stranger = revocation("e-3", &json!({ "customer_token_reference": "nobody" }));
    assert!(
        gatehouse
            .take_delivery(&profile, &signed(&stranger), &keys())
            .unwrap()
            .token
            .is_none(),
        "an unknown one is told"
    );
}

#[test]
fn a_delivery_that_is_not_klarnas_is_refused_and_said_why() {
    let (world, profile) = ready();
    let body = revocation("e-1", &json!({ "customer_token_reference": "x" }));
    let good = String::from_utf8(signed(&body)).unwrap();
    let take = |capture: &str| {
        world
            .gatehouse
            .take_delivery(&profile, capture.as_bytes(), &keys())
            .unwrap_err()
    };
    let altered = take(&good.replace("\"x\"", "\"y\""));
    assert_eq!(altered.code, ErrorCode::WebhookInvalid, "an altered body");
    let hex = good.lines().nth(1).unwrap().rsplit(' ').next().unwrap();
    let base64 = base64_of(&hex::decode(hex).unwrap());
    let told = take(&good.replace(hex, &base64));
    assert!(told.hint.contains("base64"), "the hint names the encoding: {told}");
    assert_eq!(take("no delivery").code, ErrorCode::WebhookInvalid, "no empty line");
    let other = vec![("other".to_owned(), secret("another"))];
    let examined = world
        .gatehouse
        .examine_delivery(&profile, good.as_bytes(), &other)
        .unwrap();
    assert!(!examined.is_good && examined.hint.is_some(), "{examined:?}");
    let live = good_of_live(&body);
    assert_eq!(take(&live).code, ErrorCode::EnvironmentMixed, "another environment's");
}

fn good_of_live(body: &str) -> String {
    String::from_utf8(signed(&body.replace("\"live\":false", "\"live\":true"))).unwrap()
}

fn base64_of(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[test]
fn a_token_that_comes_by_webhook_and_by_reading_is_kept_once() {
    let (world, profile) = ready();
    let mut request = CreateToken {
        merchant: BAKERY.into(),
        reference: Some("crm-w".into()),
        terms: super::tokens_course::terms(None, "w"),
        ..CreateToken::default()
    };
    request.terms.subscriptions.push(gatehouse_core::tokens::Subscribed {
        reference: "sub-1".into(),
        ..Default::default()
    });
    let consent = world.gatehouse.create_token(&profile, &request).unwrap();
    let body = json!({
        "metadata": { "event_id": "c-1", "event_type": "payment.request.state-change.completed", "live": false },
        "payload": {
            "payment_request_id": consent.request_id, "state": "COMPLETED",
            "klarna_customer": { "customer_token": "krn:customer-token:eu1:aaaaaaaa-1111", "customer_token_reference": "crm-w" },
        },
    })
    .to_string();
    let taken = world
        .gatehouse
        .take_delivery(&profile, &signed(&body), &keys())
        .unwrap();
    let token = taken.token.unwrap();
    assert_eq!(
        (token.reference.as_deref(), token.state),
        (Some("crm-w"), TokenState::Active),
        "{token:?}"
    );
    let looked = world.gatehouse.look_at_consent(&profile, &consent.id).unwrap();
    assert_eq!(looked.token, Some(token.id), "a later look finds the same");
}

fn start(world: &World, profile: &Profile, token: Option<String>, payment: &str) -> Result<String, Problem> {
    let request = StartLinking {
        merchant: Some(BAKERY.into()),
        token,
        customer: Some("c-7".into()),
        terms: Terms {
            currency: "EUR".into(),
            country: Some("DE".into()),
            amount: Some(2500),
            payment_reference: Some(payment.into()),
            ..Terms::default()
        },
    };
    world
        .gatehouse
        .start_linking(profile, &request)
        .map(|session| session.session_id)
}

fn order(world: &World, profile: &Profile, session: &str, link: bool) -> LinkedOrder {
    let agreed = world.control(
        Method::POST,
        "consent",
        Some(&json!({ "session_id": session, "link": link })),
    );
    let authorization = secret(
        agreed["authorization_token"]
            .as_str()
            .unwrap_or_else(|| panic!("{agreed}")),
    );
    let request = PlaceLinkedOrder {
        session,
        authorization: &authorization,
    };
    world.gatehouse.place_linked_order(profile, request).unwrap()
}

#[test]
fn a_linked_token_is_kept_replaced_by_a_later_one_and_kept_when_the_customer_opts_out() {
    let (world, profile) = ready();
    let refused = start(&world, &profile, None, "o-0").unwrap_err();
    assert_eq!(refused.code, ErrorCode::LinkingTerms, "the terms come first");
    world.gatehouse.accept_linking_terms(&profile).unwrap();
    assert_eq!(
        start(&world, &profile, None, "o-0").unwrap_err().code,
        ErrorCode::PaymentsLoginMissing,
        "then the log-in"
    );
    v1_login(&world, &profile);
    world.settings(&json!({ "rate.enabled": "false" }));
    let session = start(&world, &profile, None, "o-1").unwrap();
    let linked = order(&world, &profile, &session, true);
    assert_eq!(linked.linking, "linked", "{linked:?}");
    let first = linked.token.unwrap();
    assert_eq!(first.customer.as_deref(), Some("c-7"), "the customer's");
    let session = start(&world, &profile, Some(first.id.to_string()), "o-2").unwrap();
    let same = order(&world, &profile, &session, true);
    assert_eq!(same.linking, "same", "{same:?}");
    // The stored token of tomorrow is none that Klarna knows: it rotates.
    let stale = world
        .gatehouse
        .add_token(&profile, &secret(&LINKING.replace("Ab0", "Zz9")), &NewToken::default())
        .unwrap();
    let session = start(&world, &profile, Some(stale.id.to_string()), "o-3").unwrap();
    let replaced = order(&world, &profile, &session, true);
    assert_eq!(replaced.linking, "replaced", "{replaced:?}");
    let old = world.gatehouse.token(&profile, &stale.id.to_string()).unwrap();
    assert_eq!(
        (old.state, old.superseded_by),
        (TokenState::Superseded, replaced.token.as_ref().map(|token| token.id)),
        "kept as replaced"
    );
    let session = start(&world, &profile, Some(first.id.to_string()), "o-4").unwrap();
    let out = order(&world, &profile, &session, false);
    assert_eq!(out.linking, "opted_out", "{out:?}");
    let kept = world.gatehouse.token(&profile, &first.id.to_string()).unwrap();
    assert_ne!(kept.state, TokenState::Revoked, "silence revokes nothing");
    let mut brought: Vec<_> = world.gatehouse.linking_sessions(&profile, 10).unwrap();
    brought.sort_by_key(|session| session.reference.clone());
    let brought: Vec<Option<i64>> = brought.iter().map(|session| session.brought).collect();
    let replacing = replaced.token.map(|token| token.id);
    assert_eq!(
        brought,
        [Some(first.id), Some(first.id), replacing, None],
        "a session knows what its order brought"
    );
}

#[test]
fn a_late_answer_never_takes_the_place_of_a_newer_one() {
    let (world, profile) = ready();
    let kept = NewToken {
        customer: Some("c-1".into()),
        ..NewToken::default()
    };
    let first = world.gatehouse.add_token(&profile, &secret(LINKING), &kept).unwrap();
    let named = |letters: &str| LINKING.replace("Ab0", letters);
    let table = format!(
        "customer_token,customer_id,order_id,ordered_at,answered_at\n{},c-1,o-2,2025-03-02T10:00:00Z,2025-03-02T10:00:01Z\n\
         {LINKING},c-1,o-1,2025-03-01T10:00:00Z,2025-03-03T10:00:00Z\n",
        named("New")
    );
    let found = world.gatehouse.token_drift(&profile, table.as_bytes(), false).unwrap();
    let findings: Vec<_> = found.rows.iter().map(|row| row.finding).collect();
    assert_eq!(
        findings,
        ["stale_here", "late"],
        "the order of orders counts, not that of answers: {found:?}"
    );
    let taken = world.gatehouse.token_drift(&profile, table.as_bytes(), true).unwrap();
    assert_eq!(taken.rows[0].finding, "taken", "{taken:?}");
    let late = format!(
        "customer_token,customer_id,order_id,ordered_at\n{},c-1,o-0,2025-02-01T10:00:00Z\n",
        named("Old")
    );
    let found = world.gatehouse.token_drift(&profile, late.as_bytes(), true).unwrap();
    assert_eq!(
        found.rows[0].finding, "late",
        "an older order alone in its table is late, too: {found:?}"
    );
    let old = world.gatehouse.token(&profile, &first.id.to_string()).unwrap();
    assert_eq!(old.state, TokenState::Superseded, "the first was replaced");
    let alike = world.gatehouse.token_drift(&profile, table.as_bytes(), false).unwrap();
    assert_eq!(
        (alike.rows[0].finding, alike.stale),
        ("alike", 0),
        "and now they agree: {alike:?}"
    );
}

#[test]
fn advice_is_given_without_klarna() {
    let told = explain_charge(
        "HTTP/1.1 403 Forbidden\n\n{\"error_code\":\"TOKEN_CANCELED\",\"correlation_id\":\"c-1\"}",
        None,
    );
    assert_eq!((told.matter.as_str(), told.status), ("token", Some(403)), "{told:?}");
    let (world, profile) = ready();
    let body = json!({ "currency": "EUR", "step_up_config": {} }).to_string();
    let flaws = world
        .gatehouse
        .examine_body(&profile, &body, GoLive::Charge(Presence::CustomerNotPresent), None)
        .unwrap();
    assert!(flaws.iter().any(|flaw| flaw.path == "step_up_config"), "{flaws:?}");
}

#[test]
fn an_integration_is_proven_from_end_to_end_and_a_lenient_klarna_fails_the_proof() {
    let (world, profile) = ready();
    world.settings(&json!({ "rate.enabled": "false" }));
    let wanted = ProofWanted {
        merchant: BAKERY,
        return_url: "https://shop.example/back",
    };
    let agrees = |consent: &gatehouse_core::tokens::Consent| {
        world.control(
            Method::POST,
            "consent",
            Some(&json!({ "payment_request_id": consent.request_id })),
        );
        Ok(())
    };
    let told = std::cell::RefCell::new(Vec::new());
    let tell = |step: &ProofStep| told.borrow_mut().push(step.step);
    let proof = world.gatehouse.prove_tokens(&profile, wanted, &agrees, &tell).unwrap();
    let order: Vec<&str> = PROOF_STEPS.iter().map(|(step, _)| *step).collect();
    assert_eq!(*told.borrow(), order, "each step is told as it ends");
    assert!(proof.passed && proof.steps.len() == 6, "{proof:?}");
    assert!(proof_page(&proof).contains("is proven"), "and told on a page");
    assert!(proof_pdf(&proof).unwrap().starts_with(b"%PDF-"), "and on paper");
    let refuses = |consent: &gatehouse_core::tokens::Consent| {
        let no = json!({ "payment_request_id": consent.request_id, "agrees": false });
        world.control(Method::POST, "consent", Some(&no));
        Ok(())
    };
    let proof = world
        .gatehouse
        .prove_tokens(&profile, wanted, &refuses, &|_| ())
        .unwrap();
    assert!(
        !proof.passed && proof.steps.len() == 2,
        "without consent nothing is proven: {proof:?}"
    );
}
