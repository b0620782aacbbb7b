//! What was asked for, read from the command's words.
//!
//! Deliberately absent: opening any of the files.

use std::ffi::OsString;
use std::path::PathBuf;

/// How it is called.
pub const USAGE: &str = "\
Usage: gatehouse-verify FILE|FOLDER|ZIP|PROOF [--anchor FILE] [--key HEX] [--witnessed FILE]... [--own HEX]...
                        [--archive] [--previous FILE | --previous-leaf HEX] [--json]

Verifies a Gatehouse audit log (audit.db, or the folder it lies in), an archive of one, an evidence bundle (folder or ZIP),
or the proof of one entry (.tlog-proof, by --key).
  --anchor FILE         what the key store keeps of the log, as JSON; without it a log is at best `unanchored`
  --key HEX             the public checkpoint key, 64 hex digits
  --witnessed FILE      a checkpoint that a witness kept
  --own HEX             a public person key of the log's own computer: its co-signatures are no witness
  --archive             the file is an archive, and needs no anchor
  --previous FILE       the archive before it, or
  --previous-leaf HEX   the leaf hash of that one's last entry
  --json                one JSON document as the answer
Exit code: 0 intact, 7 not intact, 2 called wrongly, 3 not readable.";

/// What was asked for.
pub enum Wanted {
    /// How it is called.
    Help,
    /// A verification.
    Verify(Args),
}

/// What to verify, and what is known of it.
#[derive(Default)]
pub struct Args {
    pub path: PathBuf,
    pub anchor: Option<PathBuf>,
    pub key: Option<[u8; 32]>,
    pub witnessed: Vec<PathBuf>,
    pub own: Vec<[u8; 32]>,
    pub archive: bool,
    pub previous: Option<PathBuf>,
    pub previous_leaf: Option<[u8; 32]>,
}

/// Reads the words; an error is a sentence for whoever typed them.
pub fn read(words: &[OsString]) -> Result<Wanted, String> {
    let mut args = Args::default();
    let mut paths = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut next = || {
            let value = words.next();
            value
                .cloned()
                .ok_or_else(|| format!("{} needs a value.", word.display()))
        };
        match word.to_str() {
            Some("--help" | "-h") => return Ok(Wanted::Help),
            Some("--json") => {}
            Some("--archive") => args.archive = true,
            Some("--anchor") => args.anchor = Some(next()?.into()),
            Some("--witnessed") => args.witnessed.push(next()?.into()),
            Some("--previous") => args.previous = Some(next()?.into()),
            Some("--previous-leaf") => args.previous_leaf = Some(hex(&next()?)?),
            Some("--key") => args.key = Some(hex(&next()?)?),
            Some("--own") => args.own.push(hex(&next()?)?),
            Some(other) if other.starts_with('-') => return Err(format!("{other} is no option of this command.")),
            _ => paths.push(PathBuf::from(word)),
        }
    }
    match <[PathBuf; 1]>::try_from(paths) {
        Ok([path]) => Ok(Wanted::Verify(Args { path, ..args })),
        Err(_) => Err("Name one file or folder to verify.".to_owned()),
    }
}

fn hex(word: &OsString) -> Result<[u8; 32], String> {
    let bytes = word.to_str().and_then(|text| hex::decode(text).ok());
    bytes
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| format!("{} is not 64 hex digits.", word.display()))
}
