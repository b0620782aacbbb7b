//! Taking times: ours and the peer's in turns, so that whatever else the machine does meets both.

use std::process::{Command, Stdio};
use std::time::Instant;

use super::samples::Samples;
use crate::failure::{Failure, Outcome};

/// Times two pieces of work in turns, `rounds` times each, after one round that does not count. In ms.
pub fn in_turns(
    rounds: usize,
    mut ours: impl FnMut() -> Outcome,
    mut peer: impl FnMut() -> Outcome,
) -> Outcome<(Samples, Samples)> {
    ours()?;
    peer()?;
    let mut times = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        times.0.push(time(&mut ours)?);
        times.1.push(time(&mut peer)?);
    }
    Ok((Samples::new(times.0), Samples::new(times.1)))
}

/// Runs a command to its end and fails unless it exits with 0; what it prints is dropped.
pub fn complete(command: &mut Command) -> Outcome {
    let ended = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match ended {
        Ok(status) if status.success() => Ok(()),
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

fn time(work: &mut impl FnMut() -> Outcome) -> Outcome<f64> {
    let begin = Instant::now();
    work()?;
    Ok(begin.elapsed().as_secs_f64() * 1000.0)
}
