//! `gatehouse lock ...`: the app lock set, changed, removed, thrown away.

use gatehouse_core::app_lock::{Limits, LockStatus};
use gatehouse_core::key_store::SecretBytes;
use gatehouse_core::{ErrorCode, Gatehouse, Problem, passphrase_from, read_secret};
use serde_json::json;

use super::unlock::Source;
use crate::args::{LimitArgs, LockCommand, NewPassphrase};
use crate::output::{Failure, Output};
use crate::surroundings::unreadable;
use crate::terminal;

pub fn run(gatehouse: &Gatehouse, command: LockCommand, source: &Source, output: &Output) -> Result<u8, Failure> {
    match command {
        LockCommand::Status => {}
        LockCommand::Set { new, limits } => {
            if gatehouse.lock_status()?.set {
                return Err(set_already().into());
            }
            let passphrase = chosen(&new)?;
            gatehouse.set_lock(&passphrase, with(Limits::STANDARD, &limits))?;
        }
        LockCommand::Change {
            new,
            keep_passphrase,
            limits,
        } => {
            let current = source.need(gatehouse, "Passphrase of the app lock: ")?;
            gatehouse.unlock_app(&current)?;
            let known = gatehouse.lock_status()?.limits.unwrap_or(Limits::STANDARD);
            let next = if keep_passphrase { None } else { Some(chosen(&new)?) };
            gatehouse.change_lock(&current, next.as_ref(), Some(with(known, &limits)))?;
        }
        LockCommand::Remove => gatehouse.remove_lock(&source.need(gatehouse, "Passphrase of the app lock: ")?)?,
        LockCommand::Reset { .. } => gatehouse.reset_lock()?,
    }
    show(&gatehouse.lock_status()?, output);
    Ok(0)
}

fn with(known: Limits, args: &LimitArgs) -> Limits {
    Limits {
        idle_s: args.idle.map_or(known.idle_s, |minutes| minutes.saturating_mul(60)),
        absolute_s: args
            .absolute
            .map_or(known.absolute_s, |hours| hours.saturating_mul(3600)),
    }
}

/// A new passphrase; typed ones are typed twice.
fn chosen(new: &NewPassphrase) -> Result<SecretBytes, Problem> {
    if let Some(file) = &new.new_passphrase_file {
        return passphrase_from(file);
    }
    if new.stdin {
        return read_secret(std::io::stdin().lock()).map_err(|cause| unreadable("stdin".as_ref(), &cause));
    }
    let first = terminal::ask("New passphrase of the app lock: ").ok_or_else(nobody_to_ask)?;
    let again = terminal::ask("The same once more: ").ok_or_else(nobody_to_ask)?;
    if first.expose() != again.expose() {
        return Err(Problem::new(
            ErrorCode::InputInvalid,
            "The two passphrases differ, so nothing was changed.",
            "Type the same one twice.",
        ));
    }
    Ok(first)
}

fn show(status: &LockStatus, output: &Output) {
    let limits = status.limits;
    let document = json!({
        "set": status.set,
        "idle_s": limits.map(|limits| limits.idle_s),
        "absolute_s": limits.map(|limits| limits.absolute_s),
        "wait_s": status.wait_ms.div_ceil(1000),
    });
    output.answer(&document, || {
        if !status.set {
            return vec!["No app lock is set: keys can be used by whoever sits here.".into()];
        }
        let mut lines = vec![
            "An app lock is set: keys lie sealed, and each command that needs one asks for the passphrase.".to_owned(),
        ];
        lines.extend(limits.map(|limits| {
            format!(
                "The app locks after {} min without use, and after {} h in all.",
                limits.idle_s / 60,
                limits.absolute_s / 3600
            )
        }));
        if status.wait_ms > 0 {
            lines.push(format!(
                "After wrong passphrases the next is taken in {} s.",
                status.wait_ms.div_ceil(1000)
            ));
        }
        lines
    });
}

fn set_already() -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        "An app lock is set already.",
        "Change its passphrase with `gatehouse lock change`, or remove it first.",
    )
}

fn nobody_to_ask() -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        "There is no terminal to ask for the new passphrase.",
        "Give it with --new-passphrase-file FILE or --stdin.",
    )
}
