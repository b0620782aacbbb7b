//! `gatehouse-verify`: verifies a log, an archive, an evidence bundle or one entry's proof of anybody's, with nothing but the file and what was handed over
//! beside it.
//!
//! Deliberately absent: a network, a key store, a data directory of its own. It writes nothing but its answer.

mod args;
mod bundle;
mod entries;
mod members;
mod proven;
mod said;
mod witnesses;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use gatehouse_audit::{Anchor, FILE_NAME, Former, LogError, Outside, verify_file};

use args::{Args, Wanted};
use said::Answer;

/// Everything is as it was written.
const INTACT: u8 = 0;
/// Called in a way that it does not know.
const USAGE: u8 = 2;
/// What was named cannot be read.
const UNREADABLE: u8 = 3;
/// It is not as it was written, or nothing vouches for it.
const NOT_INTACT: u8 = 7;

fn main() -> ExitCode {
    let words: Vec<std::ffi::OsString> = std::env::args_os().skip(1).collect();
    let json = words.iter().any(|word| word == "--json");
    let code = match args::read(&words) {
        Ok(Wanted::Help) => said::lines(&[args::USAGE.to_owned()], INTACT),
        Ok(Wanted::Verify(args)) => match verify(&args) {
            Ok(answer) => answer.say(json),
            Err(why) => said::failure(&why, json, UNREADABLE),
        },
        Err(why) => said::failure(&format!("{why}\n{}", args::USAGE), json, USAGE),
    };
    ExitCode::from(code)
}

/// Finds out what the path is, and verifies it as such; an error is what cannot be read at all.
fn verify(args: &Args) -> Result<Answer, String> {
    let path = &args.path;
    if path.join("bundle.json").is_file() || members::is_zip(path) {
        let members = members::read(path)?;
        return Ok(Answer::Bundle(bundle::verify(members.as_ref(), args)));
    }
    if proven::is_proof(path) {
        return proof(path, args).map(Answer::Proof);
    }
    let file = if path.is_dir() {
        path.join(FILE_NAME)
    } else {
        path.clone()
    };
    log(&file, args)
}

fn proof(path: &Path, args: &Args) -> Result<proven::Proven, String> {
    let key = args.key.ok_or("a proof is judged by the log's key: give --key")?;
    let unreadable = |fault| format!("{} cannot be read: {fault}", path.display());
    let long = std::fs::metadata(path).map_err(unreadable)?.len() > proven::MAX_FILE;
    let bytes = if long {
        Vec::new()
    } else {
        std::fs::read(path).map_err(unreadable)?
    };
    Ok(proven::verify(&bytes, &key))
}

fn log(file: &Path, args: &Args) -> Result<Answer, String> {
    let read =
        |path: &PathBuf| std::fs::read(path).map_err(|fault| format!("{} cannot be read: {fault}", path.display()));
    let anchor = args.anchor.as_ref().map(read).transpose()?;
    let anchor = anchor.map(|bytes| Anchor::from_json(&bytes)).transpose();
    let anchor = anchor.map_err(|fault| format!("the anchor's file holds no anchor: {fault}"))?;
    let kept = args
        .witnessed
        .iter()
        .map(|path| String::from_utf8(read(path)?).map_err(|_| format!("{} is no text", path.display())));
    let kept = kept.collect::<Result<Vec<_>, String>>()?;
    let outside = Outside {
        anchor: anchor.as_ref(),
        key: args.key,
        own: &args.own,
        kept: &kept,
        verified: None,
    };
    let last_leaf = match &args.previous {
        Some(path) => Some(last_leaf(path)?),
        None => args.previous_leaf,
    };
    let archive = (args.archive || last_leaf.is_some()).then_some(Former { last_leaf });
    match verify_file(file, &outside, archive, None) {
        Ok(report) => Ok(Answer::Log(report)),
        Err(LogError::Absent) => Err(format!("there is no log in {}", file.display())),
        Err(fault) => Err(fault.to_string()),
    }
}

/// The leaf hash of the last entry of the archive before.
#[expect(
    clippy::disallowed_methods,
    reason = "it reads one row of a file that the log's opener may not know as a log"
)]
fn last_leaf(path: &Path) -> Result<[u8; 32], String> {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let conn = rusqlite::Connection::open_with_flags(path, flags);
    let leaf =
        conn.and_then(|conn| conn.query_row("SELECT leaf FROM event ORDER BY seq DESC LIMIT 1", [], |row| row.get(0)));
    leaf.map_err(|fault| format!("the archive before cannot be read: {fault}"))
}
