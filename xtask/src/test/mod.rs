//! `cargo xtask test`: every test there is, the same here and in CI.
//!
//! All Rust tests and the journeys run in a private session, so that they meet a real Secret Service and a
//! real display without touching the person's own.

mod rust;
mod tree;

use std::fs;

use crate::failure::{Doing, Outcome};
use crate::options::Options;
use crate::paths;
use crate::report::Report;
use crate::session::{Parts, Session};
use crate::setup::{build, node, packages, python};

/// Runs the task.
pub fn test(options: &Options) -> Outcome {
    let everything = options.rest.is_empty();
    let before = tree::state();
    let mut report = Report::default();
    build::prepare(
        &mut report,
        &[packages::SECRETS, packages::DISPLAY, packages::TEST],
    )?;
    let judges = report.need("Python environment of the foreign judges", || {
        python::environment(python::JUDGES)
    })?;
    let session = report.need("private session", start_session)?;
    if everything {
        report.check("UI tests", || node::script("test", &[]));
    }
    rust::Tests::new(&session, &judges, &options.rest).run(&mut report)?;
    if everything {
        report.check("tree clean afterwards", || {
            tree::unchanged_since(before.as_deref())
        });
    }
    report.close("test")
}

fn start_session() -> Outcome<Session> {
    let folder = paths::scratch("test-session");
    if folder.exists() {
        fs::remove_dir_all(&folder).doing(format!("remove {}", folder.display()))?;
    }
    Session::start(Parts::ALL, &folder)
}
