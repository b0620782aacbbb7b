//! The state behind the commands: the core, and the few things that only the desktop can do.
//!
//! It is not generic over Tauri's runtime, so that commands stay plain functions; the parts that need the app's handle are closures made
//! in [`Desktop::of`]. Deliberately absent: any decision; the core decides.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gatehouse_core::{Change, ErrorCode, Gatehouse, Problem};
use tauri::{AppHandle, Runtime};
use tauri_specta::Event;

use crate::error::Answer;
use crate::events::{ActProgress, Changed, ProgressStep, Topic};
use crate::loading::Core;
use crate::shown::events::Heard;
use crate::shown;
use crate::views::app::ThemeView;
use crate::window;

/// What the outside gives the shell; tests give something else than a person's desktop.
pub struct Hands<R: Runtime> {
    /// Lets the person choose a merchants file; blocks; `None` when nothing was chosen.
    pub choose_file: Box<dyn Fn(&AppHandle<R>) -> Option<PathBuf> + Send + Sync>,
    /// Puts a portal link on the clipboard for a minute.
    pub copy: Box<dyn Fn(&str) -> Result<(), Problem> + Send + Sync>,
}

/// The app's handle and the hands, with the runtime's type erased.
pub struct Desktop {
    progress: Box<dyn Fn(ActProgress) + Send + Sync>,
    changed: Box<dyn Fn(Changed) + Send + Sync>,
    choose_file: Box<dyn Fn() -> Option<PathBuf> + Send + Sync>,
    copy: Box<dyn Fn(&str) -> Result<(), Problem> + Send + Sync>,
    appearance: Box<dyn Fn(ThemeView) + Send + Sync>,
    title: Box<dyn Fn(Option<&str>) + Send + Sync>,
}

impl Desktop {
    /// Ties the closures to an app.
    pub fn of<R: Runtime>(app: &AppHandle<R>, hands: Hands<R>) -> Self {
        let [progress, changed, chooser, appearance, title] = std::array::from_fn(|_| app.clone());
        Self {
            progress: Box::new(move |event| note_failure(event.emit(&progress))),
            changed: Box::new(move |event| note_failure(event.emit(&changed))),
            choose_file: Box::new(move || (hands.choose_file)(&chooser)),
            copy: hands.copy,
            appearance: Box::new(move |choice| window::set_appearance(&appearance, choice)),
            title: Box::new(move |word| window::set_title(&title, word)),
        }
    }
}

/// What every command gets.
#[derive(Clone)]
pub struct Shell {
    core: Core,
    desktop: Arc<Desktop>,
    data_dir: Arc<Path>,
}

impl Shell {
    /// Puts the state together.
    pub fn new(core: Core, desktop: Desktop, data_dir: &Path) -> Self {
        Self { core, desktop: Arc::new(desktop), data_dir: data_dir.into() }
    }

    /// Runs `work` on a thread that may block, once the core is open; a panic becomes `internal`.
    ///
    /// # Errors
    /// What kept the core from opening, or what `work` answers.
    pub async fn run<T, F>(&self, work: F) -> Answer<T>
    where
        T: Send + 'static,
        F: FnOnce(&Gatehouse, &Self) -> Result<T, Problem> + Send + 'static,
    {
        let shell = self.clone();
        let done = tauri::async_runtime::spawn_blocking(move || work(shell.core.wait()?, &shell)).await;
        let answer = done.unwrap_or_else(|cause| Err(defect(&cause)));
        answer.map_err(Into::into)
    }

    /// Listens to the core's changes and shows the first title and appearance, once the core is open; blocks until then.
    pub fn attach(&self) {
        let Ok(core) = self.core.wait() else { return };
        let shell = self.clone();
        core.set_listener(Box::new(move |change| shell.heard(change)));
        self.show_title(core);
        (self.desktop.appearance)(shown::settings::theme(core).unwrap_or_default());
    }

    /// The data directory.
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// Tells the window of a step.
    pub fn progress(&self, event: ActProgress) {
        (self.desktop.progress)(event);
    }

    /// Tells the window of a step of a set-up.
    pub fn setup_step(&self, text: &str) {
        let (act_id, merchant_id) = (String::new(), None);
        self.progress(ActProgress { act_id, merchant_id, step: ProgressStep::Setup, text: text.to_owned(), ms: 0 });
    }

    /// Lets the person choose a merchants file; blocks.
    pub fn choose_file(&self) -> Option<PathBuf> {
        (self.desktop.choose_file)()
    }

    /// Puts a portal link on the clipboard for a minute.
    ///
    /// # Errors
    /// `clipboard_failed`.
    pub fn copy(&self, link: &str) -> Result<(), Problem> {
        (self.desktop.copy)(link)
    }

    /// Gives the window the chosen appearance.
    pub fn set_appearance(&self, choice: ThemeView) {
        (self.desktop.appearance)(choice);
    }

    fn heard(&self, change: Change) {
        let topic = match shown::events::heard(change) {
            Heard::Step(step) => return self.progress(step),
            Heard::Topic(topic) => topic,
        };
        if topic == Topic::Profile
            && let Ok(core) = self.core.wait()
        {
            self.show_title(core);
        }
        (self.desktop.changed)(Changed { topics: vec![topic] });
    }

    fn show_title(&self, core: &Gatehouse) {
        let active = core.active().ok().flatten();
        (self.desktop.title)(active.map(|profile| profile.environment.word()));
    }
}

fn note_failure(sent: tauri::Result<()>) {
    if let Err(cause) = sent {
        tracing::warn!(%cause, "the window did not take an event");
    }
}

fn defect(cause: &tauri::Error) -> Problem {
    Problem::new(
        ErrorCode::Internal,
        "The app failed in the middle of this.",
        "Try again; if it happens again, start the app anew and run the check-up.",
    )
    .because(cause)
}
