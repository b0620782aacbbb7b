//! What the doctor says of broken states, each made for real, side by side in one document.
//!
//! The document lies in the build's folder for temporary files (`doctor-states.txt`), to be read as a whole: whether every state has its
//! own words, and every word a cure. Deliberately absent: states that need a mount, a token or a keyring, which have tests of their own.

use std::fmt::Write as _;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::{Value, json};

use crate::set_up::Strict;
use crate::world::{Answer, Place, Served, World, rows, text};

/// A broken state: its name, the part that the doctor has to name with its state, words of it, and how it is made.
struct Broken {
    name: &'static str,
    part: &'static str,
    state: &'static str,
    says: &'static str,
    make: fn() -> Answer,
}

fn after(make: impl FnOnce(&World)) -> Answer {
    let world = World::ready();
    make(&world);
    world.run(&["doctor"])
}

/// The sandbox profile at another address, as a live one is reached.
fn moved(world: &World, url: &str) {
    let sql = format!("UPDATE profile SET endpoint = '{url}', ca_pem = NULL");
    world.place.sqlite("gatehouse.db", &sql);
}

fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn settings(served: &Served, settings: &Value) {
    served.control("PUT", "settings", &settings.to_string());
}

fn flip_a_byte(world: &World) {
    world.run(&["open", crate::world::BAKERY, "--no-browser"]).json();
    world.place.sqlite("audit.db", "PRAGMA wal_checkpoint(TRUNCATE)");
    let path = world.place.data("audit.db");
    let mut bytes = fs::read(&path).unwrap();
    let word = b"\"portal.open\"";
    let at = bytes.windows(word.len()).position(|part| part == word).unwrap();
    bytes[at + 1] ^= 1;
    fs::write(&path, bytes).unwrap();
}

fn a_file_as_directory() -> Answer {
    let place = Place::new();
    let file = place.beside("data");
    fs::write(&file, "a file").unwrap();
    place.command_in(&file, &["--json", "doctor"]).output().unwrap().into()
}

fn no_keyring() -> Answer {
    let place = Place::new();
    let mut command = place.command(&["--json", "doctor"]);
    command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
    command.output().unwrap().into()
}

fn a_browser_that_went_away(world: &World) {
    world.browser("true");
    fs::remove_file(world.place.beside("browser")).unwrap();
}

fn a_sealed_file_that_went_away() -> Answer {
    let world = World::ready();
    let file = world.place.data("keys.sealed");
    fs::remove_file(&file).unwrap();
    let answer = world.run(&["doctor"]);
    assert!(!file.exists(), "an empty one would hide the loss");
    answer
}

fn mtls_without_a_certificate() -> Answer {
    let world = Strict::start();
    world.begin().json();
    world.api_key().json();
    world.run(&["doctor"])
}

fn a_sandbox_that_ended() -> Answer {
    let world = World::ready();
    let https = world.served.https().to_owned();
    moved(&world, &https);
    drop(world.served);
    world.place.run(&["doctor"])
}

