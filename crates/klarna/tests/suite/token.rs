//! Tokens: exact bytes, and the verdict of a foreign JWT library.

use crate::stage::{ACQUIRER, FixedKey, MERCHANT};
use gatehouse_klarna::{
    AccountKrn, DeepLinkClaims, Email, JwtSigner, Role, SignFailure, idempotency_key_for, sign_claims,
};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};

fn claims() -> DeepLinkClaims {
    DeepLinkClaims {
        amr: vec!["pwd".into()],
        iss: AccountKrn::parse(ACQUIRER).unwrap(),
        jti: "6f1b1f2e-6a0e-4b3e-9a43-0d6a0a6f5f10".into(),
        sub: Email::parse("ada+portal@acquirer.example").unwrap(),
        iat: 1_700_000_000,
        exp: 1_700_000_120,
        account_id: AccountKrn::parse(MERCHANT).unwrap(),
        on_behalf_of: Some(AccountKrn::parse(ACQUIRER).unwrap()),
        roles: vec![
            Role::parse("merchant:admin").unwrap(),
            Role::parse("merchant:developer").unwrap(),
        ],
    }
}

#[test]
fn claims_have_one_spelling() {
    let expected = concat!(
        r#"{"amr":["pwd"],"iss":"krn:partner:global:account:test:LYABCDEI","#,
        r#""jti":"6f1b1f2e-6a0e-4b3e-9a43-0d6a0a6f5f10","sub":"ada+portal@acquirer.example","#,
        r#""iat":1700000000,"exp":1700000120,"account_id":"krn:partner:global:account:test:MERCHANT-1","#,
        r#""on_behalf_of":"krn:partner:global:account:test:LYABCDEI","roles":["merchant:admin","merchant:developer"]}"#,
    );
    assert_eq!(claims().to_json(), expected, "member order and spacing never change");
    let without = DeepLinkClaims {
        on_behalf_of: None,
        ..claims()
    };
    assert!(
        !without.to_json().contains("on_behalf_of"),
        "an absent claim is left out, not null"
    );
}

#[test]
fn same_claims_give_the_same_token_bytes() {
    let signer = FixedKey::new();
    let one = sign_claims(&claims().to_json(), &signer).unwrap();
    let two = sign_claims(&claims().to_json(), &signer).unwrap();
    assert_eq!(
        one.expose(),
        two.expose(),
        "signing is deterministic, which reconciling an unknown act needs"
    );
    assert_eq!(
        one.expose(),
        include_str!("golden_token.txt").trim(),
        "the bytes on the wire are as they always were"
    );
    assert_eq!(format!("{one:?}"), "<redacted>", "debug output hides the token");
}

#[test]
fn a_foreign_library_accepts_the_token() {
    let signer = FixedKey::new();
    let token = sign_claims(&claims().to_json(), &signer).unwrap();
    let header = decode_header(token.expose()).unwrap();
    assert_eq!(header.alg, Algorithm::ES256, "ES256 is the one algorithm");
    assert_eq!(header.typ.as_deref(), Some("JWT"), "typ is JWT");
    let leaf = header.x5c_der().unwrap().unwrap();
    assert_eq!(
        leaf,
        vec![signer.certificate_der().to_vec()],
        "x5c holds the leaf alone, in standard base64"
    );
    assert_eq!(
        (header.kid, header.cty),
        (None, None),
        "nothing else stands in the header"
    );

    let point = signer.key.verifying_key().to_sec1_bytes();
    let key = DecodingKey::from_ec_der(&point);
    let mut rules = Validation::new(Algorithm::ES256);
    rules.validate_exp = false;
    rules.set_issuer(&[ACQUIRER]);
    rules.set_required_spec_claims(&["iss", "sub", "exp"]);
    let judged = decode::<serde_json::Value>(token.expose(), &key, &rules).unwrap();
    let given: serde_json::Value = serde_json::from_str(&claims().to_json()).unwrap();
    assert_eq!(judged.claims, given, "the judge reads the very claims that were given");
}

#[test]
fn a_foreign_library_refuses_a_changed_token() {
    let signer = FixedKey::new();
    let token = sign_claims(&claims().to_json(), &signer).unwrap();
    let other = sign_claims(&claims().to_json().replace("merchant:admin", "merchant:agent"), &signer).unwrap();
    let mixed: Vec<&str> = [other.expose(), token.expose()]
        .iter()
        .flat_map(|text| text.split('.'))
        .collect();
    let forged = format!("{}.{}.{}", mixed[0], mixed[1], mixed[5]);
    let point = signer.key.verifying_key().to_sec1_bytes();
    let key = DecodingKey::from_ec_der(&point);
    let mut rules = Validation::new(Algorithm::ES256);
    rules.validate_exp = false;
    let verdict = decode::<serde_json::Value>(&forged, &key, &rules);
    assert!(verdict.is_err(), "a signature covers exactly its own claims");
}

#[test]
fn a_signer_that_cannot_sign_makes_no_token() {
    struct Locked;
    impl JwtSigner for Locked {
        fn certificate_der(&self) -> &[u8] {
            b"x"
        }
        fn sign_es256(&self, _: &[u8]) -> Result<[u8; 64], SignFailure> {
            Err(SignFailure("locked".into()))
        }
    }
    assert!(sign_claims("{}", &Locked).is_err(), "the signer's failure is passed on");
}

#[test]
fn idempotency_key_follows_the_jti() {
    // python3: uuid.uuid5(uuid.NAMESPACE_URL, "6f1b1f2e-6a0e-4b3e-9a43-0d6a0a6f5f10")
    let key = idempotency_key_for("6f1b1f2e-6a0e-4b3e-9a43-0d6a0a6f5f10");
    assert_eq!(
        key.to_string(),
        "1f0d48c5-40e4-5972-af96-eb7ad8f0b2c1",
        "version 5 in the URL namespace, as Klarna asks for"
    );
    assert_ne!(key, idempotency_key_for("another"), "another token has another key");
}
