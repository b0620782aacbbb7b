//! Random secrets are planted at every door that takes one, then looked for in every form in everything that is kept or handed out.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::canary::{Canary, are_clean, are_silent, contents, is_silent_in_the_process_list};
use crate::hardware;
use crate::key_import::openssl;
use crate::secrets::files;
use crate::set_up::Strict;
use crate::world::{Answer, BAKERY, PASSPHRASE, Place, World, text};

fn random(world: &Strict, name: &str) -> String {
    let file = world.place.beside(name);
    openssl(world, &["rand", "-hex", "-out", file.to_str().unwrap(), "16"]);
    fs::read_to_string(file).unwrap().trim().to_owned()
}

/// Makes a key outside, in a sealed file; answers its private scalar: octets 36 to 67 of a P-256 key in PKCS#8.
fn key_made_elsewhere(world: &Strict, seal: &str) -> Vec<u8> {
    let curve = ["-pkeyopt", "ec_paramgen_curve:P-256"];
    openssl(
        world,
        &[&["genpkey", "-algorithm", "EC", "-out", "k.pem"][..], &curve].concat(),
    );
    openssl(
        world,
        &[
            "pkcs8", "-topk8", "-nocrypt", "-in", "k.pem", "-outform", "DER", "-out", "k.der",
        ],
    );
    openssl(
        world,
        &[
            "pkcs8",
            "-topk8",
            "-v2",
            "aes-256-cbc",
            "-in",
            "k.pem",
            "-out",
            "sealed.pem",
            "-passout",
            &format!("file:{seal}"),
        ],
    );
    fs::read(world.place.beside("k.der"))
        .unwrap()
        .get(36..68)
        .unwrap()
        .to_vec()
}

#[test]
fn planted_secrets_are_found_nowhere_outside_the_key_store() {
    let world = Strict::start();
    let (key_pass, lock_pass) = (random(&world, "key-pass"), random(&world, "lock-pass"));
    let (scalar, pin) = (key_made_elsewhere(&world, "key-pass"), random(&world, "pin"));
    let path = |name: &str| world.place.beside(name).to_str().unwrap().to_owned();
    world.begin().json();
    world.api_key().json();
    world.run(&["key", "create", "--usage", "mtls"]).json();
    let mut said = vec![world.run(&[
        "key",
        "create",
        "--usage",
        "jwt-signing",
        "--import",
        &path("sealed.pem"),
        "--import-passphrase-file",
        &path("key-pass"),
    ])];
    said.last().unwrap().json();
    world.import_merchants();
    let pin_file = path("pin");
    let token = [
        "key",
        "create",
        "--usage",
        "jwt-signing",
        "--token",
        "none",
        "--module",
        "/none.so",
    ];
    said.push(world.run(&[&["--pin-file", pin_file.as_str()][..], &token].concat()));
    assert_ne!(
        said.last().unwrap().code,
        0,
        "there is no such token, but the PIN was read"
    );
    said.push(world.run(&["lock", "set", "--new-passphrase-file", &path("lock-pass")]));
    said.last().unwrap().json();
    let lock_file = path("lock-pass");
    let locked = |args: &[&str]| world.run(&[&["--lock-passphrase-file", lock_file.as_str()], args].concat());
    for usage in ["mtls", "jwt-signing"] {
        said.push(locked(&["key", "request", "--usage", usage]));
        said.last().unwrap().json();
    }
    said.push(locked(&[
        "profile",
        "export",
        "acme",
        "--out",
        &path("handed-out.profile"),
    ]));
    said.last().unwrap().json();
    said.push(locked(&["doctor", "--bundle", &path("handed-out.bundle"), "--yes"]));
    said.push(locked(&["key", "show", "--all"]));
    said.push(locked(&["audit", "list", "--limit", "200"]));

    let canaries = [
        Canary::new("the imported key", scalar),
        Canary::new("its passphrase", key_pass),
        Canary::new("the app lock's passphrase", lock_pass),
        Canary::new("the sealed store's passphrase", PASSPHRASE),
        Canary::new("a PIN", pin),
        Canary::new("the API key", world.served.api_key()),
    ];
    let planted = fs::read(path("k.der")).unwrap();
    assert!(canaries[0].is_in(&planted), "the search finds what is there");
    let held = [
        "--lock-passphrase-file",
        &lock_file,
        "--pin-file",
        &pin_file,
        "open",
        BAKERY,
        "--print-url",
    ];
    let opened = while_it_runs(&world, &held, &canaries);
    said.push(opened);
    let mut looked_at = files(&world.place.data(""));
    looked_at.extend(["handed-out.profile", "handed-out.bundle"].map(|name| world.place.beside(name)));
    assert!(looked_at.len() > 8, "there is something to look into: {looked_at:?}");
    let looked_at = contents(&looked_at);
    assert!(looked_at.len() > 8, "they were read");
    are_clean(&looked_at, &canaries);
    are_silent(&said, &canaries);
}

