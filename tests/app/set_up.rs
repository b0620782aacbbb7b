//! Set-up through IPC from nothing to the first link, on a sandbox that enforces mTLS and refuses every doubtful case.
//!
//! The served sandbox stands for Klarna: the profile is begun at its address and gets nothing in one go.

use std::sync::Arc;

use gatehouse_core::KeysChoice;
use gatehouse_core::clock::{Clock, SystemClock};
use gatehouse_core::key_store::MemoryKeyStore;
use gatehouse_sandbox::Settings;
use serde_json::{Value, json};

use crate::desk::Desk;

const CANARY: &str = "klarna_test_api_canary-that-is-nowhere";

/// A desk beside a served sandbox in its strict set, which enforces mTLS.
pub struct Strict {
    pub desk: Desk,
    api_key: String,
}

impl Strict {
    pub fn start() -> Self {
        Self::start_with(KeysChoice::Given(Arc::new(MemoryKeyStore::new())))
    }

    /// The same with a key store of the test's own.
    pub fn start_with(keys: KeysChoice) -> Self {
        let desk = Desk::beside_a_sandbox(Settings::strict(), keys);
        let api_key = desk.served().api_key.clone();
        Self { desk, api_key }
    }

    fn wish(&self) -> Value {
        let served = self.desk.served();
        json!({ "request": {
            "name": "acme", "environment": "sandbox", "account": served.account, "user": "me@acquirer.example",
            "apiUrl": served.https, "trustedHost": null, "caPem": served.ca_pem, "proxy": "direct", "method": "deep_link",
        } })
    }

    pub fn ask(&self, command: &str, mut more: Value) -> Value {
        more["name"] = json!("acme");
        self.desk
            .ask(command, more)
            .unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    pub fn code(&self, command: &str, mut more: Value) -> String {
        more["name"] = json!("acme");
        self.desk.code(command, more)
    }

    fn next(&self) -> Value {
        self.ask("setup_state", json!({}))["next"].clone()
    }

    fn step(&self, step: &str) -> Value {
        let setup = self.ask("setup_state", json!({}));
        let found = setup["steps"]
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["step"] == step);
        found.unwrap().clone()
    }

    fn api_key(&self) -> Value {
        self.ask("secret_api_key", json!({ "key": self.api_key }))
    }

    /// Begins the profile: API key and connection key are there, Klarna was not asked for a certificate yet.
    pub fn begin(&self) {
        self.desk.ask("setup_begin", self.wish()).unwrap();
        self.api_key();
        self.ask("key_create", json!({ "usage": "mtls" }));
    }

    /// Every step that concerns keys.
    pub fn with_keys(self) -> Self {
        self.desk.ask("setup_begin", self.wish()).unwrap();
        self.api_key();
        for usage in ["mtls", "jwt-signing"] {
            self.ask("key_create", json!({ "usage": usage }));
            self.ask("key_certificate_ask", json!({ "usage": usage }));
        }
        self
    }
}

#[test]
fn a_profile_is_set_up_in_the_window_where_mtls_is_enforced() {
    let world = Strict::start();
    let begun = world.desk.ask("setup_begin", world.wish()).unwrap();
    assert_eq!(
        (&begun["ready"], &begun["next"], &begun["method"]),
        (&json!(false), &json!("api_key"), &json!("deep_link")),
        "the profile is there, and the API key comes next: {begun}"
    );
    let kept = world.api_key();
    assert_eq!(
        kept["proof"],
        json!("after_mtls"),
        "the gateway wants the certificate first"
    );
    assert!(!kept.to_string().contains(&world.api_key), "the key does not come back");
    for (usage, prefix) in [("mtls", "mtls"), ("jwt-signing", "signing")] {
        walk_a_key(&world, usage, prefix);
    }
    assert_eq!(world.next(), json!("dry_signature"), "now the proofs");
    world.ask("setup_dry_signature", json!({}));
    let call = world.ask("setup_first_call", json!({}));
    assert_eq!(
        (&call["http"], &call["mtls"]),
        (&json!(200), &json!("VALID")),
        "Klarna takes key and certificate: {call}"
    );
    bring_merchants(&world);
    let end = world.ask("setup_state", json!({}));
    assert_eq!(
        (&end["ready"], &end["next"]),
        (&json!(true), &Value::Null),
        "all is done: {end}"
    );
    open_a_portal(&world);
}

