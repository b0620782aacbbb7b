//! Ends the simulated Klarna that programs of a private session have started.
//!
//! It lives 15 minutes longer than whoever started it, which is right for a person and wrong for a session that is over.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::process;

/// Ends the one whose address file lies in the session's data folder, if it runs.
pub fn end(data: &Path) {
    let file = data.join("gatehouse").join("sandbox.json");
    let text = fs::read_to_string(file).unwrap_or_default();
    if let Some(pid) = pid(&text).filter(|pid| serves_a_sandbox(pid)) {
        // If it does not listen, it ends by itself after its idle time.
        process::succeeds(Command::new("kill").args(["-TERM", &pid]));
    }
}

/// Reads the member `pid`, without a JSON library: the file is our own.
fn pid(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("\"pid\":")?;
    let digits: String = rest.trim_start().chars().take_while(char::is_ascii_digit).collect();
    (!digits.is_empty()).then_some(digits)
}

/// Guards against a number that the system has given to another program since.
fn serves_a_sandbox(pid: &str) -> bool {
    let line = fs::read(Path::new("/proc").join(pid).join("cmdline")).unwrap_or_default();
    let line = String::from_utf8_lossy(&line);
    line.contains("gatehouse") && line.contains("sandbox")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_process_number_is_read_from_the_address_file() {
        assert_eq!(
            pid("{\n  \"pid\": 4030,\n  \"http\": \"x\"}").as_deref(),
            Some("4030"),
            "as it is written"
        );
        assert_eq!(pid("{}"), None, "a file without it names no process");
    }
}
