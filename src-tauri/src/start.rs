//! Starts the desktop program: the lock, the core's thread, the plugins, the window.
//!
//! Order matters for the first picture: the core's thread starts before Tauri, nothing here waits for it. Deliberately absent: the
//! keyring, which is not asked before the person sees something.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use gatehouse_core::clock::SystemClock;
use gatehouse_core::documentation::KlarnaPage;
use gatehouse_core::network::Desktop;
use gatehouse_core::{KeysChoice, Problem, Surroundings, data_dir, fill_random, passphrase_from};
use tauri::{AppHandle, Builder, Manager, RunEvent, Wry};
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder};
use tauri_plugin_window_state::StateFlags;

use crate::desktop::{Hands, Wanted};
use crate::hold;
use crate::loading::Core;
use crate::sandbox::Simulated;
use crate::shell::Shell;
use crate::{Parts, builder, clipboard, context, instance, notify, reveal, set_up, shown, window};

/// Program and version, as they stand in the audit log.
const APP: &str = concat!("gatehouse-desktop ", env!("CARGO_PKG_VERSION"));

/// How long the exit waits for the entry that says so.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// How the window is to be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// The data directory.
    pub data_dir: PathBuf,
    /// Whether it was named, rather than being this user's own.
    pub named: bool,
    /// Where the passphrase of a sealed key file stands, if this directory keeps its secrets in one.
    pub passphrase_file: Option<PathBuf>,
    /// Set the sandbox up at once when there is no profile yet.
    pub try_sandbox: bool,
}

/// Shows the window and returns when it is closed.
///
/// # Errors
/// `database_busy` when a window of this data directory is open already; what kept the window from opening.
pub fn run(start: &Start) -> Result<(), Problem> {
    let lock = instance::take(&start.data_dir)?;
    if lock.is_none() && start.named {
        return Err(instance::taken(&start.data_dir));
    }
    // Without the lock only the plugin below is of use: it brings the running window to the front and ends this process.
    let core = match &lock {
        Some(_) => open_core(start)?,
        None => Core::failed(instance::taken(&start.data_dir)),
    };
    let parts = Parts {
        core,
        data_dir: start.data_dir.clone(),
        hands: hands(),
        hold: hold::HOLD,
    };
    let (wants_sandbox, alone) = (start.try_sandbox, !start.named);
    let builder = builder(plugins(start)).setup(move |app| {
        set_up(app.handle(), parts)?;
        if wants_sandbox {
            try_sandbox(app.handle());
        }
        Ok(())
    });
    let app = builder.build(context()).map_err(|cause| no_window(&cause))?;
    app.run(move |app, event| {
        if matches!(event, RunEvent::Exit) {
            // A start from now on is one of its own: it must not be sent to a window that is gone.
            if let Some(lock) = &lock {
                lock.closing();
            }
            if alone {
                tauri_plugin_single_instance::destroy(app);
            }
            app.state::<Shell>().ended(LAST_WORDS);
        }
    });
    Ok(())
}

fn plugins(start: &Start) -> Builder<Wry> {
    let builder = Builder::default();
    // First, so that a second start ends before it does anything; by app and user, so not for a directory that was named.
    let builder = if start.named {
        builder
    } else {
        builder.plugin(tauri_plugin_single_instance::init(|app, _, _| {
            window::show(app);
        }))
    };
    let kept = StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED;
    builder
        .plugin(tauri_plugin_window_state::Builder::new().with_state_flags(kept).build())
        .plugin(tauri_plugin_dialog::init())
}

fn open_core(start: &Start) -> Result<Core, Problem> {
    let (own, passphrase_file) = (start.data_dir.clone(), start.passphrase_file.clone());
    Core::open_on_a_thread(&start.data_dir, move || surroundings(own, passphrase_file.as_deref()))
}

