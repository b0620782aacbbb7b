//! A private key that was sealed elsewhere is taken in through IPC: its passphrase comes in once, a wrong one loses nothing, and neither
//! passphrase nor key is found anywhere afterwards.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::set_up::Strict;

/// Seals the key files.
pub const PASSPHRASE: &str = "canary of a key file";

fn openssl(folder: &Path, args: &[&str]) {
    let done = Command::new("openssl")
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "openssl {args:?}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
}

/// One key, sealed as encrypted PEM and as PKCS#12; answers the files.
pub fn sealed(folder: &Path) -> [PathBuf; 2] {
    std::fs::write(folder.join("pass"), PASSPHRASE).unwrap();
    let curve = ["-pkeyopt", "ec_paramgen_curve:P-256"];
    openssl(
        folder,
        &[&["genpkey", "-algorithm", "EC", "-out", "k.pem"][..], &curve].concat(),
    );
    let pem = ["-in", "k.pem", "-out", "sealed.pem", "-passout", "file:pass"];
    openssl(folder, &[&["pkcs8", "-topk8", "-v2", "aes-256-cbc"][..], &pem].concat());
    openssl(
        folder,
        &["req", "-x509", "-key", "k.pem", "-subj", "/CN=x", "-out", "c.pem"],
    );
    let p12 = [
        "-inkey",
        "k.pem",
        "-in",
        "c.pem",
        "-out",
        "sealed.p12",
        "-passout",
        "file:pass",
    ];
    openssl(folder, &[&["pkcs12", "-export"][..], &p12].concat());
    ["sealed.pem", "sealed.p12"].map(|name| folder.join(name))
}

fn begun(file: &Path) -> Strict {
    let world = Strict::start();
    world.begin();
    *world.desk.chosen.lock().unwrap() = Some(file.to_path_buf());
    world
}

fn signing_keys(world: &Strict) -> Vec<Value> {
    let keys = world.ask("keys_list", json!({}))["keys"].as_array().unwrap().clone();
    keys.into_iter().filter(|key| key["usage"] == "jwt-signing").collect()
}

fn open(passphrase: &str) -> Value {
    json!({ "usage": "jwt-signing", "passphrase": passphrase })
}

#[test]
fn a_sealed_key_is_opened_with_its_passphrase_and_a_wrong_one_loses_nothing() {
    let elsewhere = tempfile::tempdir().unwrap();
    for file in sealed(elsewhere.path()) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let world = begun(&file);
        let chosen = world.ask("key_import", json!({ "usage": "jwt-signing" }));
        assert_eq!(
            (&chosen["file"], &chosen["sealed"]),
            (&json!(name), &json!(true)),
            "the window learns that it is sealed: {chosen}"
        );
        assert!(signing_keys(&world).is_empty(), "{name}: no key is taken in yet");
        for wrong in ["another passphrase", "canary of a key"] {
            assert_eq!(
                world.code("secret_key_passphrase", open(wrong)),
                "passphrase_wrong",
                "{name}: {wrong:?} is told to be wrong"
            );
        }
        assert!(signing_keys(&world).is_empty(), "{name}: and nothing was taken in");
        let opened = world.ask("secret_key_passphrase", open(PASSPHRASE));
        assert_eq!(
            opened["sealed"],
            json!(false),
            "{name}: the right one opens the same file"
        );
        assert!(!opened.to_string().contains("canary"), "{name}: it does not come back");
        let keys = signing_keys(&world);
        assert_eq!(
            (keys.len(), &keys[0]["state"]),
            (1, &json!("generated")),
            "{name}: the key waits for its request"
        );
        world.ask("key_certificate_ask", json!({ "usage": "mtls" }));
        world.ask("key_certificate_ask", json!({ "usage": "jwt-signing" }));
        world.ask("setup_dry_signature", json!({}));
        assert_eq!(found_in(world.desk.dir.path()), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn a_passphrase_without_a_chosen_file_opens_nothing() {
    let elsewhere = tempfile::tempdir().unwrap();
    let [pem, _] = sealed(elsewhere.path());
    let world = begun(&pem);
    assert_eq!(
        world.code("secret_key_passphrase", open(PASSPHRASE)),
        "input_invalid",
        "a file is chosen by the person, never named by the window"
    );
    world.ask("key_import", json!({ "usage": "jwt-signing" }));
    std::fs::remove_file(&pem).unwrap();
    assert_eq!(
        world.code("secret_key_passphrase", open(PASSPHRASE)),
        "input_invalid",
        "a file that is gone is told"
    );
    assert!(signing_keys(&world).is_empty(), "and no key was taken in");
}

/// The files below a folder that hold the passphrase.
fn found_in(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(found_in(&path));
        } else if String::from_utf8_lossy(&std::fs::read(&path).unwrap()).contains(PASSPHRASE) {
            found.push(path.display().to_string());
        }
    }
    found
}
