//! A Tauri window on an empty page: what `cargo xtask bench` sets the app's start against.
//!
//! Built with the feature `bare-window` alone. Deliberately absent: commands, plugins, anything of Gatehouse.

use std::process::ExitCode;

fn main() -> ExitCode {
    match tauri::Builder::default().run(tauri::generate_context!("xtask/peers/bare_window/tauri.conf.json")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
