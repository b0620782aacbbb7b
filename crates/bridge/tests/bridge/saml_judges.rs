//! Foreign service providers sign people on: python3-saml in strict mode and pysaml2, each with its own request and without one.

use serde_json::{Value, json};

use crate::browser::{Browser, Page};
use crate::judges::{judged, python};
use crate::saml_world::{ACS, SERVICE, hidden, provider};
use crate::world::World;

/// Foreign service providers that know an identity provider as it was at a moment.
pub struct Judges {
    python: String,
    known: Value,
}

impl Judges {
    /// With the certificate and the metadata of now; none where there is no Python for them.
    pub async fn knowing(world: &World, certificate: &str) -> Option<Self> {
        let python = python()?;
        let known = json!({
            "certificate": std::fs::read_to_string(world.dir.path().join(certificate)).unwrap(),
            "entity": world.bridge("/saml/metadata"),
            "sso": world.bridge("/saml/sso"),
            "service": SERVICE,
            "acs": ACS,
            "metadata": Browser::new().go(&world.bridge("/saml/metadata")).await.body,
        });
        Some(Self { python, known })
    }

    /// What they say.
    pub fn say(&self, doing: &str, cases: &[Value]) -> Value {
        let mut asked = self.known.clone();
        asked["do"] = json!(doing);
        asked["cases"] = json!(cases);
        judged(&self.python, &asked)
    }
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
    let world = provider("").await;
    let Some(judges) = Judges::knowing(&world, "saml.pem").await else {
        return;
    };
    let requests = judges.say("requests", &[]);
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
    for verdict in judges.say("judge", &cases).as_array().unwrap() {
        accepted(verdict);
    }
    let crossed = json!({"response": cases[0]["response"], "request": "_another", "by": ["onelogin", "pysaml"]});
    let verdict = judges.say("judge", &[crossed]);
    for who in ["onelogin", "pysaml"] {
        assert!(
            !verdict[0][who]["refused"].is_null(),
            "{who}: an answer to another request"
        );
    }
    let described = judges.say("metadata", &[]);
    assert_eq!(
        described["sso"],
        json!(world.bridge("/saml/sso")),
        "the metadata lead to us"
    );
    world.demo.shutdown().await;
}