fn walk_a_key(world: &Strict, usage: &str, prefix: &str) {
    let of = |more: &str| json!(format!("{prefix}_{more}"));
    assert_eq!(world.next(), of("key"), "each key in its turn");
    world.ask("key_create", json!({ "usage": usage }));
    let request = world.ask("key_request", json!({ "usage": usage }));
    let pem = request["pem"].as_str().unwrap();
    assert!(pem.contains("BEGIN CERTIFICATE REQUEST"), "the request is shown: {pem}");
    assert_eq!(
        world.ask("key_request", json!({ "usage": usage }))["pem"],
        request["pem"],
        "made once, it stays the same"
    );
    assert_eq!(world.next(), of("certificate"), "then Klarna is asked");
    world.ask("key_certificate_ask", json!({ "usage": usage }));
    assert_eq!(
        world.step(of("certificate").as_str().unwrap())["state"],
        json!("done"),
        "it is in use"
    );
    let keys = world.ask("keys_list", json!({}))["keys"].clone();
    let key = keys
        .as_array()
        .unwrap()
        .iter()
        .find(|key| key["usage"] == usage)
        .unwrap();
    assert_eq!(
        key["state"],
        json!("active"),
        "the first key of a usage is in use at once"
    );
    let checks = key["certificate"]["checks"].as_array().unwrap();
    assert!(
        checks.len() >= 8 && checks.iter().all(|check| check["passed"] == json!(true)),
        "every rule is named and kept: {checks:?}"
    );
}

fn bring_merchants(world: &Strict) {
    assert_eq!(world.next(), json!("merchants"), "and last the merchants");
    assert_eq!(
        world.ask("setup_merchants", json!({})),
        Value::Null,
        "a dialog that was cancelled is no error"
    );
    let ids = "krn:partner:global:account:test:MB6KIE1P\n";
    let imported = world.ask("setup_merchant_ids", json!({ "ids": ids }));
    assert_eq!(imported["added"], json!(1), "the pasted id is a merchant: {imported}");
}

fn open_a_portal(world: &Strict) {
    let link = json!({ "request": {
        "merchantId": "krn:partner:global:account:test:MB6KIE1P",
        "openAs": null, "reason": null, "roles": null, "unsigned": false,
    } });
    world.desk.ask("portal_copy_link", link).unwrap();
    let copied = world.desk.copied.lock().unwrap().clone();
    assert!(
        copied[0].starts_with("http://127.0.0.1:"),
        "the first link is there: {}",
        copied.len()
    );
    let verified = world.desk.ask("audit_verify", json!({})).unwrap();
    assert_eq!(verified["verdict"], json!("intact"), "and the log holds");
}

#[test]
fn set_up_goes_on_after_the_app_was_closed() {
    let keys = Arc::new(MemoryKeyStore::new());
    let desk = Desk::beside_a_sandbox(Settings::strict(), KeysChoice::Given(keys.clone()));
    let api_key = desk.served().api_key.clone();
    let world = Strict { desk, api_key };
    world.desk.ask("setup_begin", world.wish()).unwrap();
    world.api_key();
    world.ask("key_create", json!({ "usage": "mtls" }));
    let Strict { desk, api_key } = world;
    let world = Strict {
        desk: desk.again(KeysChoice::Given(keys)),
        api_key,
    };
    assert_eq!(world.next(), json!("mtls_request"), "it goes on where it stopped");
    world.ask("key_certificate_ask", json!({ "usage": "mtls" }));
    assert_eq!(world.next(), json!("signing_key"), "with what was made before");
}

#[test]
fn what_does_not_fit_is_refused_and_loses_nothing() {
    let world = Strict::start();
    let mut wrong = world.wish();
    wrong["request"]["account"] = json!("krn:partner:global:account:live:LYABCDEI");
    assert_eq!(
        world.desk.code("setup_begin", wrong),
        "environment_mixed",
        "live and test never mix"
    );
    world.desk.ask("setup_begin", world.wish()).unwrap();
    for bad in ["two words", "klarna_live_api_of-the-other-side", "nothing-like-a-key"] {
        let code = world.code("secret_api_key", json!({ "key": bad }));
        assert!(
            ["api_key_invalid", "environment_mixed"].contains(&code.as_str()),
            "{bad:?} is refused as {code}"
        );
    }
    world.ask("key_create", json!({ "usage": "mtls" }));
    assert_eq!(
        world.code("key_certificate_ask", json!({ "usage": "mtls" })),
        "api_key_missing",
        "Klarna is not asked without an API key"
    );
    assert_eq!(
        world.code(
            "key_certificate_judge",
            json!({ "usage": "mtls", "pem": "no certificate" })
        ),
        "certificate_unreadable",
        "what is no certificate is called so"
    );
    world.api_key();
    world.ask("key_certificate_ask", json!({ "usage": "mtls" }));
    assert_eq!(world.next(), json!("signing_key"), "and set-up goes on");
}

