//! The form of the body and the token: members, media type, header, x5c, signature (14.2, first two rows).

use crate::support::{House, assert_invalid, assert_refused, encode, refusal, signed};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{DerSignature, Signature};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn a_body_must_be_json_and_have_one_of_the_two_forms() {
    let house = House::open().await;
    for body in [
        json!({}),
        json!({"jwt": 7}),
        json!({"jwt": null}),
        json!({"token": "x"}),
    ] {
        assert_invalid(
            house.send(Method::POST, &house.links(), &body).await,
            "jwt",
            "neither form",
        )
        .await;
    }
    let raw = |media: &str, body: &str| {
        house
            .api(Method::POST, &house.links())
            .header("content-type", media)
            .body(body.to_owned())
            .send()
    };
    let wrong_media = raw("text/plain", "{}").await.unwrap();
    assert_refused(wrong_media, 400, "INVALID_CONTENT_TYPE", "another media type").await;
    let broken = raw("application/json", "{\"jwt\":").await.unwrap();
    assert_refused(broken, 400, "INVALID_CONTENT_TYPE", "malformed JSON").await;
    let list = raw("application/json; charset=utf-8", "[]").await.unwrap();
    assert_invalid(list, "body", "a list is no object").await;
}

#[tokio::test]
async fn other_members_are_ignored_unless_the_setting_refuses_them() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let body = json!({"jwt": signer.sign(&house.claims().await), "note": "x"});
    assert_eq!(
        house.send(Method::POST, &house.links(), &body).await.status(),
        200,
        "ignored by default"
    );
    house.set("body.reject_unknown", "true").await;
    let body = json!({"jwt": signer.sign(&house.claims().await), "note": "x"});
    assert_invalid(
        house.send(Method::POST, &house.links(), &body).await,
        "note",
        "refused when strict",
    )
    .await;
}

#[tokio::test]
async fn a_token_has_three_parts_of_base64url() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let good = signer.sign(&house.claims().await);
    let parts: Vec<&str> = good.split('.').collect();
    for bad in ["", "a.b", "a.b.c.d", &format!("{good}.x")] {
        assert_invalid(house.open_with(bad).await, "jwt", "not three parts").await;
    }
    assert_invalid(
        house.open_with(&format!("!.{}.{}", parts[1], parts[2])).await,
        "jwt.header",
        "no base64url",
    )
    .await;
    assert_invalid(
        house.open_with(&format!("e30x.{}.{}", parts[1], parts[2])).await,
        "jwt.header",
        "no JSON",
    )
    .await;
    let padded = URL_SAFE.encode(URL_SAFE_NO_PAD.decode(parts[2]).unwrap());
    assert_invalid(
        house.open_with(&format!("{}.{}.{padded}", parts[0], parts[1])).await,
        "jwt.signature",
        "padding",
    )
    .await;
}

#[tokio::test]
async fn the_header_names_es256_and_jwt_and_nothing_critical() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let claims = house.claims().await;
    for (member, value) in [
        ("alg", json!("none")),
        ("alg", json!("HS256")),
        ("alg", json!("ES384")),
        ("typ", json!("JOSE")),
    ] {
        let mut header = signer.header();
        header[member] = value;
        let answer = house.open_with(&signed(&signer.key, &header, &claims)).await;
        assert_invalid(answer, &format!("jwt.header.{member}"), "another value").await;
    }
    let mut header = signer.header();
    header["crit"] = json!(["b64"]);
    assert_invalid(
        house.open_with(&signed(&signer.key, &header, &claims)).await,
        "jwt.header.crit",
        "critical",
    )
    .await;
    let mut header = signer.header();
    header["kid"] = json!("ignored");
    assert_eq!(
        house.open_with(&signed(&signer.key, &header, &claims)).await.status(),
        200,
        "kid is not used"
    );
}

#[tokio::test]
async fn x5c_is_standard_base64_of_der_the_leaf_first() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let other = house.identity("JWT_SIGNING").await;
    let claims = house.claims().await;
    let open = async |x5c: Value| {
        let header = json!({"alg": "ES256", "typ": "JWT", "x5c": x5c});
        refusal(house.open_with(&signed(&signer.key, &header, &claims)).await).await
    };
    let bad = (400, "VALIDATION_ERROR".to_owned(), vec!["jwt.header.x5c".to_owned()]);
    let url = URL_SAFE_NO_PAD.encode(&signer.certificate_der);
    let armoured = format!("-----BEGIN CERTIFICATE-----\n{}", signer.x5c());
    for x5c in [
        json!([]),
        json!(signer.x5c()),
        json!([url]),
        json!([armoured]),
        json!([7]),
        json!([STANDARD.encode("x")]),
        Value::Null,
    ] {
        assert_eq!(open(x5c).await, bad, "not an array of standard base64");
    }
    let four = json!([signer.x5c(), other.x5c(), other.x5c(), other.x5c()]);
    assert_eq!(open(four).await, bad, "more than three");
    let swapped = open(json!([other.x5c(), signer.x5c()])).await;
    assert_eq!(swapped.2, ["jwt.signature"], "the leaf is not first");
    assert_eq!(
        open(json!([signer.x5c(), other.x5c(), other.x5c()])).await.0,
        200,
        "three by default"
    );
    house.set("jwt.x5c_max", "1").await;
    assert_eq!(open(json!([signer.x5c(), other.x5c()])).await, bad, "one when strict");
}

#[tokio::test]
async fn the_signature_is_raw_and_covers_header_and_claims() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let claims = house.claims().await;
    let covered = format!("{}.{}", encode(&signer.header()), encode(&claims));
    let der: DerSignature = signer.key.sign(covered.as_bytes());
    let as_der = format!("{covered}.{}", URL_SAFE_NO_PAD.encode(der.to_bytes()));
    assert_invalid(house.open_with(&as_der).await, "jwt.signature", "DER").await;
    let zero = format!("{covered}.{}", URL_SAFE_NO_PAD.encode([0; 64]));
    assert_invalid(house.open_with(&zero).await, "jwt.signature", "zeros").await;
    let raw: Signature = signer.key.sign(covered.as_bytes());
    let mut changed = claims.clone();
    changed["sub"] = json!("eve@acme.example");
    let moved = format!(
        "{}.{}.{}",
        encode(&signer.header()),
        encode(&changed),
        URL_SAFE_NO_PAD.encode(raw.to_bytes())
    );
    assert_invalid(house.open_with(&moved).await, "jwt.signature", "other claims").await;
    let payload = format!("{}.{}", encode(&signer.header()), encode(&json!([1])));
    let raw: Signature = signer.key.sign(payload.as_bytes());
    let listed = format!("{payload}.{}", URL_SAFE_NO_PAD.encode(raw.to_bytes()));
    assert_invalid(
        house.open_with(&listed).await,
        "jwt.payload",
        "the payload is no object",
    )
    .await;
}
