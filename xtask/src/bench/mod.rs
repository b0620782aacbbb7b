//! `cargo xtask bench`: the performance table. Every limit is a ratio to a peer or floor measured in the same
//! run, so that the machine cancels out; the task fails where one falls short.
//!
//! This file is the frame. What is measured stands in `rows.rs`, one function a row.

mod bridge;
mod build;
mod command;
mod core;
mod driver;
mod fields;
mod json;
mod log;
mod measure;
mod memory;
mod place;
mod review;
mod row;
mod rows;
mod samples;
mod scroll;
mod table;
mod window;

use std::fs;

use self::place::Place;
use crate::failure::{Doing, Failure, Outcome};
use crate::options::Options;
use crate::report::Report;
use crate::session::{Parts, Session};
use crate::setup::{self, packages, python};
use crate::{paths, say};

/// Runs the task.
pub fn bench(options: &Options) -> Outcome {
    let mut report = Report::default();
    setup::build::prepare(&mut report, &[packages::SECRETS, packages::DISPLAY, packages::BENCH])?;
    report.need("compile", build::all)?;
    let judges = report.need("Python environment of the peers", || {
        python::environment(python::JUDGES)
    })?;
    let folder = paths::scratch("bench-session");
    if folder.exists() {
        fs::remove_dir_all(&folder).doing(format!("remove {}", folder.display()))?;
    }
    let session = Session::start(Parts::ALL, &folder)?;
    let place = report.need("100,000 merchants and the peers' certificate", || {
        Place::prepare(&session, &folder, judges.join("python"))
    })?;
    let mut measured = Vec::new();
    for (name, measure) in rows::ALL {
        if options.only.as_deref().is_none_or(|only| name.contains(only)) {
            report.check(name, || measure(&place).map(|rows| measured.extend(rows)));
        }
    }
    finish(report, &measured)
}

fn finish(report: Report, measured: &[row::Row]) -> Outcome {
    say::step("table");
    say::line(table::write(measured));
    let file = paths::scratch("bench.json");
    fs::write(&file, json::write(measured)).doing(format!("write {}", file.display()))?;
    say::note(format!("also written to {}", file.display()));
    report.close("bench")?;
    let short: Vec<_> = measured.iter().filter(|row| !row.holds()).map(|row| row.name).collect();
    if short.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(format!(
            "these rows miss their limit: {}.",
            short.join(", ")
        )))
    }
}
