//! A profile whose signing key is made in a hardware token and never leaves it, by command line, over SoftHSM2.
//!
//! Each command is a process of its own, so each loads the module anew and asks for the PIN anew. `GATEHOUSE_TEST_SOFTHSM=1` makes a
//! missing SoftHSM a failure; without it, its absence is told and nothing is shown.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::set_up::Strict;
use crate::world::{Answer, BAKERY, number, rows, text};

const SOFTHSM: &str = "/usr/lib/softhsm/libsofthsm2.so";
/// The right PIN of every token here.
pub const PIN: &str = "4711-0815";

/// A strict sandbox, a profile begun on it, and a token with a PIN.
pub struct Desk {
    pub world: Strict,
    pin: String,
}

#[expect(clippy::disallowed_methods, reason = "the switch of these tests, set by the harness")]
fn wanted() -> bool {
    std::env::var_os("GATEHOUSE_TEST_SOFTHSM").is_some_and(|value| value == "1")
}

/// A desk, where SoftHSM is.
pub fn desk() -> Option<Desk> {
    if !Path::new(SOFTHSM).exists() {
        assert!(!wanted(), "SoftHSM2 is installed where these tests are switched on");
        eprintln!("skipped: SoftHSM2 is not installed (Debian: apt-get install softhsm2)");
        return None;
    }
    let world = Strict::start();
    fs::create_dir(world.place.beside("tokens")).unwrap();
    let folder = world.place.beside("tokens");
    let config = format!("directories.tokendir = {}\nlog.level = ERROR\n", folder.display());
    world.place.file("softhsm2.conf", config);
    let pin = world.place.file("pin", format!("{PIN}\n"));
    let desk = Desk { world, pin };
    desk.make_token("klarna");
    desk.world.begin().json();
    desk.world.api_key().json();
    desk.world.run(&["key", "create", "--usage", "mtls"]).json();
    desk.world.run(&["key", "request", "--usage", "mtls"]).json();
    Some(desk)
}

impl Desk {
    fn make_token(&self, label: &str) {
        let words = [
            "--init-token",
            "--free",
            "--label",
            label,
            "--so-pin",
            "12345678",
            "--pin",
            PIN,
        ];
        let made = Command::new("softhsm2-util")
            .args(words)
            .env("SOFTHSM2_CONF", self.world.place.beside("softhsm2.conf"))
            .output()
            .unwrap();
        assert!(made.status.success(), "a token is made: {made:?}");
    }

    /// Runs a command that is never given the PIN.
    pub fn run(&self, words: &[&str]) -> Answer {
        let mut command = self.world.place.command(&[&["--json"], words].concat());
        command.env("SOFTHSM2_CONF", self.world.place.beside("softhsm2.conf"));
        command.stdin(Stdio::null()).output().unwrap().into()
    }

    pub fn run_with_pin(&self, words: &[&str]) -> Answer {
        self.run(&[&["--pin-file", &self.pin], words].concat())
    }

    /// Makes the signing key on the token and has it certified.
    pub fn with_key(self) -> Self {
        self.run_with_pin(&[
            "key",
            "create",
            "--usage",
            "jwt-signing",
            "--token",
            "klarna",
            "--module",
            SOFTHSM,
        ])
        .json();
        self.run_with_pin(&["key", "request", "--usage", "jwt-signing"]).json();
        self.world.import_merchants();
        self
    }

    fn signing_key(&self) -> Value {
        let shown = self.run(&["key", "show"]).json();
        let keys = rows(&shown, "keys").into_iter();
        let in_use = |key: &Value| text(key, "usage") == "JWT_SIGNING" && text(key, "state") == "active";
        keys.into_iter().find(in_use).unwrap()
    }

    fn sealed(&self) -> String {
        self.world
            .place
            .sqlite("gatehouse.db", "SELECT count(*) FROM sealed_jwt")
    }

    fn doctor(&self, part: &str) -> Value {
        let found = self.run(&["doctor"]).document();
        let lines = rows(&found, "lines").into_iter();
        lines.into_iter().find(|line| text(line, "part") == part).unwrap()
    }
}

