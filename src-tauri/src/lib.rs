//! The desktop shell: the only part of Gatehouse that knows Tauri.
//!
//! It shows what the core says and passes on what the person asks for ([`commands`]); [`builder`] and [`set_up`] are shared by the
//! program and by `tests/app`, which runs them on Tauri's mock runtime under the real permissions. Deliberately absent: rules of the business.

pub mod argument;
pub mod arguments;
pub mod clipboard;
pub mod commands;
pub mod desktop;
pub mod error;
pub mod events;
pub mod first_answers;
pub mod hold;
pub mod instance;
pub mod jobs;
pub mod loading;
pub mod lock_watch;
pub mod log_watch;
pub mod looks;
pub mod notify;
pub mod reveal;
mod runs;
pub mod sandbox;
pub mod shell;
pub mod shown;
pub mod start;
pub mod surface;
pub mod views;
pub mod window;
pub mod works;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tauri::{AppHandle, Builder, Context, Manager, Runtime};

use crate::desktop::{Hands, OfApp};
use crate::loading::Core;
use crate::shell::Shell;

/// What an app is made of.
pub struct Parts<R: Runtime> {
    /// The core, there or on its way.
    pub core: Core,
    /// Its data directory.
    pub data_dir: PathBuf,
    /// What only the desktop can do.
    pub hands: Hands<R>,
    /// For how long an act of the window can be taken back.
    pub hold: Duration,
}

/// Lets `builder` answer the commands.
pub fn builder<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    builder.invoke_handler(surface::surface::<R>().invoke_handler())
}

/// Gives a built app its events, its state and its window. Tauri's set-up hook calls it; on the mock runtime, which has no event
/// loop, tests do.
///
/// # Errors
/// What Tauri says when the window cannot be made.
pub fn set_up<R: Runtime>(app: &AppHandle<R>, parts: Parts<R>) -> tauri::Result<()> {
    surface::surface::<R>().mount_events(app);
    let desktop = Arc::new(OfApp::new(app, parts.hands));
    let core = parts.core.clone();
    let shell = Shell::new(parts.core, desktop, &parts.data_dir, parts.hold);
    app.manage(shell.clone());
    let dropped = shell.clone();
    window::make(app, &core)?.on_window_event(move |event| window::heard_files(event, &dropped));
    tauri::async_runtime::spawn_blocking(move || shell.attach());
    Ok(())
}

/// The configuration, permissions and page built into this program.
pub fn context<R: Runtime>() -> Context<R> {
    tauri::generate_context!("tauri.conf.json")
}
