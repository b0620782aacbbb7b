//! Taking times: ours and the peer's in turns, so that whatever else the machine does meets both.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

use super::samples::Samples;
use crate::failure::{Doing, Failure, Outcome};

/// Takes the times (in ms) of two pieces of work in turns, `rounds` times each, after one round that does not count.
pub fn in_turns(
    rounds: usize,
    mut ours: impl FnMut() -> Outcome<f64>,
    mut peer: impl FnMut() -> Outcome<f64>,
) -> Outcome<(Samples, Samples)> {
    ours()?;
    peer()?;
    let mut times = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        times.0.push(ours()?);
        times.1.push(peer()?);
    }
    Ok((Samples::new(times.0), Samples::new(times.1)))
}

/// The time from the start of a command until it has written a line with `sign` in it, which its reader can use from then on.
///
/// The command is waited for, outside of that time, and fails unless it exits with 0.
pub fn until_said(command: &mut Command, sign: &str) -> Outcome<f64> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let begin = Instant::now();
    let mut child = command.spawn().doing(format!("start {command:?}"))?;
    let mut lines = BufReader::new(child.stdout.take().expect("stdout was asked for as a pipe")).lines();
    let said = lines.any(|line| line.is_ok_and(|line| line.contains(sign)));
    let time = ms(begin);
    lines.for_each(drop);
    let status = child.wait().doing(format!("wait for {command:?}"))?;
    if said && status.success() {
        Ok(time)
    } else {
        Err(Failure::new(format!("{command:?} ended with {status} and no {sign}")))
    }
}

/// The time of a command to its end; fails unless it exits with 0; what it prints is dropped.
pub fn complete(command: &mut Command) -> Outcome<f64> {
    let begin = Instant::now();
    let ended = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match ended {
        Ok(status) if status.success() => Ok(ms(begin)),
        Ok(status) => Err(Failure::new(format!("{command:?} ended with {status}"))),
        Err(cause) => Err(Failure::new(format!("could not start {command:?}: {cause}"))),
    }
}

/// A command that `timeout` ends after so many seconds, so that the whole run ends.
pub fn bounded(program: &str, seconds: u32) -> Command {
    let mut command = Command::new("timeout");
    command.args(["--kill-after=5", &seconds.to_string(), program]);
    command
}

/// The milliseconds since then.
pub fn ms(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}
