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
use crate::world::{Answer, BAKERY, PASSPHRASE, Place, text};

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
