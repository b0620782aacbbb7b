//! The system's own file dialog, answered as a person would: the place is typed, and Enter pressed. The page's driver does not reach it.
//!
//! Deliberately absent: a way around the dialog; a journey takes the very one that a person takes.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(20);

/// Types a place into the dialog of this title that stands there, or comes soon, and waits until it has gone.
pub fn answer(title: &str, place: &Path) {
    let window = until("the dialog does not appear", || dialog(title));
    let place = place.to_str().unwrap();
    // No window manager gives it the focus.
    xdotool(&["windowfocus", "--sync", &window]);
    // Where a file is opened, the field for a place is not there before it is asked for.
    for keys in ["ctrl+l", "ctrl+a"] {
        xdotool(&["key", "--clearmodifiers", keys]);
    }
    xdotool(&["type", "--delay", "2", place]);
    until("the dialog stays", || {
        xdotool(&["key", "Return"]);
        std::thread::sleep(Duration::from_millis(300));
        dialog(title).is_none().then_some(())
    });
}

fn dialog(title: &str) -> Option<String> {
    let found = xdotool(&["search", "--onlyvisible", "--name", &format!("^{title}$")]);
    found.lines().next().map(str::to_owned)
}

fn until<T>(why: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begin.elapsed() < PATIENCE, "{why}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn xdotool(arguments: &[&str]) -> String {
    let said = Command::new("xdotool").args(arguments).output();
    let said = said.expect("xdotool is installed (Debian: xdotool)");
    String::from_utf8_lossy(&said.stdout).into_owned()
}