/// Holds an act up while Klarna is asked, and looks at the files and at the process as they are then, WAL files and all.
fn while_it_runs(world: &Strict, args: &[&str], canaries: &[Canary]) -> Answer {
    let fault = json!({ "kind": "latency", "ms": 2500, "path": "deep-links" });
    world.served.fault(&fault);
    let child = spawned(&world.place, args, &[]);
    let wals = ["gatehouse.db-wal", "audit.db-wal"].map(|name| world.place.data(name));
    let begun = Instant::now();
    let written = |wal: &PathBuf| wal.metadata().is_ok_and(|wal| wal.len() > 0);
    while !(written(&wals[1]) && wals[0].exists()) {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "the act is under way with its databases open"
        );
        std::thread::sleep(Duration::from_millis(10));
    }
    // The intent is on disk now, and the answer is not there yet.
    let looked_at = contents(&files(&world.place.data("")));
    is_silent_in_the_process_list(&child, canaries);
    let held = looked_at.iter().find(|(file, _)| *file == wals[1]);
    assert!(
        held.is_some_and(|(_, bytes)| !bytes.is_empty()),
        "{} was looked at",
        wals[1].display()
    );
    are_clean(&looked_at, canaries);
    let answer = Answer::from(child.wait_with_output().unwrap());
    assert!(
        text(&answer.json(), "url").starts_with("http"),
        "the act was a real one"
    );
    world.served.clear_faults();
    answer
}

/// Starts a command that reads `stdin` and is not told that it ended.
fn spawned(place: &Place, args: &[&str], stdin: &[u8]) -> Child {
    use std::io::Write;
    let mut command = place.command(&[&["--json"], args].concat());
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.as_mut().unwrap().write_all(stdin).unwrap();
    child
}

#[test]
fn a_secret_that_comes_in_by_stdin_is_in_no_argument_and_no_environment() {
    let world = Strict::start();
    world.begin().json();
    let canaries = [
        Canary::new("the API key", world.served.api_key()),
        Canary::new("the sealed store's passphrase", PASSPHRASE),
    ];
    let key = format!("{}\n", world.served.api_key());
    let mut child = spawned(&world.place, &["profile", "api-key", "set", "--stdin"], key.as_bytes());
    std::thread::sleep(Duration::from_millis(300));
    assert!(child.try_wait().unwrap().is_none(), "it has the key and waits for more");
    is_silent_in_the_process_list(&child, &canaries);
    let answer = Answer::from(child.wait_with_output().unwrap());
    answer.json();
    are_silent(&[answer], &canaries);
}

#[test]
fn a_tokens_pin_right_or_wrong_is_found_nowhere() {
    let Some(desk) = hardware::desk() else { return };
    let desk = desk.with_key();
    let wrong = random(&desk.world, "wrong-pin");
    let wrong_file = desk.world.place.beside("wrong-pin");
    let open = ["open", BAKERY, "--no-browser"];
    let refused = desk.run(&[&["--pin-file", wrong_file.to_str().unwrap()][..], &open].concat());
    refused.refused(3, "hardware_pin");
    let opened = desk.run_with_pin(&["open", BAKERY, "--print-url"]);
    opened.json();
    let bundle = desk.world.place.beside("handed-out.bundle");
    let bundled = desk.run(&["doctor", "--bundle", bundle.to_str().unwrap(), "--yes"]);
    let shown = desk.run(&["audit", "list", "--limit", "200"]);
    let canaries = [
        Canary::new("the wrong PIN", wrong),
        Canary::new("the PIN", hardware::PIN),
    ];
    let mut looked_at = files(&desk.world.place.data(""));
    looked_at.push(bundle);
    are_clean(&contents(&looked_at), &canaries);
    are_silent(&[refused, opened, bundled, shown], &canaries);
}

