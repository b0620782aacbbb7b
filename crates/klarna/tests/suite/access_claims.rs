//! The claims of a user access: exact bytes, what is left out, and its roles.

use crate::stage::{ACQUIRER, FixedKey, merchant};
use gatehouse_klarna::{
    AccessEnd, AccountKrn, Email, InactivityPeriod, NameRefusal, Role, Roles, SignedJwt, UserAccessClaims, sign_claims,
};

const IAT: i64 = 1_700_000_000;

pub fn claims() -> UserAccessClaims {
    UserAccessClaims {
        iss: AccountKrn::parse(ACQUIRER).unwrap(),
        sub: Email::parse("ada+portal@merchant.example").unwrap(),
        jti: "6f1b1f2e-6a0e-4b3e-9a43-0d6a0a6f5f10".into(),
        iat: IAT,
        exp: IAT + 120,
        account_id: merchant(),
        on_behalf_of: Some(merchant()),
        roles: roles(&["merchant:developer", "merchant:admin"]),
        expires_at: Some(AccessEnd::parse("2024-02-29", IAT).unwrap()),
        inactivity_grace_period: Some(InactivityPeriod::parse("P30D").unwrap()),
    }
}

fn roles(words: &[&str]) -> Roles {
    Roles::new(words.iter().map(|word| Role::parse(word).unwrap())).unwrap()
}

pub fn token(claims: &UserAccessClaims) -> SignedJwt {
    sign_claims(&claims.to_json(), &FixedKey::new()).unwrap()
}

#[test]
fn claims_of_access_have_one_spelling() {
    let expected = concat!(
        r#"{"iss":"krn:partner:global:account:test:LYABCDEI","sub":"ada+portal@merchant.example","#,
        r#""jti":"6f1b1f2e-6a0e-4b3e-9a43-0d6a0a6f5f10","iat":1700000000,"exp":1700000120,"#,
        r#""account_id":"krn:partner:global:account:test:MERCHANT-1","#,
        r#""on_behalf_of":"krn:partner:global:account:test:MERCHANT-1","roles":["merchant:admin","merchant:developer"],"#,
        r#""expires_at":"2024-02-29","inactivity_grace_period":"P30D"}"#,
    );
    assert_eq!(claims().to_json(), expected, "member order and spacing never change");
    assert_eq!(
        token(&claims()).expose(),
        token(&claims()).expose(),
        "the same claims give the same token"
    );
}

#[test]
fn absent_claims_are_left_out() {
    let bare = UserAccessClaims {
        on_behalf_of: None,
        expires_at: None,
        inactivity_grace_period: None,
        ..claims()
    };
    let read: serde_json::Value = serde_json::from_str(&bare.to_json()).unwrap();
    let mut members: Vec<_> = read.as_object().unwrap().keys().map(String::as_str).collect();
    members.sort_unstable();
    let expected = ["account_id", "exp", "iat", "iss", "jti", "roles", "sub"];
    assert_eq!(members, expected, "neither null nor amr");
    assert_eq!(bare.selector().behalf(), None, "the selector names nobody either");
}

#[test]
fn roles_are_at_least_one_and_a_set() {
    assert_eq!(Roles::new([]), Err(NameRefusal::NoRole), "no role is no access");
    let twice = roles(&["merchant:developer", "merchant:admin", "merchant:developer"]);
    assert_eq!(
        twice,
        roles(&["merchant:admin", "merchant:developer"]),
        "neither order nor repetition counts"
    );
    assert_eq!(twice.as_slice().len(), 2, "each stands once");
}
