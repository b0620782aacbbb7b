//! Bundles of a real log, judged by both programs that strangers get: `gatehouse-verify` and `verify.py`. They must say the same.
//!
//! Deliberately absent: bundles signed anew by somebody with a key of their own, which the tests of the log make (crates/audit).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::bundle::{SHAPES, bundled, unpacked};
use super::python::run;

/// The program beside ours: the same build makes both.
fn verifier() -> PathBuf {
    let program = Path::new(env!("CARGO_BIN_EXE_gatehouse")).with_file_name("gatehouse-verify");
    assert!(
        program.is_file(),
        "gatehouse-verify is built: cargo build -p gatehouse-audit"
    );
    program
}

/// The exit code of both. Nothing where no Python has the packages.
#[track_caller]
fn judged(script: &Path, bundle: &Path) -> Option<i32> {
    let (code, text) = run(script, &[bundle.to_str().unwrap()])?;
    let theirs: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("one document: {text}"));
    let output = Command::new(verifier()).arg(bundle).arg("--json").output().unwrap();
    let ours: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    // Of what does not hold, only the fault is told.
    let names = if code == 0 {
        &["verdict", "witnessed"][..]
    } else {
        &["verdict", "first_bad_seq"]
    };
    let told = |said: &Value| names.iter().map(|name| said[*name].clone()).collect::<Vec<_>>();
    assert_eq!(
        (output.status.code(), told(&ours)),
        (Some(code), told(&theirs)),
        "{}: gatehouse-verify says {ours}; verify.py says {theirs}",
        bundle.display()
    );
    Some(code)
}

#[test]
fn both_verifiers_accept_what_is_exported() {
    for words in SHAPES {
        let (_world, zip) = bundled(words);
        let Some(folder) = unpacked(&zip) else { return };
        for bundle in [&zip, &folder] {
            assert_eq!(judged(&folder.join("verify.py"), bundle), Some(0), "{words:?}");
        }
    }
}

#[test]
fn both_verifiers_find_each_damage_of_a_bundle() {
    let (_world, zip) = bundled(&["--query", "act:portal.open"]);
    let Some(folder) = unpacked(&zip) else { return };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/interop/damage.py");
    let copies = zip.with_file_name("copies");
    fs::create_dir(&copies).unwrap();
    let (code, said) = run(&script, &[zip.to_str().unwrap(), copies.to_str().unwrap()]).unwrap();
    assert_eq!(code, 0, "the copies are made: {said}");
    let made: Value = serde_json::from_str(&said).unwrap();
    for (name, wanted) in [("broken", 7), ("sound", 0)] {
        let paths = made[name].as_array().unwrap();
        assert!(paths.len() > 4, "there are some: {made}");
        for path in paths.iter().filter_map(Value::as_str) {
            assert_eq!(
                judged(&folder.join("verify.py"), Path::new(path)),
                Some(wanted),
                "{path}"
            );
        }
    }
}