const STATES: &[Broken] = &[
    Broken {
        name: "one byte of the log was changed",
        part: "audit log",
        state: "bad",
        says: "not as it was left",
        make: || after(flip_a_byte),
    },
    Broken {
        name: "the database is of a newer version",
        part: "database",
        state: "bad",
        says: "newer Gatehouse",
        make: || after(|world| drop(world.place.sqlite("gatehouse.db", "PRAGMA user_version = 9000"))),
    },
    Broken {
        name: "the data directory is a file",
        part: "data directory",
        state: "bad",
        says: "is a file",
        make: a_file_as_directory,
    },
    Broken {
        name: "others can read the data directory",
        part: "data directory",
        state: "warn",
        says: "",
        make: || after(|world| fs::set_permissions(world.place.data(""), fs::Permissions::from_mode(0o755)).unwrap()),
    },
    Broken {
        name: "no keyring answers",
        part: "key store",
        state: "bad",
        says: "no keyring that answers",
        make: no_keyring,
    },
    Broken {
        name: "the sealed file's passphrase is wrong",
        part: "key store",
        state: "bad",
        says: "passphrase",
        make: || after(|world| drop(world.place.file("passphrase", "another passphrase"))),
    },
    Broken {
        name: "the sealed file is gone",
        part: "key store",
        state: "bad",
        says: "is not in the data directory",
        make: a_sealed_file_that_went_away,
    },
    Broken {
        name: "the browser that was chosen is gone",
        part: "browser",
        state: "bad",
        says: "browser",
        make: || after(a_browser_that_went_away),
    },
    Broken {
        name: "the proxy accepts no connection",
        part: "proxy",
        state: "bad",
        says: "accepts no connection",
        make: || {
            after(|world| {
                let proxy = format!("http://127.0.0.1:{}", closed_port());
                world.run(&["network", "proxy", &proxy]).json();
                moved(world, "https://api.klarna.invalid");
            })
        },
    },
    Broken {
        name: "no resolver knows the host",
        part: "DNS",
        state: "bad",
        says: "api.klarna.invalid",
        make: || after(|world| moved(world, "https://api.klarna.invalid")),
    },
    Broken {
        name: "nothing listens at the address",
        part: "TCP",
        state: "bad",
        says: "",
        make: a_sandbox_that_ended,
    },
    Broken {
        name: "the server's certificate is of an unknown authority",
        part: "TLS",
        state: "bad",
        says: "",
        make: || after(|world| moved(world, world.served.https())),
    },
    Broken {
        name: "the clock is two hours off",
        part: "clock",
        state: "bad",
        says: "Klarna's",
        make: || after(|world| drop(world.served.control("PUT", "clock", r#"{"offset_s":7200}"#))),
    },
    Broken {
        name: "Klarna blocks this computer's address",
        part: "IP address",
        state: "bad",
        says: "blocks calls",
        make: || {
            after(|world| {
                settings(
                    &world.served,
                    &json!({ "ip.mode": "enforced", "ip.allowed": "198.51.100.0/24" }),
                );
            })
        },
    },
    Broken {
        name: "Klarna demands a client certificate and there is none",
        part: "mTLS",
        state: "bad",
        says: "demands a client certificate",
        make: mtls_without_a_certificate,
    },
];

/// Tries one state; answers its part of the document.
fn tried(broken: &Broken) -> String {
    let answer = (broken.make)();
    let document = answer.document();
    let lines = rows(&document, "lines");
    let of = |line: &&Value| text(line, "part") == broken.part;
    let line = lines
        .iter()
        .find(of)
        .unwrap_or_else(|| panic!("{}: {document}", broken.name));
    assert_eq!(text(line, "state"), broken.state, "{}: {document}", broken.name);
    assert!(
        text(line, "message").contains(broken.says),
        "{} is named: {line}",
        broken.name
    );
    assert!(text(line, "hint").len() > 10, "{} has a cure: {line}", broken.name);
    assert_eq!(
        answer.code,
        if broken.state == "bad" { 3 } else { 0 },
        "{}: {document}",
        broken.name
    );
    let mut told = format!("# {}\n\n", broken.name);
    for line in lines
        .iter()
        .filter(|line| !matches!(text(line, "state"), "ok" | "skipped"))
    {
        let (state, part) = (text(line, "state"), text(line, "part"));
        writeln!(
            told,
            "[{state}] {part}: {}\n  -> {}",
            text(line, "message"),
            text(line, "hint")
        )
        .unwrap();
    }
    told
}

#[test]
fn every_broken_state_is_told_with_its_cause_and_its_cure() {
    assert!(STATES.len() > 12, "at least a dozen, and one more");
    let parts: Vec<String> = STATES.iter().map(tried).collect();
    for (at, part) in parts.iter().enumerate() {
        let said = part.split_once("\n\n").unwrap().1;
        let twin = parts.iter().skip(at + 1).find(|other| other.ends_with(said));
        assert_eq!(twin, None, "each state has words of its own");
    }
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("doctor-states.txt");
    fs::write(file, parts.join("\n")).unwrap();
}
