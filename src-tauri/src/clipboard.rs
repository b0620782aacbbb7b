//! The clipboard, for a portal link or a customer token: kept out of clipboard histories where the system allows it, and cleared after a minute.
//!
//! Only Rust touches it; the window never sees what is lent. What somebody else has put there meanwhile stays. Deliberately absent:
//! reading it for any other purpose.

use std::thread;
use std::time::Duration;

use arboard::Clipboard;
use gatehouse_core::{ErrorCode, Problem};
use zeroize::Zeroizing;

const LIFETIME: Duration = Duration::from_secs(60);

/// Puts a secret on the clipboard and clears it again after a minute.
///
/// # Errors
/// `clipboard_failed`.
pub fn lend(link: &str) -> Result<(), Problem> {
    let text = Zeroizing::new(link.to_owned());
    let mut clipboard = Clipboard::new().map_err(|cause| failed(&cause))?;
    put(&mut clipboard, &text).map_err(|cause| failed(&cause))?;
    // On X11 the clipboard lives as long as the handle that owns it, so the handle moves into the thread that waits.
    thread::Builder::new()
        .name("clipboard".into())
        .spawn(move || take_back(clipboard, &text))
        .map(drop)
        .map_err(|cause| failed(&cause))
}

#[cfg(target_os = "linux")]
fn put(clipboard: &mut Clipboard, text: &str) -> Result<(), arboard::Error> {
    use arboard::SetExtLinux;
    clipboard.set().exclude_from_history().text(text)
}

#[cfg(target_os = "macos")]
fn put(clipboard: &mut Clipboard, text: &str) -> Result<(), arboard::Error> {
    use arboard::SetExtApple;
    clipboard.set().exclude_from_history().text(text)
}

#[cfg(windows)]
fn put(clipboard: &mut Clipboard, text: &str) -> Result<(), arboard::Error> {
    use arboard::SetExtWindows;
    clipboard
        .set()
        .exclude_from_history()
        .exclude_from_cloud()
        .exclude_from_monitoring()
        .text(text)
}

fn take_back(mut clipboard: Clipboard, text: &str) {
    thread::sleep(LIFETIME);
    let still_there = clipboard
        .get_text()
        .map(Zeroizing::new)
        .is_ok_and(|now| now.as_str() == text);
    if still_there && let Err(cause) = clipboard.clear() {
        tracing::warn!(%cause, "the clipboard was not cleared");
    }
}

fn failed(cause: &(dyn std::error::Error + 'static)) -> Problem {
    Problem::new(
        ErrorCode::ClipboardFailed,
        "Nothing could be put on the clipboard, so nothing was copied.",
        "Check that this session has a clipboard, then do it again.",
    )
    .because(cause)
}
