//! No secret in what is printed, in argument lists, in logs or in any file of the data directory.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::http::recorder;
use crate::world::{BAKERY, PASSPHRASE, Place, Served, text};

/// Every file below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() {
            found.extend(files(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found
}

/// Whether a text stands in bytes; by the standard library's own search, which is quick where tests are not optimised.
pub fn holds(bytes: &[u8], secret: &str) -> bool {
    String::from_utf8_lossy(bytes).contains(secret)
}

/// A profile on a recording stand-in, whose sandbox has its files elsewhere; every output so far is in `said`.
struct Watched {
    place: Place,
    served: Served,
    _elsewhere: Place,
    canaries: Vec<String>,
}

fn watched() -> Watched {
    let elsewhere = Place::new();
    let served = Served::start(&elsewhere);
    let (url, tape) = recorder(served.http());
    let place = Place::new();
    let created = place.stand_in(&url, &served);
    created.json();
    let file = place.file(
        "m.csv",
        "partner_account_id,partner_account_reference,name\nkrn:partner:global:account:test:MB6KIE1P,SE-00417,Bageri\n",
    );
    place.run(&["merchants", "import", &file]).json();
    let printed = place.run(&["open", BAKERY, "--print-url"]).json();
    let link = text(&printed, "url").rsplit('/').next().unwrap().to_owned();
    let recorded = tape.lock().unwrap();
    let body = &recorded
        .iter()
        .find(|call| call.path.ends_with("/portal/deep-links"))
        .unwrap()
        .body;
    let sent: serde_json::Value = serde_json::from_slice(body).unwrap();
    let token = sent
        .as_object()
        .unwrap()
        .values()
        .filter_map(|value| value.as_str())
        .find(|value| value.starts_with("eyJ"))
        .unwrap()
        .to_owned();
    let signature = token.rsplit('.').next().unwrap().to_owned();
    let canaries = vec![
        served.api_key().to_owned(),
        link,
        token,
        signature,
        PASSPHRASE.to_owned(),
    ];
    Watched {
        place,
        served,
        _elsewhere: elsewhere,
        canaries,
    }
}

#[test]
fn no_file_of_the_data_directory_holds_a_secret() {
    let world = watched();
    world
        .served
        .fault(&json!({ "kind": "cut", "when": "after", "path": "deep-links", "times": 0 }));
    world
        .place
        .run(&["open", BAKERY, "--no-browser"])
        .refused(8, "network_cut_off");
    world.served.clear_faults();
    world.place.run(&["audit", "reconcile"]).json();
    let found = files(&world.place.data(""));
    assert!(
        found.iter().any(|file| file.to_string_lossy().contains("logs")),
        "there is a log to look into: {found:?}"
    );
    for file in found {
        let bytes = fs::read(&file).unwrap();
        for canary in &world.canaries {
            assert!(!holds(&bytes, canary), "{} holds no secret", file.display());
        }
        for mark in ["PRIVATE KEY", "klarna_test_api_", "eyJhbGciOiJFUzI1NiI"] {
            assert!(!holds(&bytes, mark), "{} holds no {mark}", file.display());
        }
    }
}

#[test]
fn every_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let world = watched();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&world.place.data("")), 0o700, "the directory");
    for file in files(&world.place.data("")) {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[test]
fn nothing_that_is_printed_holds_a_secret() {
    let world = watched();
    for (index, words) in [
        &["profile", "show"][..],
        &["profile", "list"],
        &["key", "show"],
        &["open", BAKERY, "--no-browser"],
        &["open", BAKERY, "--as", "a@b.example"],
        &["open", "nobody"],
        &["sessions", "list"],
        &["sessions", "revoke", "--all"],
        &["audit", "list"],
        &["audit", "show", "12"],
        &["audit", "show", "13"],
        &["audit", "verify"],
        &["merchants", "show", BAKERY],
        &["doctor"],
    ]
    .into_iter()
    .enumerate()
    {
        // The JSON and the lines come from the same values; the entries hold most, so both are looked at there.
        let mut said = vec![world.place.run(words)];
        if index % 2 == 0 || words.first() == Some(&"audit") {
            said.push(world.place.say(words));
        }
        for said in said {
            for canary in &world.canaries {
                let clean = !said.stdout.contains(canary) && !said.stderr.contains(canary);
                assert!(clean, "{words:?} prints no secret");
            }
        }
    }
}

#[test]
fn no_argument_list_holds_a_secret() {
    let world = watched();
    world
        .served
        .fault(&json!({ "kind": "latency", "ms": 600, "path": "deep-links" }));
    let mut child = world
        .place
        .command(&["open", BAKERY, "--print-url"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    thread::sleep(Duration::from_millis(300));
    let mut seen = 0;
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let Ok(line) = fs::read(entry.path().join("cmdline")) else {
            continue;
        };
        seen += 1;
        for canary in &world.canaries {
            assert!(
                !holds(&line, canary),
                "no process shows a secret: {}",
                String::from_utf8_lossy(&line)
            );
        }
    }
    assert!(seen > 2, "there were processes to look at");
    assert!(child.wait().unwrap().success(), "the open was under way meanwhile");
}

#[test]
fn no_argument_takes_a_secret() {
    let place = Place::new();
    for words in [
        &["profile", "create", "x", "--sandbox", "--api-key", "klarna_test_api_x"][..],
        &["--passphrase", "x", "profile", "list"],
    ] {
        place.run(words).refused(2, "usage");
    }
}
