//! Asks a person on the terminal: for a secret, without showing what is typed, or for a yes.
//!
//! For a secret the terminal itself is asked, not stdin, which may be a pipe that brings something else. Where there is none, nobody is
//! asked.

use std::io::{BufRead, IsTerminal};

use gatehouse_core::key_store::SecretBytes;

use crate::output::Output;

/// Whether the person agrees; nothing where nobody can be asked.
pub fn agrees(question: &str, output: &Output) -> Option<bool> {
    let stdin = std::io::stdin();
    if output.is_json() || !stdin.is_terminal() {
        return None;
    }
    output.progress(&format!("{question} [y/N]"));
    let mut answer = String::new();
    let heard = stdin.lock().read_line(&mut answer).is_ok();
    Some(heard && matches!(answer.trim(), "y" | "Y" | "yes"))
}

/// Asks, or answers nothing where there is no terminal.
#[cfg(unix)]
pub fn ask(prompt: &str) -> Option<SecretBytes> {
    use std::fs::File;
    use std::io::Write;

    use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

    let mut terminal = File::options().read(true).write(true).open("/dev/tty").ok()?;
    let before = tcgetattr(&terminal).ok()?;
    let mut silent = before.clone();
    silent.local_modes.remove(LocalModes::ECHO);
    silent.local_modes.insert(LocalModes::ECHONL);
    terminal.write_all(prompt.as_bytes()).ok()?;
    tcsetattr(&terminal, OptionalActions::Flush, &silent).ok()?;
    let typed = line(&terminal);
    tcsetattr(&terminal, OptionalActions::Flush, &before).ok()?;
    typed
}

/// One line, byte by byte, so that no buffer keeps what is typed.
#[cfg(unix)]
fn line(mut from: &std::fs::File) -> Option<SecretBytes> {
    use std::io::Read;

    const LONGEST: usize = 1024;
    let mut typed = Vec::with_capacity(LONGEST);
    let mut byte = [0_u8];
    while typed.len() < LONGEST && from.read(&mut byte).ok()? == 1 && byte != *b"\n" {
        typed.push(byte[0]);
    }
    let typed = SecretBytes::new(typed);
    (!typed.expose().is_empty()).then_some(typed)
}

/// Asking on a console comes with that system.
#[cfg(not(unix))]
pub fn ask(_prompt: &str) -> Option<SecretBytes> {
    None
}
