//! Invitation, activation, sign-in and the person's own page (portal-access.md 5.1, row 26).

use crate::support::{House, element};
use crate::support_access::{DAY, PASSWORD, listed, merchant};
use serde_json::json;

#[tokio::test]
async fn a_new_address_is_invited_sets_a_password_and_sees_its_merchants() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    house.granted(&signer, json!({"sub": "ada+x@shop.example"})).await;
    let mails = house.mails().await;
    assert_eq!(
        (mails.len(), &mails[0]["recipient"]),
        (1, &json!("ada+x@shop.example")),
        "one mail"
    );
    let link = mails[0]["link"].as_str().unwrap();
    assert!(mails[0]["body"].as_str().unwrap().contains(link), "with the link in it");
    let (status, page) = house.page(link).await;
    assert_eq!(
        (status.as_u16(), element(&page, "portal-person").as_str()),
        (200, "ada+x@shop.example"),
        "for her"
    );
    assert!(
        page.contains("id=\"activate-form\"") && page.contains("id=\"activate-password\""),
        "a form"
    );
    assert_eq!(
        house.states().await,
        ["ada+x@shop.example invited"],
        "looking does not accept"
    );
    let short = house.post_form(link, &[("password", "short")]).await;
    assert_eq!(short.status(), 400, "too short");
    let home = house.accept().await;
    let (status, page) = house.page(&home).await;
    assert_eq!(
        (status.as_u16(), element(&page, "portal-person").as_str()),
        (200, "ada+x@shop.example"),
        "her page"
    );
    assert_eq!(listed(&page), [house.merchant.account_id.as_str()], "her merchant");
    assert!(
        page.contains("data-roles=\"merchant:developer\"") && page.contains("Bageri Åsa"),
        "her role, its name"
    );
    assert_eq!(house.states().await, ["ada+x@shop.example active"], "accepted");
}

#[tokio::test]
async fn the_link_in_an_invitation_works_once_and_for_seven_days() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    house.granted(&signer, json!({})).await;
    house.advance(7 * DAY - 60).await;
    house.accept().await;
    let link = house.mails().await[0]["link"].as_str().unwrap().to_owned();
    for answer in [
        house.page(&link).await.0,
        house.post_form(&link, &[("password", PASSWORD)]).await.status(),
    ] {
        assert_eq!(answer, 410, "used");
    }
    house.granted(&signer, json!({"sub": "late@shop.example"})).await;
    let link = house.mails().await[0]["link"].as_str().unwrap().to_owned();
    house.advance(7 * DAY).await;
    let (status, page) = house.page(&link).await;
    assert_eq!(
        (status.as_u16(), element(&page, "portal-notice").as_str()),
        (410, "This invitation has expired"),
        "late"
    );
    assert_eq!(
        house.post_form(&link, &[("password", PASSWORD)]).await.status(),
        410,
        "nor by its form"
    );
    assert_eq!(
        house.page(&house.url("/portal/activate/none")).await.0,
        404,
        "nobody sent this one"
    );
    house.granted(&signer, json!({"sub": "late@shop.example"})).await;
    assert_eq!(house.mails().await.len(), 2, "who was invited once is known");
    house.set("invite.resend", "expired").await;
    house.granted(&signer, json!({"sub": "late@shop.example"})).await;
    assert_eq!(house.mails().await.len(), 3, "unless the settings give a second chance");
    house.granted(&signer, json!({"sub": "late@shop.example"})).await;
    assert_eq!(house.mails().await.len(), 3, "while that one lives there is no other");
}

#[tokio::test]
async fn who_is_known_gets_no_mail_and_finds_the_new_merchant() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    house.granted(&signer, json!({})).await;
    let home = house.accept().await;
    house
        .granted(&signer, json!({"account_id": merchant(1), "on_behalf_of": merchant(1)}))
        .await;
    assert_eq!(house.mails().await.len(), 1, "no second mail");
    assert_eq!(
        listed(&house.page(&home).await.1),
        [merchant(0), merchant(1)],
        "both merchants"
    );
}

#[tokio::test]
async fn one_signs_in_with_address_and_password() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    house.granted(&signer, json!({})).await;
    let sign_in = house.url("/portal/sign-in");
    let (status, page) = house.page(&sign_in).await;
    assert!(status == 200 && page.contains("id=\"sign-in-form\""), "a form");
    let before = house
        .post_form(&sign_in, &[("email", "ada@shop.example"), ("password", "")])
        .await;
    assert_eq!(before.status(), 401, "before there is a password");
    house.accept().await;
    for (email, password) in [("ada@shop.example", "wrong one"), ("eve@shop.example", PASSWORD)] {
        let answer = house
            .post_form(&sign_in, &[("email", email), ("password", password)])
            .await;
        assert_eq!(answer.status(), 401, "{email} with {password}");
    }
    let answer = house
        .post_form(&sign_in, &[("email", "ADA@shop.example"), ("password", PASSWORD)])
        .await;
    assert_eq!(house.page(&house.after(&answer)).await.0, 200, "her page");
    house.running.shutdown().await;
    let file = std::fs::read(house.dir.path().join("sandbox.db")).unwrap();
    assert!(
        !file.windows(PASSWORD.len()).any(|window| window == PASSWORD.as_bytes()),
        "no password is kept readable"
    );
}

#[tokio::test]
async fn a_persons_session_ends_after_eight_hours() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    house.granted(&signer, json!({})).await;
    let home = house.accept().await;
    house.advance(28_790).await;
    assert_eq!(house.page(&home).await.0, 200, "it lives");
    house.advance(20).await;
    let (status, page) = house.page(&home).await;
    assert!(status == 410 && page.contains("data-state=\"ended\""), "it has ended");
    assert_eq!(
        house.page(&house.url("/portal/person/none")).await.0,
        404,
        "nobody began this one"
    );
}
