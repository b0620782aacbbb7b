//! Finds the sandbox of a directory, or starts one as a process of its own.
//!
//! The started process outlives its starter: it has its own process group and no standard streams. Two starters at once
//! are fine, since the second process finds the lock taken and ends. Nothing is killed here.

use crate::client;
use crate::serve::Address;
use crate::serve::files::AddressFile;
use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

const WAIT: Duration = Duration::from_secs(10);
/// How long another starter's process is waited for once ours has ended.
const WAIT_FOR_OTHER: Duration = Duration::from_secs(3);
const POLL: Duration = Duration::from_millis(15);
const ANSWER: Duration = Duration::from_millis(800);

/// No sandbox could be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The program cannot be run.
    #[error("The sandbox's program cannot be started: {0}. Check that Gatehouse is installed completely.")]
    Spawn(#[from] io::Error),
    /// The program ended before it answered.
    #[error("The sandbox ended at once ({0}). Run `gatehouse sandbox serve` to see why.")]
    Ended(ExitStatus),
    /// The program does not answer.
    #[error("The sandbox did not answer within ten seconds. Run `gatehouse sandbox serve` to see why.")]
    Silent,
}

/// Looks for the running sandbox of this directory; a `sandbox.json` that nobody answers for counts as none.
///
/// Blocks for at most about a second.
pub fn find_running(dir: &Path) -> Option<Address> {
    let file = AddressFile::read(dir)?;
    let answer = client::health(&file.http, ANSWER).ok()?;
    String::from_utf8_lossy(&answer)
        .contains(&format!("\"{}\"", file.instance))
        .then(|| file.address())
}

/// Finds the running sandbox of this directory, or starts `program args...` and waits until it answers, at most ten seconds.
///
/// The program must call [`crate::serve`] on the same directory. Blocks; call it off the UI thread.
pub fn ensure_running(dir: &Path, program: &Path, args: &[OsString]) -> Result<Address, StartError> {
    if let Some(address) = find_running(dir) {
        return Ok(address);
    }
    let mut child = spawn(program, args)?;
    let address = await_answer(dir, &mut child);
    // Reaps the child when it ends, so that it does not stay behind as a zombie of a long-lived starter.
    std::thread::spawn(move || child.wait());
    address
}

fn spawn(program: &Path, args: &[OsString]) -> io::Result<Child> {
    let mut command = Command::new(program);
    command
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    detach(&mut command);
    command.spawn()
}

#[cfg(unix)]
fn detach(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(windows)]
fn detach(command: &mut Command) {
    const DETACHED_PROCESS: u32 = 0x0000_0008;
    const CREATE_NEW_PROCESS_GROUP: u32 = 0x0000_0200;
    std::os::windows::process::CommandExt::creation_flags(command, DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP);
}

fn await_answer(dir: &Path, child: &mut Child) -> Result<Address, StartError> {
    let mut until = Instant::now() + WAIT;
    let mut ended = None;
    while Instant::now() < until {
        if let Some(address) = find_running(dir) {
            return Ok(address);
        }
        if ended.is_none() {
            ended = child.try_wait()?;
            if ended.is_some() {
                until = until.min(Instant::now() + WAIT_FOR_OTHER);
            }
        }
        std::thread::sleep(POLL);
    }
    Err(ended.map_or(StartError::Silent, StartError::Ended))
}
