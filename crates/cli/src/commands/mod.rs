//! One file a topic; each verb asks the core and prints what it says.

mod access;
mod access_list;
mod audit;
mod audit_export;
mod audit_keep;
mod audit_review;
mod audit_verify;
mod bridge;
mod bridge_served;
mod bridge_try;
mod credential;
mod doctor;
mod interrupt;
mod key;
mod lock;
mod merchants;
mod network;
mod open;
mod person;
mod pin;
mod profile;
mod sandbox;
mod sessions;
mod tokens;
mod unlock;

use std::io;

use clap::CommandFactory;
use gatehouse_core::{Gatehouse, Problem, connect_keyring, data_dir, logging};

use crate::args::{AccessCommand, Args, Command, ReviewCommand};
use crate::output::{Failure, Output};
use crate::surroundings;

/// The exit code of a command that did its work in part.
pub const PARTLY: u8 = 9;

/// Runs one command; answers the exit code.
pub fn run(args: Args, verb: &str, output: &Output) -> Result<u8, Failure> {
    if let Command::Completions { shell } = &args.command {
        clap_complete::generate(*shell, &mut Args::command(), "gatehouse", &mut io::stdout());
        return Ok(0);
    }
    if let Command::Man = &args.command {
        return manual();
    }
    if let Command::Sandbox(command) = &args.command {
        return sandbox::run(&args, command, output);
    }
    if let Command::Access(AccessCommand::Review(ReviewCommand::Check { package })) = &args.command {
        return access::check_review(package, output);
    }
    let dir = surroundings::dir(&args)?;
    match data_dir::prepare(&dir) {
        Err(problem) if matches!(args.command, Command::Doctor(_)) => return doctor::unopened(&dir, problem, output),
        other => other?,
    }
    // An act on a directory that is set up needs the keyring in a moment; a sealed file needs its passphrase instead.
    let acts = matches!(args.command, Command::Open(_)) && args.passphrase_file.is_none();
    let keyring = (acts && dir.join("audit.db").exists()).then(connect_keyring);
    let _log = logging::begin(&dir, None);
    let gatehouse = match (surroundings::open(&args, keyring), &args.command) {
        (Ok(gatehouse), _) => gatehouse,
        (Err(problem), Command::Doctor(_)) => return doctor::unopened(&dir, problem, output),
        (Err(problem), _) => return Err(problem.into()),
    };
    if acts {
        gatehouse.make_ready_to_act();
    }
    let source = unlock::Source::of(&args);
    unlock::before(&gatehouse, verb, &source)?;
    pin::asked_here(&gatehouse, args.pin_file.clone());
    on_core(&gatehouse, args, &source, output)
}

fn on_core(gatehouse: &Gatehouse, args: Args, source: &unlock::Source, output: &Output) -> Result<u8, Failure> {
    let name = args.profile.as_deref();
    let dir = surroundings::dir(&args)?;
    match args.command {
        Command::Profile(command) => profile::run(gatehouse, name, command, output),
        Command::Key(command) => key::run(gatehouse, name, &command, output),
        Command::Credential(command) => credential::run(gatehouse, name, &command, output),
        Command::Merchants(command) => merchants::run(gatehouse, name, command, output),
        Command::Open(open) => open::run(gatehouse, name, open, output),
        Command::Sessions(command) => sessions::run(gatehouse, name, command, output),
        Command::Access(command) => access::run(gatehouse, name, command, output),
        Command::Tokens(command) => tokens::run(gatehouse, (name, &dir), command, output),
        Command::Linking(command) => tokens::linking(gatehouse, name, command, output),
        Command::Audit(command) => audit::run(gatehouse, name, command, output),
        Command::Person(command) => person::run(gatehouse, name, command, output),
        Command::Lock(command) => lock::run(gatehouse, command, source, output),
        Command::Bridge(args) => bridge::run(gatehouse, name, args, output),
        Command::Network(command) => network::run(gatehouse, command, output),
        Command::Doctor(args) => doctor::run(gatehouse, name, &args, output),
        Command::Sandbox(_) | Command::Completions { .. } | Command::Man => Ok(0),
    }
}

fn manual() -> Result<u8, Failure> {
    clap_mangen::Man::new(Args::command())
        .render(&mut io::stdout())
        .map_err(|cause| Problem::internal("write its manual page", &cause))?;
    Ok(0)
}
