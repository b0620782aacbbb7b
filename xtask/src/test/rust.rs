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

    /// Compiles them, then runs all but the journeys, then the journeys in the real window.
    pub fn run(&self, report: &mut Report, rust: bool, journeys: bool) -> Outcome {
        let nextest = process::succeeds(Command::new("cargo").args(["nextest", "--version"]));
        let compile = if nextest { "nextest run" } else { "test" };
        report.need("compile the tests", || {
            process::run(&mut self.cargo(&format!("{compile} --locked --workspace --no-run")))
        })?;
        match (rust, nextest) {
            (true, true) => self.all_with_nextest(report),
            (true, false) => self.all_with_cargo(report),
            (false, _) => {}
        }
        if journeys {
            report.check("journeys in the real window", || {
                process::run(self.journeys(nextest).env("GATEHOUSE_E2E", "1"))
            });
        }
        Ok(())
    }

    fn all_with_nextest(&self, report: &mut Report) {
        report.check("Rust tests", || {
            process::run(&mut self.nextest("default", "not binary(e2e)"))
        });
        if self.filter.is_empty() {
            report.check("documentation tests", || {
                process::run(&mut self.cargo("test --locked --workspace --doc --quiet"))
            });
        }
    }

    fn all_with_cargo(&self, report: &mut Report) {
        report.check("Rust and documentation tests", || {
            let mut test = self.cargo("test --locked --workspace --no-fail-fast");
            process::run(test.args(self.filter))
        });
    }

    fn journeys(&self, nextest: bool) -> Command {
        if nextest {
            return self.nextest("journeys", "binary(e2e)");
        }
        let mut test = self.cargo("test --locked --package gatehouse-desktop --test e2e");
        test.args(self.filter).env("RUST_TEST_THREADS", "1");
        test
    }

    fn nextest(&self, profile: &str, which: &str) -> Command {
        // A filter may well match only on one side of the division between journeys and the rest.
        let nothing = if self.filter.is_empty() { "fail" } else { "warn" };
        let mut command = self.cargo("nextest run --locked --workspace");
        command.args(["--profile", profile, "--no-tests", nothing, "-E", which]);
        command.args(self.filter);
        command
    }

    fn cargo(&self, words: &str) -> Command {
        let mut command = Command::new("cargo");
        command.current_dir(paths::root()).args(words.split_whitespace());
        self.session.enter(&mut command);
        command
            .env("GATEHOUSE_TEST_KEYRING", "1")
            .env("GATEHOUSE_TEST_SOFTHSM", "1")
            .env("GATEHOUSE_TEST_PYTHON", &self.python);
        command
    }
}
