//! Statements about many people, judged in bulk by software that is not ours (tests/saml/judge.py).

use std::path::Path;
use std::sync::Mutex;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gatehouse_core::clock::{Clock, SystemClock};
use gatehouse_core::fill_random;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config as Runs, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use super::key::{SigningKey, make};
use super::sign::Signer;
use super::*;
use crate::config::Config;
use crate::state::SamlErrand;

#[path = "../../tests/bridge/judges.rs"]
mod judges;

const ACS: &str = "https://sp.example/saml/acs";
const SECTION: &str = "public_url = 'https://login.acquirer.example'\nacquirer = 'A'\ntrusted_proxies = ['10.0.0.0/8']\n\
    [provider]\nissuer = 'https://id.acquirer.example'\nclient_id = 'bridge'\n[people]\nmerchants_claim = 'shops'\n\
    [saml]\nservice_provider = 'https://sp.example/saml'\nacs = ['https://sp.example/saml/acs']\nkey = { key_store = true }\n\
    certificate = 'saml.pem'\nsession_seconds = 3600\nattributes = { names = true }\n";

struct Person {
    email: String,
    first: String,
    last: String,
    roles: Vec<String>,
}

fn now() -> Now {
    Now {
        ms: SystemClock::new().unix_ms(),
        fill: fill_random,
    }
}

/// An identity provider, and its certificate in PEM.
fn provider() -> (Idp, String) {
    let made = make("https://login.acquirer.example/saml/metadata", now().ms, 3).unwrap();
    let key = SigningKey::from_der(made.key.expose()).unwrap();
    let idp = Idp {
        settings: Config::parse(SECTION, Path::new(".")).unwrap().saml.unwrap(),
        signer: Signer::new(key, &made.certificate),
        certificate: made.certificate,
        service: None,
        next: None,
        metadata: Mutex::default(),
    };
    (idp, made.pem)
}

fn errand(request: Option<&str>) -> SamlErrand {
    SamlErrand {
        request: request.map(str::to_owned),
        acs: ACS.into(),
        relay_state: None,
        not_before_s: None,
        passive: false,
        contexts: None,
    }
}

fn stated(idp: &Idp, person: &Person, request: Option<&str>) -> String {
    let names = [
        ("first_name".to_owned(), person.first.clone()),
        ("last_name".to_owned(), person.last.clone()),
    ];
    let stated = Stated {
        email: &person.email,
        account: "krn:partner:global:account:test:MKPMV6MS",
        roles: &person.roles,
        names: &names,
        vouched: ("https://id.acquirer.example", &person.email),
        signed_in_ms: now().ms,
        class: Class::Password,
    };
    idp.statement(&errand(request), &stated, now()).unwrap().to_string()
}

