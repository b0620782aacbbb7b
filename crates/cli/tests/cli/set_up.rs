//! A profile from nothing to the first link by command line alone, on a sandbox that enforces mTLS and refuses every doubtful case.
//!
//! The served sandbox stands for Klarna: the profile is made step by step, as a live one is, and gets nothing in one go.

use std::fs;

use serde_json::Value;

use crate::world::{Answer, BAKERY, Place, Served, number, rows, text};

/// A sandbox elsewhere in its strict set, with mTLS enforced.
pub struct Strict {
    there: Place,
    pub served: Served,
    pub place: Place,
}

impl Strict {
    pub fn start() -> Self {
        let there = Place::new();
        let served = Served::start(&there);
        served.control("PUT", "settings", r#"{"preset":"strict"}"#);
        Self {
            there,
            served,
            place: Place::new(),
        }
    }

    /// The other side's truth: what `sqlite3` answers to `sql` on the sandbox's database.
    pub fn there(&self, sql: &str) -> String {
        self.there.sqlite("sandbox.db", sql)
    }

    /// Begins the profile, without any secret.
    pub fn begin(&self) -> Answer {
        let ca = self.place.file("ca.pem", text(&self.served.address, "ca_pem"));
        let at = ["acme", "--step-by-step", "--api-url", self.served.https(), "--ca", &ca];
        let args = [&at[..], &["--user", "me@acquirer.example"]].concat();
        self.place.create(&self.served, &args, "")
    }

    pub fn run(&self, args: &[&str]) -> Answer {
        self.place.run(args)
    }

    pub fn api_key(&self) -> Answer {
        let key = format!("{}\n", self.served.api_key());
        self.place
            .run_with(&["profile", "api-key", "set", "--stdin"], key.as_bytes())
    }

    /// Goes through every step that concerns keys.
    pub fn with_keys(self) -> Self {
        self.begin().json();
        self.api_key().json();
        for usage in ["mtls", "jwt-signing"] {
            self.run(&["key", "create", "--usage", usage]).json();
            self.run(&["key", "request", "--usage", usage]).json();
        }
        self
    }

    /// How a step stands.
    pub fn state(&self, step: &str) -> String {
        let setup = self.run(&["profile", "setup"]).json();
        let found = rows(&setup, "steps").into_iter().find(|row| text(row, "step") == step);
        text(&found.unwrap(), "state").to_owned()
    }

    fn next(&self) -> String {
        text(&self.run(&["profile", "setup"]).json(), "next").to_owned()
    }

    /// The keys as they are shown.
    pub fn keys(&self) -> Vec<Value> {
        rows(&self.run(&["key", "show", "--all"]).json(), "keys")
    }

    pub fn import_merchants(&self) {
        let url = format!("{}/_sandbox/merchants.csv", self.served.http());
        let csv = crate::http::send("GET", &url, &[], b"").unwrap();
        let file = self.place.file("m.csv", csv.body);
        assert_eq!(
            number(&self.run(&["merchants", "import", &file]).json(), "added"),
            60,
            "the first merchants"
        );
    }
}

#[test]
fn a_profile_is_set_up_step_by_step_where_mtls_is_enforced() {
    let world = Strict::start();
    let begun = world.begin().json();
    assert_eq!(
        (begun["ready"].as_bool(), text(&begun, "next")),
        (Some(false), "method"),
        "{begun}"
    );
    world.run(&["profile", "method", "deep-link"]).json();
    assert_eq!(world.next(), "api_key", "the steps come in their order");
    assert_eq!(
        text(&world.api_key().json(), "proof"),
        "after_mtls",
        "the gateway wants the certificate first"
    );
    world.run(&["open", BAKERY]).refused(3, "merchant_unknown");
    for (usage, key, request, certificate) in [
        ("mtls", "mtls_key", "mtls_request", "mtls_certificate"),
        ("jwt-signing", "signing_key", "signing_request", "signing_certificate"),
    ] {
        assert_eq!(world.next(), key, "each key in its turn");
        world.run(&["key", "create", "--usage", usage]).json();
        assert_eq!(world.next(), request, "then its request");
        let csr = world.place.beside(usage);
        world
            .run(&["key", "csr", "--usage", usage, "--out", csr.to_str().unwrap()])
            .json();
        assert!(
            fs::read_to_string(csr).unwrap().contains("BEGIN CERTIFICATE REQUEST"),
            "it is on disk"
        );
        assert_eq!(world.next(), certificate, "then Klarna is asked");
        let issued = world.run(&["key", "request", "--usage", usage]).json();
        assert_eq!(
            text(&issued, "state"),
            "active",
            "the first key of a usage is in use at once"
        );
        assert_eq!(world.state(certificate), "done", "the certificate is there");
    }
    assert_eq!(world.next(), "dry_signature", "now the proofs");
    assert_eq!(
        world.run(&["key", "dry-sign"]).json()["holds"],
        true,
        "the signature fits"
    );
    let call = world.run(&["profile", "first-call"]).json();
    assert_eq!(
        (
            number(&call, "http"),
            text(&call, "mtls_status"),
            call["doubted"].as_bool()
        ),
        (200, "VALID", Some(false)),
        "Klarna takes key and certificate"
    );
    assert_eq!(world.next(), "merchants", "and last the merchants");
    world.import_merchants();
    let end = world.run(&["profile", "setup"]).json();
    assert!(
        rows(&end, "steps").iter().all(|step| text(step, "state") == "done"),
        "all is done: {end}"
    );
    assert_eq!(
        (end["ready"].as_bool(), end["next"].is_null()),
        (Some(true), true),
        "nothing is left"
    );
    let opened = world.run(&["open", BAKERY, "--print-url"]).json();
    assert!(
        text(&opened, "url").starts_with("http://127.0.0.1:"),
        "the first link: {opened}"
    );
    assert_eq!(
        text(&world.run(&["audit", "verify"]).json(), "verdict"),
        "intact",
        "and the log holds"
    );
}

#[test]
fn an_act_names_the_step_that_is_missing() {
    let world = Strict::start();
    world.begin().json();
    world.import_merchants();
    let open = || world.run(&["open", BAKERY, "--no-browser"]);
    open().refused(3, "key_missing");
    world
        .run(&["key", "request", "--usage", "mtls"])
        .refused(3, "key_missing");
    for usage in ["mtls", "jwt-signing"] {
        world.run(&["key", "create", "--usage", usage]).json();
    }
    open().refused(3, "certificate_missing");
    world
        .run(&["key", "request", "--usage", "mtls"])
        .refused(3, "api_key_missing");
    world.run(&["key", "dry-sign"]).refused(3, "certificate_missing");
    world.run(&["profile", "first-call"]).refused(3, "certificate_missing");
    assert!(world.served.links().is_empty(), "nothing was sent");
    world.api_key().json();
    for usage in ["mtls", "jwt-signing"] {
        world.run(&["key", "request", "--usage", usage]).json();
    }
    open().json();
}

#[test]
fn keys_rotate_with_overlap_and_end_for_good() {
    let world = Strict::start().with_keys();
    world.import_merchants();
    for usage in ["jwt-signing", "mtls"] {
        let rotated = world.run(&["key", "rotate", "--usage", usage]).json();
        assert_eq!(text(&rotated, "state"), "switched", "{rotated}");
        world.run(&["open", BAKERY, "--no-browser"]).json();
        let old = text(&rotated, "retiring").to_owned();
        world
            .run(&["key", "rotate", "--usage", usage])
            .refused(3, "input_invalid");
        let retired = world.run(&["key", "retire", "--usage", usage]).json();
        assert_eq!(text(&retired, "key_id"), old, "the old one is revoked");
        let shown = world.place.say(&["key", "show"]);
        let kept = world.keys().into_iter().find(|key| text(key, "key_id") == old).unwrap();
        let line = format!("retiring, refused from {}", text(&kept, "revoked_from"));
        assert!(shown.stdout.contains(&line), "people see from when: {shown:?}");
        world.run(&["open", BAKERY, "--no-browser"]).json();
        world
            .run(&["key", "remove", text(&rotated, "key_id")])
            .refused(3, "input_invalid");
        world.run(&["key", "remove", &old]).json();
        let keys = world.keys();
        let state = |id: &str| {
            keys.iter()
                .find(|key| text(key, "key_id") == id)
                .map(|key| text(key, "state").to_owned())
        };
        assert_eq!(state(&old).as_deref(), Some("destroyed"), "it stays known");
        assert_eq!(
            state(text(&rotated, "key_id")).as_deref(),
            Some("active"),
            "the new one works"
        );
    }
    world.run(&["open", BAKERY, "--no-browser"]).json();
    assert_eq!(
        text(&world.run(&["audit", "verify"]).json(), "verdict"),
        "intact",
        "and the log holds"
    );
}

#[test]
fn a_rotation_by_hand_waits_for_the_certificate() {
    let world = Strict::start().with_keys();
    let before = world.keys();
    let waiting = world
        .run(&["key", "rotate", "--usage", "jwt-signing", "--by-hand"])
        .json();
    assert_eq!(text(&waiting, "state"), "waiting", "it is somebody else's move");
    assert!(
        text(&waiting, "csr").contains("BEGIN CERTIFICATE REQUEST"),
        "the request is shown"
    );
    let again = world
        .run(&["key", "rotate", "--usage", "jwt-signing", "--by-hand"])
        .json();
    assert_eq!(
        text(&again, "csr"),
        text(&waiting, "csr"),
        "and it is the same the next time"
    );
    let active = |keys: &[Value]| -> Vec<String> {
        let keys = keys.iter().filter(|key| text(key, "state") == "active");
        keys.map(|key| text(key, "key_id").to_owned()).collect()
    };
    assert_eq!(active(&world.keys()), active(&before), "the keys in use stay in use");
}

#[test]
fn a_key_in_use_goes_only_when_that_is_said() {
    let world = Strict::start().with_keys();
    let key_id = text(&world.keys()[0], "key_id").to_owned();
    world.run(&["key", "remove", &key_id]).refused(3, "input_invalid");
    world.run(&["key", "remove", &key_id, "--active"]).json();
    assert_eq!(
        world.state("signing_key"),
        "ready",
        "set-up begins again where the key was"
    );
    world.run(&["key", "dry-sign"]).refused(3, "certificate_missing");
}
