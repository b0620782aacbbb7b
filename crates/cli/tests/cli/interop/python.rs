//! The Python that has the judges' packages: named by the harness, or the machine's own if it has them.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs a judge with an input; gives what it says. Nothing where no Python has the packages.
pub fn judge(script: &str, args: &[&str], input: &[u8]) -> Option<serde_json::Value> {
    let Some(python) = python() else {
        eprintln!(
            "skipped: set GATEHOUSE_TEST_PYTHON to a Python with PyJWT and cryptography, as `cargo xtask test` does"
        );
        return None;
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cli/interop")
        .join(script);
    let mut command = Command::new(python);
    command
        .arg("-B")
        .arg(path)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{script} accepts it: {complaint}");
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// Runs a program that we hand to strangers; gives its exit code and what it said. Nothing where no Python has the packages.
pub fn run(script: &Path, args: &[&str]) -> Option<(i32, String)> {
    let Some(python) = python() else {
        eprintln!("skipped: set GATEHOUSE_TEST_PYTHON to a Python with cryptography, as `cargo xtask test` does");
        return None;
    };
    let output = Command::new(python).arg("-B").arg(script).args(args).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    Some((output.status.code()?, String::from_utf8_lossy(&said).into_owned()))
}

#[expect(clippy::disallowed_methods, reason = "the judges' Python, set by the harness")]
fn python() -> Option<String> {
    if let Ok(named) = std::env::var("GATEHOUSE_TEST_PYTHON") {
        return Some(named);
    }
    let has = Command::new("python3")
        .args(["-c", "import jwt, cryptography"])
        .stderr(Stdio::null())
        .status();
    has.is_ok_and(|status| status.success()).then(|| "python3".to_owned())
}
