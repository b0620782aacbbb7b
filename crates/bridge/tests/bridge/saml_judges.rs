//! Foreign service providers sign people on: python3-saml in strict mode and pysaml2, each with its own request and without one.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::browser::{Browser, Page};
use crate::saml_world::{ACS, SERVICE, hidden, provider};
use crate::world::World;

#[expect(clippy::disallowed_methods, reason = "the judges' Python, set by the harness")]
pub fn python() -> Option<String> {
    let named = std::env::var("GATEHOUSE_TEST_PYTHON").ok();
    if named.is_none() {
        eprintln!(
            "skipped: set GATEHOUSE_TEST_PYTHON to a Python with python3-saml and pysaml2, as `cargo xtask test` does"
        );
    }
    named
}

pub async fn judge(world: &World, python: &str, doing: &str, cases: &[Value]) -> Value {
    let metadata = Browser::new().go(&world.bridge("/saml/metadata")).await.body;
    let asked = json!({
        "do": doing,
        "certificate": std::fs::read_to_string(world.dir.path().join("saml.pem")).unwrap(),
        "entity": world.bridge("/saml/metadata"),
        "sso": world.bridge("/saml/sso"),
        "service": SERVICE,
        "acs": ACS,
        "metadata": metadata,
        "cases": cases,
    });
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/saml/judge.py");
    let mut command = Command::new(python);
    command
        .arg("-B")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(asked.to_string().as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "the judge ran to its end");
    serde_json::from_slice(&output.stdout).unwrap()
}

pub async fn signed_on(world: &World, url: &str) -> Page {
    let mut browser = Browser::new();
    let page = browser.go(url).await;
    assert!(
        page.body.contains("provider-form"),
        "the request is good: {}",
        page.body
    );
    world.sign_in(&mut browser, &page, "ana@bakery.example").await
}

fn accepted(verdict: &Value) {
    for (who, said) in verdict.as_object().unwrap() {
        assert!(said["refused"].is_null(), "{who}: {said}");
    }
    for who in ["onelogin", "pysaml"] {
        let said = &verdict[who]["accepted"];
        assert_eq!(said["name_id"], json!("ana@bakery.example"), "{who} knows the person");
        assert_eq!(
            said["attributes"]["roles"],
            json!(["merchant:admin"]),
            "{who} knows the roles"
        );
        assert_eq!(
            said["attributes"]["email"],
            json!(["ana@bakery.example"]),
            "{who} knows the address"
        );
        let account = said["attributes"]["account_id"][0].as_str().unwrap();
        assert!(account.starts_with("krn:"), "{who} knows the merchant: {account}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn foreign_service_providers_sign_people_on_in_both_directions() {
    let Some(python) = python() else { return };
    let world = provider("").await;
    let requests = judge(&world, &python, "requests", &[]).await;
    let mut cases = Vec::new();
    for (who, state) in [("onelogin", "from python3-saml"), ("pysaml", "from pysaml2")] {
        let page = signed_on(&world, requests[who]["url"].as_str().unwrap()).await;
        assert_eq!(
            hidden(&page, "RelayState").as_deref(),
            Some(state),
            "its state comes back"
        );
        cases.push(json!({"response": hidden(&page, "SAMLResponse"), "request": requests[who]["id"]}));
    }
    let page = signed_on(&world, &world.bridge("/saml/start")).await;
    let begun_here = hidden(&page, "SAMLResponse");
    cases.push(json!({"response": begun_here}));
    for verdict in judge(&world, &python, "judge", &cases).await.as_array().unwrap() {
        accepted(verdict);
    }
    let crossed = json!({"response": cases[0]["response"], "request": "_another", "by": ["onelogin", "pysaml"]});
    let verdict = judge(&world, &python, "judge", &[crossed]).await;
    for who in ["onelogin", "pysaml"] {
        assert!(
            !verdict[0][who]["refused"].is_null(),
            "{who}: an answer to another request"
        );
    }
    let described = judge(&world, &python, "metadata", &[]).await;
    assert_eq!(
        described["sso"],
        json!(world.bridge("/saml/sso")),
        "the metadata lead to us"
    );
    world.demo.shutdown().await;
}
