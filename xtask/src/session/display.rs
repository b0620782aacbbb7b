//! The virtual display.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{ChildStdout, Stdio};

use crate::failure::{Doing, Failure, Outcome};
use crate::process::{self, Background};

/// A running Xvfb.
#[derive(Debug)]
pub struct Display {
    name: String,
    _server: Background,
    _output: BufReader<ChildStdout>,
}

impl Display {
    /// Starts one on a display number that is free, with its log in `folder`.
    pub fn start(folder: &Path) -> Outcome<Self> {
        let log = folder.join("xvfb.log");
        let mut command = process::tied("Xvfb");
        command.args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1280x800x24",
            "-nolisten",
            "tcp",
            "-noreset",
        ]);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut server = Background::start(&mut command, &log)?;
        let stdout = server.0.stdout.take().expect("stdout was asked for as a pipe");
        let mut output = BufReader::new(stdout);
        let mut number = String::new();
        output
            .read_line(&mut number)
            .doing("read the virtual display's number")?;
        if number.trim().is_empty() {
            return Err(Failure::new(format!(
                "the virtual display did not start; {} says why.",
                log.display()
            )));
        }
        Ok(Self {
            name: format!(":{}", number.trim()),
            _server: server,
            _output: output,
        })
    }

    /// Returns what DISPLAY has to be.
    pub fn name(&self) -> &str {
        &self.name
    }
}
