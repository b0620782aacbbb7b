//! The two judges: the library, and `verify.py` in one long-lived Python process.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use gatehouse_audit::{Anchor, Defect, LogError, Outside, Report, verify_directory_with};
use serde_json::{Value, json};

use crate::run::Case;

/// What a judge said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The verdict's word; `refused` for an anchor out of form, `error` where the file gives no verdict.
    pub verdict: String,
    pub first: Option<u64>,
    /// Entries before which a clock moved oddly.
    pub clocks: Vec<u64>,
    pub reason: String,
}

impl Judgement {
    fn word(verdict: &str, reason: &str) -> Self {
        Self {
            verdict: verdict.to_owned(),
            first: None,
            clocks: Vec::new(),
            reason: reason.to_owned(),
        }
    }

    fn of(report: &Report) -> Self {
        let clocks = report.notices.iter().filter(|notice| notice.defect == Defect::Clock);
        Self {
            verdict: report.verdict.to_string(),
            first: report.first_bad_seq,
            clocks: clocks.filter_map(|notice| notice.seq).collect(),
            reason: report.reason.clone(),
        }
    }

    /// Same verdict, same place, same notices; the words may differ.
    pub fn agrees(&self, other: &Self) -> bool {
        (&self.verdict, self.first, &self.clocks) == (&other.verdict, other.first, &other.clocks)
    }
}

/// The library's judgement.
pub fn ours(dir: &Path, case: &Case) -> Judgement {
    let anchor = match case.anchor.as_deref().map(Anchor::from_json).transpose() {
        Ok(anchor) => anchor,
        Err(fault) => return Judgement::word("refused", &fault.to_string()),
    };
    let outside = Outside {
        anchor: anchor.as_ref(),
        key: case.key,
        kept: &case.kept,
        ..Outside::default()
    };
    match verify_directory_with(dir, &outside, None) {
        Ok(report) => Judgement::of(&report),
        Err(fault @ (LogError::Newer { .. } | LogError::Absent)) => Judgement::word("error", &fault.to_string()),
        Err(fault) => Judgement::word("failed", &fault.to_string()),
    }
}

/// The Python with `cryptography` that `cargo xtask test` names, or else the system's.
#[expect(
    clippy::disallowed_methods,
    reason = "a test binary is told of its tools by its environment"
)]
fn interpreter() -> OsString {
    std::env::var_os("GATEHOUSE_TEST_PYTHON").unwrap_or_else(|| "python3".into())
}

/// `verify.py`, waiting for jobs.
pub struct Python {
    child: Child,
    jobs: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Python {
    pub fn start() -> Self {
        let home = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut child = Command::new(interpreter())
            .arg("-B")
            .arg(home.join("tests/matrix/judge.py"))
            .arg(home.join("verify.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a Python with the package cryptography is there");
        Self {
            jobs: child.stdin.take(),
            answers: BufReader::new(child.stdout.take().unwrap()),
            child,
        }
    }

    /// Hands over one job and waits for its answer.
    pub fn ask(&mut self, job: &Value) -> Value {
        writeln!(self.jobs.as_mut().unwrap(), "{job}").unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("the Python verifier answers: {line:?} to {job}"))
    }

    /// The Python verifier's judgement.
    pub fn judge(&mut self, dir: &Path, case: &Case) -> Judgement {
        let anchor = case.anchor.as_deref().map(String::from_utf8_lossy);
        let answer = self.ask(&json!({
            "path": dir.join(gatehouse_audit::FILE_NAME), "anchor": anchor, "key": case.key.map(hex::encode), "kept": case.kept,
        }));
        Judgement {
            verdict: answer["verdict"].as_str().unwrap().to_owned(),
            first: answer["first_bad_seq"].as_u64(),
            clocks: answer["clocks"]
                .as_array()
                .map_or_else(Vec::new, |all| all.iter().filter_map(Value::as_u64).collect()),
            reason: answer["reason"].as_str().unwrap_or_default().to_owned(),
        }
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        drop(self.jobs.take());
        let _ = self.child.wait();
    }
}
