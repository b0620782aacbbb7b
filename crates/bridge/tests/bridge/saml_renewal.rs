//! A renewed key: the next certificate stands in the metadata beside the one in use, then takes its place; who trusts either signs on.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gatehouse_bridge::config::Config;
use gatehouse_bridge::renew::{Wanted, renew};
use gatehouse_core::clock::{Clock, SystemClock};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::saml_judges::{Judges, signed_on};
use crate::saml_world::{answer, hidden, provider};
use crate::world::World;

/// A certificate as it stands in metadata and statements.
fn told(world: &World, file: &str) -> String {
    let der = CertificateDer::from_pem_file(world.dir.path().join(file)).unwrap();
    STANDARD.encode(der)
}

/// The certificates in a text, without those of its own signature's key.
fn described(metadata: &str) -> Vec<String> {
    let descriptors = metadata.split("<md:KeyDescriptor").skip(1);
    let certificate = |text: &str| {
        let (_, rest) = text.split_once("<ds:X509Certificate>").unwrap();
        rest.split('<').next().unwrap().to_owned()
    };
    descriptors.map(certificate).collect()
}

async fn metadata(world: &World) -> Vec<String> {
    described(&Browser::new().go(&world.bridge("/saml/metadata")).await.body)
}

/// Starts the bridge again with another line in place of one of its configuration.
async fn reconfigured(mut world: World, line: &str, put: &str) -> World {
    assert!(world.demo.config.contains(line), "{line} stands there");
    world.demo.config = world.demo.config.replace(line, put);
    World {
        demo: world.demo.restart_bridge().await.unwrap(),
        dir: world.dir,
    }
}

/// A statement of somebody who begins at the bridge, and as a case for the judges.
async fn stated(world: &World) -> (String, Value) {
    let page = signed_on(world, &world.bridge("/saml/start")).await;
    let response = hidden(&page, "SAMLResponse");
    (
        answer(&page),
        json!({"response": response, "by": ["onelogin", "pysaml"]}),
    )
}

/// The next key, made while the bridge serves.
async fn make_next(world: &World) {
    let settings = Config::parse(&world.demo.config, world.dir.path())
        .unwrap()
        .saml
        .unwrap();
    let (next, core) = (world.dir.path().join("next.pem"), world.demo.gatehouse.clone());
    let made = tokio::task::spawn_blocking(move || {
        let wanted = Wanted {
            settings: &settings,
            certificate: Some(&next),
            key: None,
            years: 3,
            now_ms: SystemClock::new().unix_ms(),
        };
        renew(&core, &wanted)
    });
    made.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_renewed_without_a_day_on_which_nobody_can_sign_on() {
    let world = provider("").await;
    make_next(&world).await;
    let (old, next) = (told(&world, "saml.pem"), told(&world, "next.pem"));
    let (xml, _) = stated(&world).await;
    assert!(
        xml.contains(&old) && !xml.contains(&next),
        "the bridge goes on as it was"
    );
    assert_eq!(metadata(&world).await, [old.as_str()], "and tells of one");
    let early = Judges::knowing(&world, "saml.pem").await;

    let world = reconfigured(
        world,
        "certificate = 'saml.pem'",
        "certificate = 'saml.pem'\nnext_certificate = 'next.pem'",
    )
    .await;
    assert_eq!(
        metadata(&world).await,
        [old.clone(), next.clone()],
        "both, the one in use first"
    );
    let (xml, by_old) = stated(&world).await;
    assert!(xml.contains(&old) && !xml.contains(&next), "the old one still signs");
    let either = [
        Judges::knowing(&world, "saml.pem").await,
        Judges::knowing(&world, "next.pem").await,
    ];

    let world = reconfigured(
        world,
        "certificate = 'saml.pem'\nnext_certificate = 'next.pem'",
        "certificate = 'next.pem'",
    )
    .await;
    assert_eq!(metadata(&world).await, [next.as_str()], "the old one is gone");
    let (xml, by_next) = stated(&world).await;
    assert!(xml.contains(&next) && !xml.contains(&old), "the next one signs");
    let log = world.demo.gatehouse.audit_reader().unwrap();
    let made = (1..=log.size().unwrap()).filter(|seq| log.entry(*seq).unwrap().unwrap().body.kind == "key.create");
    assert!(made.count() >= 2, "each key's making stands in the log");
    if let (Some(early), [Some(with_old), Some(with_next)]) = (early, either) {
        judged(&early, &with_old, &with_next, &[by_old, by_next]);
    }
    world.demo.shutdown().await;
}

/// Whoever has the metadata of both takes both statements; whoever only ever saw the old certificate takes the old one's alone.
fn judged(early: &Judges, with_old: &Judges, with_next: &Judges, cases: &[Value]) {
    let [early, with_old, with_next] = [early, with_old, with_next].map(|judges| judges.say("judge", cases));
    for at in [0, 1] {
        assert!(
            with_old[at]["pysaml"]["refused"].is_null(),
            "by the metadata of both: {with_old}"
        );
    }
    assert!(
        with_old[0]["onelogin"]["refused"].is_null(),
        "the old certificate: {with_old}"
    );
    assert!(
        with_next[1]["onelogin"]["refused"].is_null(),
        "the next certificate: {with_next}"
    );
    for who in ["onelogin", "pysaml"] {
        assert!(early[0][who]["refused"].is_null(), "{who} knows the old one: {early}");
        assert!(
            !early[1][who]["refused"].is_null(),
            "{who} never heard of the next one: {early}"
        );
    }
}