#[test]
fn an_api_key_that_came_in_is_found_nowhere() {
    let world = Strict::start();
    world.desk.ask("setup_begin", world.wish()).unwrap();
    let answer = world
        .desk
        .ask("secret_api_key", json!({ "name": "acme", "key": CANARY }))
        .map_or_else(|error| error.to_string(), |kept| kept.to_string());
    assert!(!answer.contains("canary"), "not in the answer: {answer}");
    let mut folders = vec![world.desk.dir.path().to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            assert!(
                !String::from_utf8_lossy(&bytes).contains("canary"),
                "not in {}",
                path.display()
            );
        }
    }
}

#[test]
fn a_key_rotates_with_overlap_and_the_old_one_ends_for_good() {
    let world = Strict::start().with_keys();
    let rotated = world.ask("key_rotate", json!({ "usage": "jwt-signing", "ask": true }));
    assert_eq!(rotated["switched"], json!(true), "the next key is in use: {rotated}");
    let old = rotated["retiring"].clone();
    let retired = world.ask("key_retire", json!({ "usage": "jwt-signing", "credential": null }));
    let of = |keys: &Value, id: &Value| {
        let found = keys["keys"].as_array().unwrap().iter().find(|key| &key["keyId"] == id);
        found.unwrap().clone()
    };
    assert!(
        of(&retired, &old)["revokedFrom"].is_number(),
        "Klarna refuses the old one"
    );
    let ended = world.ask(
        "key_destroy",
        json!({ "keyId": old, "evenActive": false, "tokenLost": false }),
    );
    assert_eq!(
        of(&ended, &old)["state"],
        json!("destroyed"),
        "and its private half is gone"
    );
    assert_eq!(
        world.code(
            "key_destroy",
            json!({ "keyId": rotated["keyId"], "evenActive": false, "tokenLost": false })
        ),
        "input_invalid",
        "the key in use is not destroyed by a slip"
    );
}

#[test]
fn a_profile_begins_with_its_secrets_in_a_file_that_is_sealed() {
    let by_directory = || KeysChoice::ByDataDir {
        passphrase: None,
        keyring: None,
    };
    let desk = Desk::beside_a_sandbox(Settings::strict(), by_directory());
    let api_key = desk.served().api_key.clone();
    let world = Strict { desk, api_key };
    let mut wish = world.wish();
    wish["passphrase"] = json!("too short");
    assert_eq!(
        world.desk.code("secret_setup_begin", wish.clone()),
        "input_invalid",
        "twelve characters"
    );
    wish["passphrase"] = json!("canary of a passphrase");
    let begun = world.desk.ask("secret_setup_begin", wish).unwrap();
    assert_eq!(begun["keyStore"], json!("file"), "its secrets go to the file: {begun}");
    assert!(
        !begun.to_string().contains("canary"),
        "the passphrase does not come back"
    );
    world.api_key();
    world.ask("key_create", json!({ "usage": "mtls" }));
    assert!(world.desk.dir.path().join("keys.sealed").exists(), "the file is there");
}

