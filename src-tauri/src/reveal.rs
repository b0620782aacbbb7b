//! A file that the app wrote, shown in the system's own file browser.
//!
//! On Linux by the desktop's service (org.freedesktop.FileManager1). Deliberately absent: opening the file, and any path that the window
//! names; what is shown is what was written last.

use std::path::Path;

use gatehouse_core::{ErrorCode, Problem};

/// Shows a file in its folder.
///
/// # Errors
/// `browser_failed` when the system does not show it.
pub fn show(path: &Path) -> Result<(), Problem> {
    ask(path).map_err(|cause| {
        let folder = path.parent().unwrap_or(path).display();
        Problem::new(
            ErrorCode::BrowserFailed,
            format!("The system's file browser did not answer. The file lies in {folder}"),
            "Open that folder yourself.",
        )
        .because(&cause)
    })
}

#[cfg(target_os = "linux")]
fn ask(path: &Path) -> zbus::Result<()> {
    use zbus::blocking::{Connection, Proxy};

    let uri = tauri::Url::from_file_path(path).map_err(|()| zbus::Error::Failure("not a whole path".into()))?;
    let bus = Connection::session()?;
    let service = Proxy::new(
        &bus,
        "org.freedesktop.FileManager1",
        "/org/freedesktop/FileManager1",
        "org.freedesktop.FileManager1",
    )?;
    let startup_id = "";
    service.call::<_, _, ()>("ShowItems", &([uri.as_str()].as_slice(), startup_id))
}

#[cfg(target_os = "macos")]
fn ask(path: &Path) -> std::io::Result<()> {
    std::process::Command::new("/usr/bin/open")
        .arg("-R")
        .arg(path)
        .status()
        .map(drop)
}

#[cfg(windows)]
fn ask(path: &Path) -> std::io::Result<()> {
    let mut select = std::ffi::OsString::from("/select,");
    select.push(path);
    std::process::Command::new("explorer.exe")
        .arg(select)
        .status()
        .map(drop)
}
