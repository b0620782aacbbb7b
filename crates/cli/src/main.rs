//! The `gatehouse` command: the same core as the app, for scripts, machines without a display and tests.
//!
//! It parses, gathers what comes from outside (clock, randomness, environment, paths), calls the core and prints. With
//! `--json` exactly one document goes to stdout, and an error as `{"code","message","hint"}` to stderr (design section 7).
//! Deliberately absent: rules of its own.

#![forbid(unsafe_code)]

mod args;
mod commands;
mod control;
mod output;
mod sandbox_host;
mod surroundings;

use std::process::ExitCode;

use clap::Parser;

use args::Args;
use output::{Failure, Output};

fn main() -> ExitCode {
    gatehouse_core::install_crypto();
    let args = Args::parse();
    let output = Output::new(args.json);
    match commands::run(args, &output) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => finish(&output, &failure),
    }
}

fn finish(output: &Output, failure: &Failure) -> ExitCode {
    output.failure(failure);
    ExitCode::from(failure.exit_code())
}
