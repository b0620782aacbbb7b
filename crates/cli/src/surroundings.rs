//! Gathers what comes from outside: paths, clock, randomness, the passphrase.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gatehouse_core::clock::SystemClock;
use gatehouse_core::key_store::Keyring;
use gatehouse_core::network::Desktop;
use gatehouse_core::{ErrorCode, Gatehouse, KeysChoice, Problem, Surroundings, data_dir, fill_random, passphrase_from};

use crate::args::Args;
use crate::sandbox_host::Host;

/// The data directory that the arguments name.
pub fn dir(args: &Args) -> Result<PathBuf, Problem> {
    data_dir::resolve(args.data_dir.clone(), None)
}

/// Opens the data directory.
pub fn open(args: &Args, keyring: Option<Arc<Keyring>>) -> Result<Gatehouse, Problem> {
    let dir = dir(args)?;
    Gatehouse::open(Surroundings {
        device_id: data_dir::device_id(&dir),
        replica: None,
        data_dir: dir,
        clock: Arc::new(SystemClock::new()),
        fill: fill_random,
        keys: KeysChoice::ByDataDir {
            passphrase: args.passphrase_file.as_deref().map(passphrase_from).transpose()?,
            keyring,
        },
        sandbox: Arc::new(Host),
        screen: screen(),
        desktop: desktop(),
        app: concat!("gatehouse ", env!("CARGO_PKG_VERSION")).into(),
        os: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
    })
}

#[expect(clippy::disallowed_methods, reason = "this file is where the environment comes in")]
fn desktop() -> Desktop {
    Desktop::new(|name| std::env::var(name).ok())
}

#[cfg(target_os = "linux")]
#[expect(clippy::disallowed_methods, reason = "this file is where the environment comes in")]
fn screen() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY", "BROWSER"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

#[cfg(not(target_os = "linux"))]
fn screen() -> bool {
    true
}

/// The problem of a file that cannot be read.
pub fn unreadable(file: &Path, cause: &std::io::Error) -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        format!("{} cannot be read: {cause}.", file.display()),
        "Check the path and its rights.",
    )
}

/// The problem of a file that cannot be written.
pub fn unwritable(file: &Path, cause: &std::io::Error) -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        format!("{} cannot be written: {cause}.", file.display()),
        "Name a new file in a folder that you may write to; nothing is written over.",
    )
}
