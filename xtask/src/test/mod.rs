//! `cargo xtask test`: every test there is, the same here and in CI.
//!
//! All Rust tests and the journeys run in a private session, so that they meet a real Secret Service and a
//! real display without touching the person's own.

mod rust;
mod tree;

use std::fs;

use crate::failure::{Doing, Failure, Outcome};
use crate::options::Options;
use crate::paths;
use crate::report::Report;
use crate::session::{self, Session};
use crate::setup::{build, node, packages, python};

/// Runs the task.
pub fn test(options: &Options) -> Outcome {
    let parts = Parts::chosen(options)?;
    let before = tree::state();
    let mut report = Report::default();
    build::prepare(&mut report, &[packages::SECRETS, packages::DISPLAY, packages::TEST])?;
    let judges = report.need("Python environment of the foreign judges", || {
        python::environment(python::JUDGES)
    })?;
    let session = report.need("private session", start_session)?;
    if parts.ui {
        report.check("UI tests", || node::script("test", &[]));
    }
    let tests = rust::Tests::new(&session, &judges, &options.rest);
    if parts.rust || parts.journeys {
        tests.run(&mut report, parts.rust, parts.journeys)?;
    }
    if parts == Parts::ALL {
        report.check("tree clean afterwards", || tree::unchanged_since(before.as_deref()));
    }
    report.close("test")
}

/// What is to be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Parts {
    ui: bool,
    rust: bool,
    journeys: bool,
}

impl Parts {
    const ALL: Self = Self {
        ui: true,
        rust: true,
        journeys: true,
    };

    /// Takes what `--only` names; a filter is meant for Rust tests.
    fn chosen(options: &Options) -> Outcome<Self> {
        let none = Self {
            ui: false,
            rust: false,
            journeys: false,
        };
        match options.only.as_deref() {
            None if options.rest.is_empty() => Ok(Self::ALL),
            None => Ok(Self { ui: false, ..Self::ALL }),
            Some("ui") => Ok(Self { ui: true, ..none }),
            Some("rust") => Ok(Self { rust: true, ..none }),
            Some("journeys") => Ok(Self { journeys: true, ..none }),
            Some(_) => Err(Failure::new("--only takes one of: ui, rust, journeys.")),
        }
    }
}

fn start_session() -> Outcome<Session> {
    let folder = paths::scratch("test-session");
    if folder.exists() {
        fs::remove_dir_all(&folder).doing(format!("remove {}", folder.display()))?;
    }
    Session::start(session::Parts::ALL, &folder)
}
