//! The Rust tests: nextest where it is installed, `cargo test` elsewhere; a newcomer waits for no tool.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Outcome;
use crate::report::Report;
use crate::session::Session;
use crate::{paths, process};

/// The Rust tests of the whole workspace, in one session.
#[derive(Debug)]
pub struct Tests<'a> {
    session: &'a Session,
    python: PathBuf,
    filter: &'a [String],
}

impl<'a> Tests<'a> {
    /// Takes the session to run in, the folder of the judges' programs, and the filter (empty: all).
    pub fn new(session: &'a Session, judges: &Path, filter: &'a [String]) -> Self {
        Self {
            session,
            python: judges.join("python"),
            filter,
        }
    }

    /// Compiles and runs them; the journeys in the real window come last.
    pub fn run(&self, report: &mut Report) -> Outcome {
        if process::succeeds(Command::new("cargo").args(["nextest", "--version"])) {
            self.run_with_nextest(report)
        } else {
            self.run_with_cargo(report)
        }
    }

    fn run_with_nextest(&self, report: &mut Report) -> Outcome {
        let nextest = |words: &str| {
            let mut command = self.cargo("nextest run --locked --workspace");
            command.args(words.split_whitespace()).args(self.filter);
            command
        };
        // A filter may well match only on one side of the division between journeys and the rest.
        let nothing = if self.filter.is_empty() {
            "fail"
        } else {
            "warn"
        };
        report.need("compile the tests", || {
            process::run(&mut self.cargo("nextest run --locked --workspace --no-run"))
        })?;
        report.check("Rust tests", || {
            process::run(nextest(&format!("--no-tests {nothing} -E")).arg("not binary(e2e)"))
        });
        if self.filter.is_empty() {
            report.check("documentation tests", || {
                process::run(&mut self.cargo("test --locked --workspace --doc --quiet"))
            });
        }
        report.check("journeys in the real window", || {
            process::run(
                nextest(&format!("--profile journeys --no-tests {nothing} -E"))
                    .arg("binary(e2e)")
                    .env("GATEHOUSE_E2E", "1"),
            )
        });
        Ok(())
    }

    fn run_with_cargo(&self, report: &mut Report) -> Outcome {
        let test = |words: &str| {
            let mut command = self.cargo(words);
            command.args(self.filter);
            command
        };
        report.need("compile the tests", || {
            process::run(&mut self.cargo("test --locked --workspace --no-run"))
        })?;
        report.check("Rust and documentation tests", || {
            process::run(&mut test("test --locked --workspace --no-fail-fast"))
        });
        report.check("journeys in the real window", || {
            let mut journeys = test("test --locked --package gatehouse-desktop --test e2e");
            process::run(
                journeys
                    .env("GATEHOUSE_E2E", "1")
                    .env("RUST_TEST_THREADS", "1"),
            )
        });
        Ok(())
    }

    fn cargo(&self, words: &str) -> Command {
        let mut command = Command::new("cargo");
        command
            .current_dir(paths::root())
            .args(words.split_whitespace());
        self.session.enter(&mut command);
        command
            .env("GATEHOUSE_TEST_KEYRING", "1")
            .env("GATEHOUSE_TEST_PYTHON", &self.python);
        command
    }
}