#[test]
fn a_link_is_signed_by_a_key_that_was_made_on_a_token() {
    let Some(desk) = desk() else { return };
    let listed = desk.run(&["key", "tokens", "--module", SOFTHSM]).json();
    let token = rows(&listed, "tokens")
        .into_iter()
        .find(|token| text(token, "label") == "klarna")
        .unwrap();
    assert_eq!(
        (text(&token, "pin"), rows(&token, "keys").len()),
        ("ready", 0),
        "the token is shown without its PIN: {token}"
    );
    let create = [
        "key",
        "create",
        "--usage",
        "jwt-signing",
        "--token",
        text(&token, "serial"),
    ];
    let said = desk.run(&create).refused(3, "hardware_pin").to_string();
    assert!(said.contains("The token needs its PIN."), "what is missing: {said}");
    let desk = desk.with_key();
    let key = desk.signing_key();
    assert_eq!(
        (text(&key, "store"), text(&key, "token"), text(&key, "state")),
        ("token", "klarna", "active"),
        "it is in use, on the token: {key}"
    );
    desk.run_with_pin(&["key", "dry-sign"]).json();
    let opened = desk.run_with_pin(&["open", BAKERY, "--print-url"]).json();
    assert!(
        text(&opened, "url").starts_with("http"),
        "the strict sandbox verified the signature by the certificate it had issued"
    );
    assert_eq!(desk.sealed(), "0", "the outcome is known, so the token is forgotten");
    desk.run(&["open", BAKERY, "--no-browser"]).refused(3, "hardware_pin");
    assert_eq!(desk.world.served.links().len(), 1, "without the PIN nothing was sent");
    let listed = desk.run(&["key", "tokens"]).json();
    let on_token: Vec<_> = rows(&listed, "tokens")
        .iter()
        .flat_map(|token| rows(token, "keys"))
        .collect();
    assert_eq!(
        on_token.iter().map(|key| text(key, "key_id")).collect::<Vec<_>>(),
        [text(&key, "key_id")],
        "the module that was named once is known from then on"
    );
}

#[test]
fn an_answer_that_was_lost_is_settled_with_the_very_bytes_that_the_token_signed() {
    let Some(desk) = desk() else { return };
    let desk = desk.with_key();
    let cut = json!({ "kind": "cut", "when": "after", "path": "deep-links", "times": 0 });
    desk.world.served.fault(&cut);
    let open = ["open", BAKERY, "--no-browser"];
    desk.run_with_pin(&open).refused(8, "network_cut_off");
    assert_eq!(
        desk.sealed(),
        "1",
        "the signed token is kept while its outcome is not known"
    );
    let dump = fs::read(desk.world.place.data("gatehouse.db")).unwrap();
    let wal = fs::read(desk.world.place.data("gatehouse.db-wal")).unwrap_or_default();
    let header = b"eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCIs";
    for bytes in [&dump, &wal] {
        assert!(
            !bytes.windows(header.len()).any(|window| window == header),
            "it is not kept in clear"
        );
    }
    desk.world.served.clear_faults();
    let settled = desk.run(&["audit", "reconcile"]).json();
    assert_eq!(
        (number(&settled, "resolved"), number(&settled, "unresolved")),
        (1, 0),
        "no PIN is needed, since nothing is signed anew: {settled}"
    );
    assert_eq!(desk.sealed(), "0", "and it is forgotten");
    let links = desk.world.served.links();
    assert_eq!(
        links.iter().map(|link| text(link, "state")).collect::<Vec<_>>(),
        ["link_revoked"],
        "the one link that was made is dead: a token signed anew would have been another request"
    );
}

#[test]
fn a_token_that_is_away_or_locked_is_named_with_its_cure() {
    let Some(desk) = desk() else { return };
    let desk = desk.with_key();
    assert_eq!(text(&desk.doctor("hardware token"), "state"), "ok", "it is plugged in");
    assert_eq!(text(&desk.doctor("keys"), "state"), "ok", "no key is missed");
    assert_eq!(
        text(&desk.doctor("signature"), "state"),
        "skipped",
        "the doctor asks for no PIN"
    );
    let wrong = desk.world.place.file("wrong", "0000-0000\n");
    for _ in 0..3 {
        let refused = desk.run(&["--pin-file", &wrong, "open", BAKERY, "--no-browser"]);
        let said = refused.refused(3, "hardware_pin").to_string();
        assert!(!said.contains("0000-0000"), "the PIN is not repeated: {said}");
        assert!(
            said.contains("The PIN is wrong.") && said.contains("Make sure of the PIN before the next try"),
            "what happened, and what to do: {said}"
        );
    }
    assert_eq!(desk.world.served.links().len(), 0, "a wrong PIN sends nothing");
    let line = desk.doctor("hardware token");
    assert_eq!(text(&line, "state"), "warn", "wrong tries are told: {line}");
    let opened = desk.run_with_pin(&["open", BAKERY, "--print-url"]).json();
    fs::rename(desk.world.place.beside("tokens"), desk.world.place.beside("away")).unwrap();
    fs::create_dir(desk.world.place.beside("tokens")).unwrap();
    let line = desk.doctor("hardware token");
    assert_eq!(text(&line, "state"), "bad", "the token is away: {line}");
    desk.run_with_pin(&["open", BAKERY, "--no-browser"])
        .refused(4, "hardware_absent");
    desk.run(&["sessions", "revoke", text(&opened, "session_id")]).json();
}