/// Somebody with everything in the name that means something to XML, HTML or C14N.
fn people(count: usize) -> Vec<Person> {
    let name = "[a-zA-Zåéñ李さب][a-zA-ZåäöéßñŁžØ李王陳さくらاב&<>\"' \r\n\t;#\\]]{0,40}";
    let person = (
        name,
        name,
        "[a-z&'+!#$%*/=?^_`{|}~é.]{1,20}@[a-z]{1,12}\\.example",
        1..3_usize,
    );
    let mut runner = TestRunner::new_with_rng(Runs::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let mut next = || person.new_tree(&mut runner).unwrap().current();
    let roles = ["merchant:admin", "merchant:developer"];
    let made = (0..count).map(|_| {
        let (first, last, email, some) = next();
        Person {
            email,
            first,
            last,
            roles: roles.iter().take(some).map(|role| (*role).to_owned()).collect(),
        }
    });
    made.collect()
}

fn judge(idp: &Idp, pem: &str, doing: &str, cases: &[Value]) -> Option<Value> {
    let python = judges::python()?;
    let asked = json!({
        "do": doing,
        "certificate": pem,
        "entity": idp.settings.entity_id,
        "sso": idp.settings.sso_url,
        "service": idp.settings.service,
        "acs": ACS,
        "metadata": idp.metadata(now()).unwrap(),
        "cases": cases,
    });
    Some(judges::judged(&python, &asked))
}

/// The values of an attribute as python3-saml gives them, which trims them.
fn values(verdict: &Value, name: &str) -> Vec<String> {
    serde_json::from_value(verdict["accepted"]["attributes"][name].clone()).unwrap_or_default()
}

#[test]
fn a_thousand_people_are_understood_by_foreign_service_providers() {
    let (idp, pem) = provider();
    let people = people(1_000);
    let cases: Vec<Value> = people
        .iter()
        .enumerate()
        .map(|(at, person)| {
            let request = (at % 2 == 0).then(|| format!("_request-{at}"));
            json!({"response": stated(&idp, person, request.as_deref()), "request": request})
        })
        .collect();
    let Some(verdicts) = judge(&idp, &pem, "judge", &cases) else {
        return;
    };
    assert_eq!(verdicts.as_array().unwrap().len(), people.len(), "each is judged");
    for (person, verdict) in people.iter().zip(verdicts.as_array().unwrap()) {
        for (who, said) in verdict.as_object().unwrap() {
            assert!(
                said["refused"].is_null(),
                "{who}: {} of {:?}",
                said["refused"],
                person.email
            );
        }
        let seen = &verdict["onelogin"];
        assert_eq!(seen["accepted"]["name_id"], json!(person.email), "the name");
        assert_eq!(values(seen, "first_name"), [person.first.trim()], "letter by letter");
        assert_eq!(values(seen, "last_name"), [person.last.trim()], "letter by letter");
        assert_eq!(values(seen, "roles"), person.roles, "every role");
    }
}

/// Every so many bytes one is changed.
const STEP: usize = 13;

#[test]
fn one_changed_byte_is_refused_by_all() {
    let (idp, pem) = provider();
    let response = STANDARD.decode(stated(&idp, &people(1)[0], Some("_request"))).unwrap();
    let changed = |at: usize| {
        let mut bytes = response.clone();
        bytes[at] ^= 1;
        json!({"response": STANDARD.encode(bytes), "request": "_request", "by": ["onelogin", "pysaml", "xmlsec1"]})
    };
    let cases: Vec<Value> = (0..response.len()).step_by(STEP).map(changed).collect();
    let Some(verdicts) = judge(&idp, &pem, "judge", &cases) else {
        return;
    };
    for (count, verdict) in verdicts.as_array().unwrap().iter().enumerate() {
        for (who, said) in verdict.as_object().unwrap() {
            let around = String::from_utf8_lossy(&response[(count * STEP).saturating_sub(30)..][..30]).into_owned();
            assert!(said["accepted"].is_null(), "{who} took a change in {around:?}");
        }
    }
    let good = json!({"response": STANDARD.encode(&response), "request": "_request"});
    let verdict = judge(&idp, &pem, "judge", &[good]).unwrap();
    assert!(
        !verdict[0]["onelogin"]["accepted"].is_null(),
        "unchanged it is taken: {verdict}"
    );
}

#[test]
fn the_metadata_are_signed_and_valid_and_a_status_is_a_signed_response() {
    let (idp, pem) = provider();
    let Some(described) = judge(&idp, &pem, "metadata", &[]) else {
        return;
    };
    assert_eq!(
        described["sso"],
        json!(idp.settings.sso_url),
        "the address is found in them"
    );
    for status in [
        Status::NoPassive,
        Status::InvalidNameIdPolicy,
        Status::NoAuthnContext,
        Status::AuthnFailed,
        Status::UnsupportedBinding,
        Status::RequestUnsupported,
    ] {
        let refusal = idp.refusal(&errand(Some("_request")), status, now()).unwrap();
        let case = json!({"response": refusal.as_str(), "request": "_request"});
        let verdict = judge(&idp, &pem, "judge", &[case]).unwrap();
        for who in ["xmlsec1", "schema"] {
            assert!(!verdict[0][who]["accepted"].is_null(), "{who}: {verdict}");
        }
        let said = verdict[0]["onelogin"]["refused"].as_str().unwrap();
        assert!(
            said.contains(status.codes().0) && said.contains(status.word()),
            "nobody is signed on: {said}"
        );
        assert!(!verdict[0]["pysaml"]["refused"].is_null(), "{verdict}");
    }
}
