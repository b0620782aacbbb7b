//! `gatehouse bridge metadata` and `handover`, asked of a bridge that serves.

use std::fs;
use std::process::Command;

use gatehouse_bridge::demo::{DemoPlan, DemoSaml};
use serde_json::{Value, json};

use crate::world::{World, rows, text};

/// What OpenSSL says of a certificate.
fn fingerprint(pem: &std::path::Path) -> String {
    let said = Command::new("openssl")
        .args(["x509", "-noout", "-fingerprint", "-sha256", "-in"])
        .arg(pem)
        .output()
        .expect("openssl is installed");
    let said = String::from_utf8(said.stdout).unwrap();
    let (_, digits) = said.trim().split_once('=').unwrap();
    digits.replace(':', "").to_lowercase()
}

fn values<'a>(list: &'a [Value], member: &str) -> Vec<&'a str> {
    list.iter().map(|one| text(one, member)).collect()
}

#[test]
fn what_a_bridge_serves_is_what_the_command_line_tells() {
    let world = World::ready();
    let dir = world.place.beside("demo");
    fs::create_dir(&dir).unwrap();
    gatehouse_core::install_crypto();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let plan = DemoPlan {
        merchants: 450,
        saml: DemoSaml::Here,
        ..DemoPlan::new(&dir)
    };
    let demo = runtime.block_on(plan.start()).unwrap();
    let public = format!("http://{}", demo.bridge.public);
    let config = dir.join("bridge.toml");
    world.run(&["bridge", "use", config.to_str().unwrap()]).json();

    let told = world.run(&["bridge", "metadata"]).json();
    assert_eq!(
        told["health"],
        json!("alive"),
        "it is asked where its operators ask: {told}"
    );
    assert_eq!(
        told["entity_id"],
        json!(format!("{public}/saml/metadata")),
        "by its own name"
    );
    let ways = rows(&told, "sign_on");
    assert_eq!(values(&ways, "location"), [format!("{public}/saml/sso")], "one way in");
    let certificates = rows(&told, "certificates");
    assert_eq!(
        values(&certificates, "sha256"),
        [fingerprint(&dir.join("saml.pem"))],
        "the certificate that the bridge signs with, as OpenSSL reads it"
    );
    let attributes = rows(&told, "attributes");
    for meaning in ["email", "account_id", "roles"] {
        assert!(
            values(&attributes, "meaning").contains(&meaning),
            "{meaning} is named: {told}"
        );
    }

    let handed = world.run(&["bridge", "handover"]).json();
    assert_eq!(handed["without_saml"], Value::Null, "all of it is there");
    let certificate = fs::read_to_string(dir.join("saml.pem")).unwrap();
    assert!(
        text(&handed, "text").contains(certificate.trim()),
        "certificate and all: {handed}"
    );
    let shown = world.run(&["bridge", "handover"]).json();
    assert_eq!(shown, handed, "asked again, it says the same");

    runtime.block_on(demo.shutdown());
    world.run(&["bridge", "metadata"]).refused(4, "bridge_unreachable");
}