#[test]
fn a_key_moves_to_a_token_by_rotation_and_is_given_up_there() {
    let Some(desk) = desk() else { return };
    desk.world.run(&["key", "create", "--usage", "jwt-signing"]).json();
    desk.world.run(&["key", "request", "--usage", "jwt-signing"]).json();
    desk.world.import_merchants();
    let rotate = [
        "key",
        "rotate",
        "--usage",
        "jwt-signing",
        "--token",
        "klarna",
        "--module",
        SOFTHSM,
    ];
    desk.run_with_pin(&rotate).json();
    let key = desk.signing_key();
    assert_eq!(
        (text(&key, "token"), text(&key, "state")),
        ("klarna", "active"),
        "the new key is on the token: {key}"
    );
    desk.run_with_pin(&["open", BAKERY, "--print-url"]).json();
    desk.run(&["key", "retire", "--usage", "jwt-signing"]).json();
    let retiring = rows(&desk.run(&["key", "show"]).json(), "keys")
        .into_iter()
        .find(|key| text(key, "state") == "retiring")
        .unwrap();
    desk.run(&["key", "remove", text(&retiring, "key_id")]).json();
    let again = ["key", "rotate", "--usage", "jwt-signing"];
    desk.run_with_pin(&again).json();
    assert_eq!(
        text(&desk.signing_key(), "token"),
        "klarna",
        "the next one is made where the one in use is"
    );
    let remove = ["key", "remove", text(&key, "key_id")];
    desk.run_with_pin(&remove).json();
    let left = rows(&desk.run(&["key", "tokens"]).json(), "tokens");
    let left: usize = left.iter().map(|token| rows(token, "keys").len()).sum();
    assert_eq!(left, 1, "the key that was removed is gone from the token");
    let now = desk.signing_key();
    let lost = ["key", "remove", text(&now, "key_id"), "--active", "--token-lost"];
    desk.run(&lost).json();
    let kinds = "SELECT group_concat(json_extract(CAST(body AS TEXT), '$.request.cause')) FROM event";
    assert!(
        desk.world.place.sqlite("audit.db", kinds).ends_with("lost"),
        "the log says that it was lost"
    );
}

#[test]
fn what_cannot_be_a_hardware_key_is_refused_with_the_reason() {
    let Some(desk) = desk() else { return };
    let create = [
        "key",
        "create",
        "--usage",
        "jwt-signing",
        "--token",
        "klarna",
        "--module",
    ];
    let module = desk.world.place.file("not-a-module.so", "no library");
    desk.run_with_pin(&[&create[..], &[&module]].concat())
        .refused(4, "hardware_absent");
    desk.run_with_pin(&[&create[..], &["relative.so"]].concat())
        .refused(3, "input_invalid");
    let elsewhere = [
        "key",
        "create",
        "--usage",
        "jwt-signing",
        "--token",
        "nobody",
        "--module",
        SOFTHSM,
    ];
    desk.run_with_pin(&elsewhere).refused(4, "hardware_absent");
    let mtls = ["key", "rotate", "--usage", "mtls", "--token", "klarna"];
    desk.run_with_pin(&mtls).refused(3, "input_invalid");
    desk.run_with_pin(&[&create[..], &[SOFTHSM]].concat()).json();
    desk.run_with_pin(&create[..6]).refused(3, "input_invalid");
    let made = rows(&desk.run(&["key", "tokens"]).json(), "tokens");
    let made: usize = made.iter().map(|token| rows(token, "keys").len()).sum();
    assert_eq!(made, 1, "what was refused left no key on the token");
}