fn surroundings(dir: PathBuf, passphrase_file: Option<&Path>) -> Result<Surroundings, Problem> {
    data_dir::prepare(&dir)?;
    let passphrase = passphrase_file.map(passphrase_from).transpose()?;
    Ok(Surroundings {
        clock: Arc::new(SystemClock::new()),
        fill: fill_random,
        keys: KeysChoice::ByDataDir {
            passphrase,
            keyring: None,
        },
        sandbox: Arc::new(Simulated),
        screen: true,
        desktop: desktop(),
        app: APP.to_owned(),
        os: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        device_id: data_dir::device_id(&dir),
        replica: None,
        data_dir: dir,
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "a program's start is where the environment comes in"
)]
fn desktop() -> Desktop {
    Desktop::new(|name| std::env::var(name).ok())
}

fn hands() -> Hands<Wry> {
    Hands {
        choose_file: Box::new(choose_file),
        save_file: Box::new(save_file),
        copy: Box::new(clipboard::lend),
        notify: Box::new(notify::tell),
        show_page: Box::new(KlarnaPage::show),
        reveal: Box::new(reveal::show),
    }
}

fn choose_file(app: &AppHandle<Wry>, wanted: Wanted) -> Option<PathBuf> {
    let (title, kind, endings): (_, _, &[&str]) = match wanted {
        Wanted::Merchants => ("Import merchants", "Merchant lists", &["csv", "tsv", "json", "txt"]),
        Wanted::Tokens => ("Import customer tokens", "Tables of tokens", &["csv", "tsv", "txt"]),
        Wanted::Leavers => (
            "Open a list of people who left",
            "Lists of addresses",
            &["txt", "csv", "tsv"],
        ),
        Wanted::Key => (
            "Import a private key",
            "Keys",
            &["pem", "key", "p8", "der", "p12", "pfx"],
        ),
        Wanted::Certificate => ("Open a certificate", "Certificates", &["pem", "crt", "cer", "der"]),
        Wanted::Profile => ("Import a profile", "Profile files", &["json"]),
        Wanted::Plan => (
            "Open a table, a plan or an approval",
            "Tables and plans",
            &["csv", "tsv", "txt", "plan", "json"],
        ),
        Wanted::Grants => ("Declare grants made elsewhere", "Tables", &["csv", "tsv", "txt"]),
        Wanted::Bridge => ("Open a login bridge's configuration", "Configurations", &["toml"]),
        Wanted::Review => ("Open a review's file", "Review files", &["jsonl"]),
        Wanted::WitnessFile => (
            "Open a question to a witness, or an answer",
            "Questions and answers",
            &["witness-question", "witness-answer", "txt"],
        ),
        Wanted::Module => ("Choose a PKCS#11 module", "Libraries", &["so", "dylib", "dll"]),
    };
    let dialog = titled(app, title)
        .add_filter(kind, endings)
        .add_filter("All files", &["*"]);
    dialog.blocking_pick_file().and_then(|file| file.into_path().ok())
}

fn save_file(app: &AppHandle<Wry>, name: &str) -> Option<PathBuf> {
    let chosen = titled(app, "Save").set_file_name(name).blocking_save_file();
    chosen.and_then(|file| file.into_path().ok())
}

fn titled(app: &AppHandle<Wry>, title: &str) -> FileDialogBuilder<Wry> {
    let dialog = app.dialog().file().set_title(title);
    match app.get_webview_window(window::LABEL) {
        Some(window) => dialog.set_parent(&window),
        None => dialog,
    }
}

fn try_sandbox(app: &AppHandle<Wry>) {
    let shell = app.state::<Shell>().inner().clone();
    tauri::async_runtime::spawn(async move {
        if let Err(error) = shell.run(shown::profile::make_sandbox_if_new).await {
            tracing::warn!(code = error.code.0.as_str(), "the sandbox could not be set up");
        }
    });
}

fn no_window(cause: &tauri::Error) -> Problem {
    Problem::new(
        gatehouse_core::ErrorCode::Internal,
        "The window cannot be opened.",
        "A graphical session is needed; on a machine without one use the command line, gatehouse.",
    )
    .because(cause)
}
