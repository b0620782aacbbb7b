//! `cargo xtask lint`: everything that judges the sources without running them. Warnings are errors.

mod supply;
mod tools;

use std::process::Command;

use crate::failure::{Failure, Outcome};
use crate::options::Options;
use crate::report::Report;
use crate::setup::{apt, build, node, packages, python};
use crate::{paths, process};

/// One check: its name, whether it needs all that a build needs, and how it runs (`true`: repair what can be).
struct Check {
    name: &'static str,
    needs_build: bool,
    run: fn(&mut Report, bool),
}

const CHECKS: [Check; 9] = [
    Check {
        name: "format",
        needs_build: false,
        run: format,
    },
    Check {
        name: "typos",
        needs_build: false,
        run: typos,
    },
    Check {
        name: "ui-format",
        needs_build: true,
        run: ui_format,
    },
    Check {
        name: "ui-lint",
        needs_build: true,
        run: ui_lint,
    },
    Check {
        name: "ui-check",
        needs_build: true,
        run: ui_check,
    },
    Check {
        name: "clippy",
        needs_build: true,
        run: clippy,
    },
    Check {
        name: "rustdoc",
        needs_build: true,
        run: rustdoc,
    },
    Check {
        name: "machete",
        needs_build: false,
        run: supply::machete,
    },
    Check {
        name: "deny",
        needs_build: false,
        run: supply::deny,
    },
];

/// Runs the task.
pub fn lint(options: &Options) -> Outcome {
    let wanted = |check: &&Check| {
        options
            .only
            .as_deref()
            .is_none_or(|only| only == check.name || only == "fmt" && check.name == "format")
    };
    let chosen: Vec<_> = CHECKS.iter().filter(wanted).collect();
    if chosen.is_empty() {
        let names: Vec<_> = CHECKS.iter().map(|check| check.name).collect();
        return Err(Failure::new(format!(
            "there is no such check. The checks are: {}.",
            names.join(", ")
        )));
    }
    let mut report = Report::default();
    if chosen.iter().any(|check| check.needs_build) {
        build::prepare(&mut report, &[])?;
    }
    for check in chosen {
        (check.run)(&mut report, options.fix);
    }
    report.close("lint")
}

fn cargo(words: &str) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(paths::root()).args(words.split_whitespace());
    command
}

fn format(report: &mut Report, fix: bool) {
    report.check("format", || {
        process::run(&mut cargo(if fix { "fmt --all" } else { "fmt --all --check" }))
    });
}

fn clippy(report: &mut Report, fix: bool) {
    let words = if fix {
        "clippy --locked --workspace --all-targets --fix --allow-dirty --allow-staged"
    } else {
        "clippy --locked --workspace --all-targets"
    };
    report.check("clippy", || process::run(cargo(words).args(["--", "-D", "warnings"])));
}

fn rustdoc(report: &mut Report, _fix: bool) {
    report.check("rustdoc", || {
        process::run(cargo("doc --locked --workspace --no-deps").env("RUSTDOCFLAGS", "-D warnings"))
    });
}

fn ui_check(report: &mut Report, _fix: bool) {
    report.check("ui-check", || node::script("check", &[]));
}

fn ui_lint(report: &mut Report, fix: bool) {
    report.check("ui-lint", || node::script("lint", if fix { &["--fix"] } else { &[] }));
}

fn ui_format(report: &mut Report, fix: bool) {
    report.check("ui-format", || {
        node::script(if fix { "format" } else { "format:check" }, &[])
    });
}

fn typos(report: &mut Report, fix: bool) {
    report.check("typos", || {
        apt::ensure(&[packages::LINT])?;
        let programs = python::environment(python::TYPOS)?;
        let mut typos = Command::new(programs.join("typos"));
        typos.current_dir(paths::root());
        if fix {
            typos.arg("--write-changes");
        }
        process::run(&mut typos)
    });
}
