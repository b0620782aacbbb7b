//! Portal links from token to page, and the merchants behind them.

use crate::stage::{Stage, context, merchant, open, sign};
use gatehouse_klarna::{
    AccountKrn, AccountState, Call, CallFailure, Client, DeepLinkClaims, DeepLinkId, DeepLinkRequest, Effect,
    ErrorCode, FailureKind, Permit, create_deep_link_subject, delete_deep_link_subject, idempotency_key_for,
};
use gatehouse_sandbox::{generate, generate_foreign};

async fn visit(link: &str) -> (u16, String) {
    let browser = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .build()
        .unwrap();
    let answer = browser.get(link).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn revoke(client: &Client, account: &AccountKrn, id: &DeepLinkId) -> Result<u16, CallFailure> {
    let permit = Permit::mint(Call::DeleteDeepLink, &delete_deep_link_subject(account, id));
    let answered = client.delete_deep_link(permit, account, id, &context()).await?;
    Ok(answered.meta.status)
}

#[tokio::test]
async fn link_is_made_used_once_and_revoked() {
    let stage = Stage::new().await;
    for client in [stage.http(), stage.https(None)] {
        let warmed = client.warm().await.unwrap();
        assert!(
            warmed.server_unix_s.is_some(),
            "the connection stands and tells the time"
        );
        let signer = stage.signer(&client).await;
        let link = open(&client, &stage.claims(&merchant(0)), &signer).await.unwrap().value;
        assert!(link.url.is_loopback(), "the sandbox's pages are on this machine");
        let (status, page) = visit(link.url.expose()).await;
        assert!(
            status == 200 && page.contains("ada+portal@acquirer.example"),
            "the page says who entered: {page}"
        );
        let (_, again) = visit(link.url.expose()).await;
        assert!(again.contains("already used"), "a link works once");
        assert_eq!(
            revoke(&client, &merchant(0), &link.id).await.unwrap(),
            204,
            "the session is revoked"
        );
        let unknown = DeepLinkId::parse("krn:partner:global:account:portal:deep-link:none").unwrap();
        let failure = revoke(&client, &merchant(0), &unknown).await.unwrap_err();
        assert_eq!(
            (failure.kind, failure.effect),
            (FailureKind::NotFound, Effect::Refused),
            "an unknown link is named"
        );
    }
}

#[tokio::test]
async fn unsigned_link_leads_to_a_password_first() {
    let stage = Stage::new().await;
    let claims = stage.claims(&merchant(0));
    let permit = Permit::mint(Call::CreateDeepLink, &create_deep_link_subject(&merchant(0)));
    let request = DeepLinkRequest::Unsigned {
        subject: claims.sub,
        roles: claims.roles,
        on_behalf_of: Some(stage.account()),
    };
    let client = stage.http();
    let link = client
        .create_deep_link(permit, &merchant(0), request, &context())
        .await
        .unwrap()
        .value;
    let (_, page) = visit(link.url.expose()).await;
    assert!(page.contains("assword"), "the sandbox asks for a password: {page}");
}

#[tokio::test]
async fn same_key_and_bytes_replay_and_anything_else_conflicts() {
    let stage = Stage::new().await;
    let client = stage.http();
    let signer = stage.signer(&client).await;
    let claims = stage.claims(&merchant(0));
    let first = open(&client, &claims, &signer).await.unwrap().value;
    let again = open(&client, &claims, &signer).await.unwrap().value;
    assert_eq!(first.id, again.id, "a repetition gets the first answer");

    let send = async |claims: &DeepLinkClaims, key: &str| {
        let permit = Permit::mint(Call::CreateDeepLink, &create_deep_link_subject(&merchant(0)));
        let request = DeepLinkRequest::Signed(sign(claims, &signer));
        let context = context().with_key(idempotency_key_for(key));
        client
            .create_deep_link(permit, &merchant(0), request, &context)
            .await
            .unwrap_err()
    };
    let replayed = send(&claims, "another key").await;
    assert_eq!(
        (replayed.kind, replayed.effect),
        (FailureKind::Conflict, Effect::Refused),
        "a jti is good once"
    );
    assert_eq!(
        replayed.api.unwrap().error_code,
        ErrorCode::ResourceConflict,
        "the code is read"
    );
    let other_body = send(&stage.claims(&merchant(0)), &claims.jti).await;
    assert_eq!(other_body.kind, FailureKind::Conflict, "a key belongs to one body");
}

#[tokio::test]
async fn merchants_of_others_and_closed_ones_are_refused() {
    let stage = Stage::new().await;
    let client = stage.http();
    let signer = stage.signer(&client).await;
    let foreign = generate_foreign(1).next().unwrap().account_id;
    let closed = generate(50)
        .find(|one| one.state.as_str() == "DISABLED")
        .unwrap()
        .account_id;
    for (name, account) in [("foreign", foreign), ("closed", closed)] {
        let account = AccountKrn::parse(&account).unwrap();
        let failure = open(&client, &stage.claims(&account), &signer).await.unwrap_err();
        assert_eq!(
            (failure.kind, failure.effect),
            (FailureKind::Forbidden, Effect::Refused),
            "{name}"
        );
        assert_eq!(failure.api.unwrap().error_code, ErrorCode::OperationForbidden, "{name}");
    }
    let nobody = AccountKrn::parse("krn:partner:global:account:test:NOBODY99").unwrap();
    let failure = open(&client, &stage.claims(&nobody), &signer).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::NotFound, "an account that does not exist");
}

#[tokio::test]
async fn claims_that_are_not_in_order_are_named_by_parameter() {
    let stage = Stage::new().await;
    let client = stage.http();
    let signer = stage.signer(&client).await;
    let mut old = stage.claims(&merchant(0));
    (old.iat, old.exp) = (old.iat - 4_000, old.exp - 4_000);
    let failure = open(&client, &old, &signer).await.unwrap_err();
    assert_eq!(
        (failure.kind, failure.effect),
        (FailureKind::Invalid, Effect::Refused),
        "an expired token"
    );
    let parameters = failure.api.unwrap().parameters;
    assert!(
        parameters.iter().any(|fault| fault.parameter.starts_with("jwt.")),
        "the claim is named: {parameters:?}"
    );
}

#[tokio::test]
async fn every_merchant_is_read_with_its_state() {
    let stage = Stage::new().await;
    let client = stage.https(None);
    for expected in generate(50).take(12) {
        let krn = AccountKrn::parse(&expected.account_id).unwrap();
        let account = client.read_account(&krn, &context()).await.unwrap().value;
        assert_eq!(
            account.state,
            AccountState::from_word(expected.state.as_str()),
            "{krn}: the state"
        );
        assert_eq!(account.name.as_deref(), Some(expected.name.as_str()), "{krn}: the name");
        assert_eq!(
            account.reference.as_deref(),
            Some(expected.reference.as_str()),
            "{krn}: the reference"
        );
    }
}

#[tokio::test]
async fn client_keeps_to_the_quota_by_itself() {
    let stage = Stage::with(&[]).await;
    let client = stage.http();
    for number in 0..8 {
        let account = client.read_account(&merchant(0), &context()).await;
        account.unwrap_or_else(|failure| panic!("call {number} of 8 at 5 a second fails with {failure:?}"));
    }
}
