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
mod terminal;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use args::Args;
use output::{Failure, Output};

/// The command was not understood (design section 7).
const USAGE: u8 = 2;

fn main() -> ExitCode {
    gatehouse_core::keep_out_of_core_dumps();
    gatehouse_core::install_crypto();
    let (args, verb) = match given() {
        Ok(given) => given,
        Err(error) => return misused(&error),
    };
    let output = Output::new(args.json);
    match commands::run(args, &verb, &output) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => finish(&output, &failure),
    }
}

/// The arguments, and the words of the verb among them: `profile api-key set`.
fn given() -> Result<(Args, String), clap::Error> {
    let matches = Args::command().try_get_matches()?;
    let (mut words, mut at) = (Vec::new(), &matches);
    while let Some((word, within)) = at.subcommand() {
        words.push(word);
        at = within;
    }
    let verb = words.join(" ");
    Ok((Args::from_arg_matches(&matches)?, verb))
}

/// Help and version are answers; all else is an error of usage, in the form that `--json` asks for.
fn misused(error: &clap::Error) -> ExitCode {
    let json = std::env::args_os().any(|word| word == "--json");
    Output::new(json && error.use_stderr()).usage(error);
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(USAGE))
}

fn finish(output: &Output, failure: &Failure) -> ExitCode {
    output.failure(failure);
    ExitCode::from(failure.exit_code())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Command;
    use gatehouse_core::person::{asks, entry_points};

    fn verbs(within: &Command, words: &str, found: &mut Vec<String>) {
        let below: Vec<&Command> = within
            .get_subcommands()
            .filter(|verb| verb.get_name() != "help")
            .collect();
        if below.is_empty() {
            found.push(words.to_owned());
        }
        for verb in below {
            verbs(verb, format!("{words} {}", verb.get_name()).trim(), found);
        }
    }

    #[test]
    fn every_verb_says_which_deed_it_is() {
        let mut found = Vec::new();
        verbs(&Args::command(), "", &mut found);
        let unknown: Vec<_> = found.iter().filter(|verb| asks(verb).is_none()).collect();
        assert!(
            unknown.is_empty(),
            "add to crates/core/src/person/entry_points.rs, with a deed or a reason: {unknown:?}"
        );
        // A command of the window has underscores, or is one word that both have.
        let is_verb = |name: &&str| !name.contains('_') && !name.starts_with("secret");
        let gone: Vec<_> = entry_points()
            .map(|(name, _)| *name)
            .filter(is_verb)
            .filter(|name| !found.iter().any(|verb| verb == name))
            .collect();
        assert!(gone.is_empty(), "no verb answers to these any more: {gone:?}");
    }
}
