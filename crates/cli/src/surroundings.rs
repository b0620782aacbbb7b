//! Gathers what comes from outside: paths, clock, randomness, the passphrase.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gatehouse_core::clock::SystemClock;
use gatehouse_core::key_store::SecretBytes;
use gatehouse_core::{ErrorCode, Gatehouse, KeysChoice, Problem, Surroundings, data_dir, fill_random};

use crate::args::Args;
use crate::sandbox_host::Host;

/// The largest secret that is read from a file or stdin.
const SECRET_LIMIT: u64 = 64 * 1024;

/// The data directory that the arguments name.
pub fn dir(args: &Args) -> Result<PathBuf, Problem> {
    data_dir::resolve(args.data_dir.clone(), None)
}

/// Opens the data directory.
pub fn open(args: &Args) -> Result<Gatehouse, Problem> {
    let dir = dir(args)?;
    Gatehouse::open(Surroundings {
        device_id: data_dir::device_id(&dir),
        data_dir: dir,
        clock: Arc::new(SystemClock::new()),
        fill: fill_random,
        keys: KeysChoice::ByDataDir {
            passphrase: passphrase(args.passphrase_file.as_deref())?,
        },
        sandbox: Arc::new(Host),
        app: concat!("gatehouse ", env!("CARGO_PKG_VERSION")).into(),
        os: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
    })
}

fn passphrase(file: Option<&Path>) -> Result<Option<SecretBytes>, Problem> {
    file.map(|file| {
        let opened = std::fs::File::open(file).map_err(|cause| unreadable(file, &cause))?;
        secret(opened).map_err(|cause| unreadable(file, &cause))
    })
    .transpose()
}

/// Reads one secret to its end and takes the line break off.
pub fn secret(source: impl Read) -> std::io::Result<SecretBytes> {
    let mut bytes = Vec::new();
    source.take(SECRET_LIMIT).read_to_end(&mut bytes)?;
    while bytes.last().is_some_and(u8::is_ascii_whitespace) {
        bytes.pop();
    }
    Ok(SecretBytes::new(bytes))
}

/// The problem of a file that cannot be read.
pub fn unreadable(file: &Path, cause: &std::io::Error) -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        format!("{} cannot be read: {cause}.", file.display()),
        "Check the path and its rights.",
    )
}
