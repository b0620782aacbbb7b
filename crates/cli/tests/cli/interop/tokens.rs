//! PyJWT accepts the token that we really sent, with the key of the certificate in it.

use serde_json::{Value, json};

use super::Watched;
use super::python::judge;
use crate::world::{BAKERY, USER, text};

fn sent(body: &[u8]) -> String {
    let body: Value = serde_json::from_slice(body).unwrap();
    let texts = body.as_object().unwrap().values().filter_map(Value::as_str);
    texts
        .filter(|text| text.starts_with("eyJ"))
        .map(str::to_owned)
        .next()
        .expect("a token was sent")
}

#[test]
fn pyjwt_accepts_our_token_by_its_certificate() {
    let world = Watched::ready();
    let opened = world.place.run(&["open", BAKERY, "--no-browser"]).json();
    let call = world.calls("/portal/deep-links").remove(0);
    let account = world.served.account();
    let Some(seen) = judge("judge_token.py", &[account], sent(&call.body).as_bytes()) else {
        return;
    };
    assert_eq!(text(&seen["header"], "alg"), "ES256", "the algorithm");
    assert_eq!(text(&seen["header"], "typ"), "JWT", "the type");
    assert_eq!(seen["header"]["x5c"].as_array().unwrap().len(), 1, "the leaf alone");
    let claims = &seen["claims"];
    for (claim, value) in [
        ("iss", json!(account)),
        ("sub", json!(USER)),
        ("on_behalf_of", json!(account)),
        ("account_id", opened["merchant_id"].clone()),
        ("roles", json!(["merchant:admin"])),
        ("amr", json!(["pwd"])),
    ] {
        assert_eq!(claims[claim], value, "the claim {claim}: {claims}");
    }
    assert_eq!(
        claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
        120,
        "it lives two minutes"
    );
    assert!(text(claims, "jti").len() == 36, "with an id of its own: {claims}");
}

#[test]
fn a_reopening_is_a_new_token_and_a_retry_is_the_same() {
    let world = Watched::ready();
    world
        .served
        .fault(&json!({ "kind": "status", "status": 503, "path": "deep-links", "times": 1 }));
    world.place.run(&["open", BAKERY, "--no-browser"]).json();
    world.place.run(&["open", BAKERY, "--no-browser"]).json();
    let calls = world.calls("/portal/deep-links");
    let tokens: Vec<String> = calls.iter().map(|call| sent(&call.body)).collect();
    assert_eq!(tokens.len(), 3, "two tries of the first, one of the second");
    assert_eq!(calls[0].body, calls[1].body, "a retry sends the very same bytes");
    assert_eq!(
        calls[0].header("klarna-idempotency-key"),
        calls[1].header("klarna-idempotency-key"),
        "under the same key"
    );
    assert_ne!(tokens[1], tokens[2], "another click is another token");
    assert_ne!(
        calls[1].header("klarna-idempotency-key"),
        calls[2].header("klarna-idempotency-key"),
        "under another key"
    );
}