#[test]
fn a_profile_goes_to_a_colleague_as_a_file_and_its_keys_are_made_anew() {
    let world = Strict::start().with_keys();
    let file = world.desk.dir.path().join("acme.json");
    *world.desk.chosen.lock().unwrap() = Some(file.clone());
    let written = world.ask("profile_export", json!({}));
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(
        !text.contains(&world.api_key) && !text.contains("PRIVATE KEY"),
        "no secret is in the file"
    );
    let colleague = Strict::start();
    *colleague.desk.chosen.lock().unwrap() = Some(file);
    let read = colleague.desk.ask("profile_file_open", json!({})).unwrap();
    assert_eq!(
        (&read["signer"], &read["trusted"]),
        (&written["signer"], &json!(false)),
        "who signed it is shown, and not trusted yet"
    );
    let take =
        |trust: Value| json!({ "request": { "name": null, "user": "colleague@acquirer.example", "trust": trust } });
    assert_eq!(
        colleague.desk.code("profile_file_import", take(Value::Null)),
        "signer_untrusted",
        "the person's word is needed"
    );
    let taken = colleague
        .desk
        .ask("profile_file_import", take(read["signer"].clone()))
        .unwrap();
    assert_eq!(
        (&taken["user"], &taken["next"], &taken["ready"]),
        (&json!("colleague@acquirer.example"), &json!("api_key"), &json!(false)),
        "what is missing is what set-up goes on with: {taken}"
    );
}

#[test]
fn what_klarna_holds_is_read_renamed_and_ended() {
    let world = Strict::start().with_keys();
    let held = world.ask("credentials_list", json!({}));
    assert_eq!(
        held["enforcement"],
        json!("REPORTING"),
        "the account's own switch, which nobody has set: {held}"
    );
    assert_eq!(
        held["addressProblem"],
        Value::Null,
        "and tells its address rules: {held}"
    );
    let lines = held["credentials"].as_array().unwrap().clone();
    let ours: Vec<&Value> = lines.iter().filter(|line| line["keyId"].is_string()).collect();
    assert_eq!(
        ours.len(),
        2,
        "both certificates are known as this profile's: {lines:?}"
    );
    let of = |line: &Value| json!({ "kind": line["kind"], "id": line["id"] });
    assert_eq!(
        world.code("credential_end", of(ours[0])),
        "input_invalid",
        "the certificate of a key in use is not ended by a slip"
    );
    let mut renamed = of(ours[0]);
    renamed["description"] = json!("Workstation 4");
    let held = world.ask("credential_rename", renamed);
    assert!(
        held.to_string().contains("Workstation 4"),
        "the new name is Klarna's: {held}"
    );
    let rotated = world.ask("key_rotate", json!({ "usage": "jwt-signing", "ask": true }));
    let held = world.ask("credentials_list", json!({}));
    let lines = held["credentials"].as_array().unwrap();
    let old = lines.iter().find(|line| line["keyId"] == rotated["retiring"]).unwrap();
    world.ask("credential_end", of(old));
    let keys = world.ask("keys_list", json!({}))["keys"].clone();
    let retiring = keys
        .as_array()
        .unwrap()
        .iter()
        .find(|key| key["keyId"] == rotated["retiring"]);
    assert!(
        retiring.unwrap()["revokedFrom"].is_number(),
        "the retiring key knows that it is refused"
    );
    let verified = world.desk.ask("audit_verify", json!({})).unwrap();
    assert_eq!(verified["verdict"], json!("intact"), "and each act stands in the log");
}

#[test]
fn enforcement_begins_on_a_day_and_is_taken_back() {
    let world = Strict::start().with_keys();
    let set = |demand: &str, from: Value| json!({ "demand": demand, "from": from });
    let soon = SystemClock::new().unix_ms() + 86_400_000;
    let held = world.ask("enforcement_set", set("from", json!(soon)));
    assert_eq!(
        (&held["enforcement"], held["enforcedFrom"].as_i64().map(|at| at / 1000)),
        (&json!("REPORTING"), Some(soon / 1000)),
        "Klarna reports until then: {held}"
    );
    let held = world.ask("enforcement_set", set("now", Value::Null));
    assert_eq!(held["enforcement"], json!("ENFORCED"), "{held}");
    let held = world.ask("enforcement_set", set("report", Value::Null));
    assert_eq!(
        (&held["enforcement"], &held["enforcedFrom"]),
        (&json!("REPORTING"), &Value::Null),
        "{held}"
    );
    for (demand, from) in [
        ("from", json!(soon + 200 * 86_400_000_i64)),
        ("from", json!(1_000)),
        ("from", Value::Null),
        ("now", json!(soon)),
    ] {
        assert_eq!(
            world.code("enforcement_set", set(demand, from.clone())),
            "input_invalid",
            "{demand} {from}: nothing is sent"
        );
    }
    let verified = world.desk.ask("audit_verify", json!({})).unwrap();
    assert_eq!(verified["verdict"], json!("intact"), "and each act stands in the log");
}