/// A token that the simulated Klarna made; its last part is what must not be found.
fn minted(world: &World, family: &str, account: &str) -> (String, Canary) {
    let body = json!({ "partner_account_id": account, "family": family, "customer_token_reference": "canary" });
    let made = world.served.control("POST", "tokens", &body.to_string());
    let token = text_of(&made["tokens"][0]);
    let name = if family == "linking" {
        "a linking token"
    } else {
        "a customer token"
    };
    let canary = Canary::new(name, token.rsplit(':').next().unwrap());
    (token, canary)
}

fn text_of(value: &serde_json::Value) -> String {
    value.as_str().unwrap().to_owned()
}

#[test]
fn customer_tokens_are_found_nowhere_but_sealed() {
    let world = World::ready();
    let account = text_of(&world.run(&["merchants", "show", BAKERY]).json()["merchant_id"]);
    let (typed, imported) = (minted(&world, "payment", &account), minted(&world, "payment", &account));
    let linking = minted(&world, "linking", &account);
    let canaries = [typed.1, imported.1, linking.1];
    let add = ["tokens", "add", "--merchant", BAKERY, "--reference", "one"];
    let mut child = spawned(&world.place, &add, typed.0.as_bytes());
    std::thread::sleep(Duration::from_millis(300));
    assert!(
        child.try_wait().unwrap().is_none(),
        "it has the token and waits for more"
    );
    is_silent_in_the_process_list(&child, &canaries);
    let mut said = vec![Answer::from(child.wait_with_output().unwrap())];
    said[0].json();
    let head = "customer_token,customer_token_reference,merchant\n";
    let table = world.place.file(
        "t.csv",
        format!("{head}{},two,{BAKERY}\n{},three,{BAKERY}\n", imported.0, linking.0),
    );
    let passphrase = world.place.file("words", "correct horse battery");
    let (masked, sealed) = (world.place.beside("masked.csv"), world.place.beside("sealed.tokens"));
    let (masked, sealed) = (masked.to_str().unwrap(), sealed.to_str().unwrap());
    let charge = |payment| {
        [
            "tokens",
            "charge",
            "two",
            "--presence",
            "not-present",
            "--amount",
            "999",
            "--subscription",
            "s-1",
            "--payment",
            payment,
        ]
    };
    let out = [
        "tokens",
        "export",
        "--out",
        sealed,
        "--file-passphrase",
        &passphrase,
        "--reason",
        "a move",
    ];
    for words in [
        &["tokens", "import", &table, "--dry-run"][..],
        &["tokens", "import", &table],
        &["tokens", "check", "two"],
        &charge("inv-1"),
        &[
            "tokens",
            "charge",
            "two",
            "--presence",
            "present",
            "--amount",
            "1",
            "--payment",
            "inv-2",
        ],
        &["tokens", "reconcile", &table, "--rate", "5"],
        &["tokens", "rotate-key"],
        &["tokens", "export", "--out", masked],
        &out,
        &["tokens", "revoke", "two", "--reason", "a canary"],
        &charge("inv-3"),
        &["tokens", "history", "two"],
        &["tokens", "list"],
        &["audit", "list", "--limit", "200"],
    ] {
        said.push(world.run(words));
    }
    said.push(world.place.run_with(&["tokens", "find"], imported.0.as_bytes()));
    assert!(said.iter().filter(|answer| answer.code == 0).count() >= 13, "{said:?}");
    let shown = world.run(&["tokens", "reveal", "one"]);
    assert!(
        canaries[0].is_in(shown.stdout.as_bytes()),
        "where it was asked for, it is printed"
    );
    let (ours, klarnas): (Vec<PathBuf>, Vec<PathBuf>) = files(&world.place.data("")).into_iter().partition(|file| {
        !file
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("sandbox."))
    });
    let klarnas = contents(&klarnas);
    assert!(
        klarnas.iter().any(|(_, bytes)| canaries[1].is_in(bytes)),
        "the search finds what is there: Klarna's own side has it"
    );
    let handed_out = [masked, sealed].map(PathBuf::from);
    let looked_at = contents(&[ours, handed_out.to_vec()].concat());
    assert!(looked_at.len() > 6, "there is something to look into");
    are_clean(&looked_at, &canaries);
    are_silent(&said, &canaries);
}
