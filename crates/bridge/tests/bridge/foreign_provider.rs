//! A provider beside the sandbox's: its authority, its signatures, its clock, and both ways to prove the client.

use std::sync::Arc;

use gatehouse_core::install_crypto;
use reqwest::Method;
use url::Url;

use crate::browser::{Browser, Page};
use crate::provider::{CLIENT, Proof, Provider, SECRET};
use crate::world::{World, with};

/// A bridge whose provider this is; `more` stands in its section.
async fn at(provider: &Provider, more: &str) -> World {
    let (ca, section) = (
        provider.ca.clone(),
        format!(
            "issuer = '{}'\nclient_id = '{CLIENT}'\nclient_secret = {{ file = 'foreign.secret' }}\n{more}",
            provider.issuer
        ),
    );
    with(move |mut plan| {
        std::fs::write(plan.dir.join("provider.pem"), ca).unwrap();
        let secret = plan.dir.join("foreign.secret");
        std::fs::write(&secret, SECRET).unwrap();
        #[cfg(unix)]
        std::fs::set_permissions(&secret, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        plan.provider = Some(section);
        plan
    })
    .await
}

/// One person's way; the portal page or an end.
async fn enter(world: &World, provider: &Arc<Provider>) -> Page {
    let mut browser = Browser::new();
    let begun = browser.step(Method::GET, &world.bridge("/login"), None, &[]).await;
    let Some(to) = begun.location() else { return begun };
    let (code, state) = provider.sign_in(&Url::parse(&to).unwrap());
    browser
        .go(&world.bridge(&format!("/callback?code={code}&state={state}")))
        .await
}

const TRUSTED: &str = "ca = 'provider.pem'\n";

#[tokio::test(flavor = "multi_thread")]
async fn rs256_by_an_authority_of_its_own_with_the_secret_in_the_head_or_in_the_form_signs_a_person_in() {
    install_crypto();
    for (proof, good, bad) in [(Proof::Basic, "basic", "post"), (Proof::Post, "post", "basic")] {
        let provider = Provider::start(proof).await;
        let world = at(&provider, &format!("{TRUSTED}client_authentication = '{good}'")).await;
        let page = enter(&world, &provider).await;
        assert_eq!(page.status, 200, "{good}: {}", page.body);
        assert_eq!(world.links().await.len(), 1, "{good}: one link");
        world.demo.shutdown().await;
        let world = at(&provider, &format!("{TRUSTED}client_authentication = '{bad}'")).await;
        let end = enter(&world, &provider).await;
        assert_eq!(
            (end.code().as_str(), end.status),
            ("provider_refused", 502),
            "{bad} where {good} is asked for"
        );
        assert_eq!(world.counted("provider_refused").await, 1, "counted");
        world.demo.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authority_or_a_signature_that_is_not_configured_signs_nobody_in() {
    install_crypto();
    let provider = Provider::start(Proof::Basic).await;
    let world = at(&provider, "").await;
    let end = enter(&world, &provider).await;
    assert_eq!(
        (end.code().as_str(), end.status),
        ("provider_down", 503),
        "an unknown authority"
    );
    assert_eq!(world.counted("provider_down").await, 1, "counted");
    world.demo.shutdown().await;
    let world = at(&provider, &format!("{TRUSTED}algorithms = ['ES256']")).await;
    let end = enter(&world, &provider).await;
    assert_eq!(
        (end.code().as_str(), end.status),
        ("provider_refused", 502),
        "RS256 where ES256 alone is taken"
    );
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_providers_clock_may_be_off_by_the_configured_seconds_and_no_more() {
    install_crypto();
    let provider = Provider::start(Proof::Basic).await;
    let world = at(&provider, &format!("{TRUSTED}clock_skew_seconds = 60")).await;
    for (ahead_s, status) in [(30, 200), (-30, 200), (120, 502), (-400, 502)] {
        *provider.ahead_s.lock().unwrap() = ahead_s;
        let page = enter(&world, &provider).await;
        assert_eq!(page.status, status, "{ahead_s} s ahead: {}", page.body);
    }
    assert_eq!(world.counted("provider_refused").await, 2, "counted");
    assert_eq!(world.links().await.len(), 2, "and nothing made for those");
    world.demo.shutdown().await;
}
