//! Asks the foreign service providers (judge.py); shared by the tests inside the crate and those from outside.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

/// The Python that has the judges, as the harness names it.
#[expect(clippy::disallowed_methods, reason = "the judges' Python, set by the harness")]
pub fn python() -> Option<String> {
    let named = std::env::var("GATEHOUSE_TEST_PYTHON").ok();
    if named.is_none() {
        eprintln!(
            "skipped: set GATEHOUSE_TEST_PYTHON to a Python with python3-saml and pysaml2, as `cargo xtask test` does"
        );
    }
    named
}

/// Runs the judges once over everything that is asked.
pub fn judged(python: &str, asked: &Value) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/saml/judge.py");
    let mut child = Command::new(python)
        .arg("-B")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    pipe.write_all(asked.to_string().as_bytes()).unwrap();
    drop(pipe);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "the judge ran to its end");
    serde_json::from_slice(&output.stdout).unwrap()
}
