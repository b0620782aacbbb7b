//! The desktop, as the shell uses it: events to the window, its title and appearance, a file dialog, the clipboard, Klarna's pages.
//!
//! Behind a trait without type parameters, so that commands are plain functions whatever runtime Tauri has. Deliberately absent: reading
//! the clipboard, and opening an address; the core starts browsers, and knows the pages by name.

use std::path::{Path, PathBuf};

use gatehouse_core::Problem;
use gatehouse_core::documentation::KlarnaPage;
use tauri::{AppHandle, Runtime};
use tauri_specta::Event;

use crate::events::{ActProgress, Changed};
use crate::views::app::ThemeView;
use crate::window;

/// What a file is wanted for: its dialog is titled and filtered accordingly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// A list of merchants.
    Merchants,
    /// A table of customer tokens.
    Tokens,
    /// A list of people who left.
    Leavers,
    /// A private key.
    Key,
    /// A certificate or a certificate authority.
    Certificate,
    /// A profile file.
    Profile,
    /// The library of a PKCS#11 module.
    Module,
    /// A table of grants and revocations, a plan, or an approval.
    Plan,
    /// A table of grants that were made elsewhere.
    Grants,
    /// The configuration of a login bridge.
    Bridge,
    /// A colleague's review, or what a colleague decided.
    Review,
    /// A question to a witness, or a witness's answer.
    WitnessFile,
}

/// Lets the person choose a file; blocks; `None` when nothing was chosen.
pub type ChooseFile<R> = Box<dyn Fn(&AppHandle<R>, Wanted) -> Option<PathBuf> + Send + Sync>;
/// Lets the person say where a file of this name is to be kept; blocks; `None` when they did not.
pub type SaveFile<R> = Box<dyn Fn(&AppHandle<R>, &str) -> Option<PathBuf> + Send + Sync>;
/// Puts a portal link on the clipboard for a minute.
pub type Copy = Box<dyn Fn(&str) -> Result<(), Problem> + Send + Sync>;

/// Shows one of Klarna's documentation pages in the system's browser.
pub type ShowPage = Box<dyn Fn(KlarnaPage) -> Result<(), Problem> + Send + Sync>;

/// Shows a file in the system's own file browser.
pub type Reveal = Box<dyn Fn(&Path) -> Result<(), Problem> + Send + Sync>;

/// Has the system show a notice: a title and a sentence.
pub type Notify = Box<dyn Fn(&str, &str) + Send + Sync>;

/// What a person's desktop does and a test's does differently.
pub struct Hands<R: Runtime> {
    /// The file dialog.
    pub choose_file: ChooseFile<R>,
    /// The dialog for a file to be written.
    pub save_file: SaveFile<R>,
    /// The clipboard.
    pub copy: Copy,
    /// The system's own notices.
    pub notify: Notify,
    /// The browser, for Klarna's pages.
    pub show_page: ShowPage,
    /// The file browser.
    pub reveal: Reveal,
}

/// What the shell needs of the desktop.
pub trait Desktop: Send + Sync {
    /// Tells the window of a step.
    fn progress(&self, event: ActProgress);
    /// Tells the window what to read again.
    fn changed(&self, event: Changed);
    /// Gives the window the chosen appearance.
    fn set_appearance(&self, choice: ThemeView);
    /// Titles the window with the environment's word.
    fn set_title(&self, environment: Option<&str>);
    /// Lets the person choose a file; blocks.
    fn choose_file(&self, wanted: Wanted) -> Option<PathBuf>;
    /// Lets the person say where a file is to be kept; blocks.
    fn save_file(&self, name: &str) -> Option<PathBuf>;
    /// Puts a portal link on the clipboard for a minute.
    ///
    /// # Errors
    /// `clipboard_failed`.
    fn copy(&self, link: &str) -> Result<(), Problem>;
    /// Has the system tell something, unless the window is looked at.
    fn notify(&self, title: &str, text: &str);
    /// Shows one of Klarna's documentation pages.
    ///
    /// # Errors
    /// `browser_failed`.
    fn show_page(&self, page: KlarnaPage) -> Result<(), Problem>;
    /// Shows a file that was written where a person said, in its folder.
    ///
    /// # Errors
    /// `browser_failed`.
    fn reveal(&self, path: &Path) -> Result<(), Problem>;
}

/// The desktop of a Tauri app.
pub struct OfApp<R: Runtime> {
    app: AppHandle<R>,
    hands: Hands<R>,
}

impl<R: Runtime> OfApp<R> {
    /// The desktop of `app`, with its hands.
    pub fn new(app: &AppHandle<R>, hands: Hands<R>) -> Self {
        Self {
            app: app.clone(),
            hands,
        }
    }
}

impl<R: Runtime> Desktop for OfApp<R> {
    fn progress(&self, event: ActProgress) {
        note_failure(event.emit(&self.app));
    }

    fn changed(&self, event: Changed) {
        note_failure(event.emit(&self.app));
    }

    fn set_appearance(&self, choice: ThemeView) {
        window::set_appearance(&self.app, choice);
    }

    fn set_title(&self, environment: Option<&str>) {
        window::set_title(&self.app, environment);
    }

    fn choose_file(&self, wanted: Wanted) -> Option<PathBuf> {
        (self.hands.choose_file)(&self.app, wanted)
    }

    fn save_file(&self, name: &str) -> Option<PathBuf> {
        (self.hands.save_file)(&self.app, name)
    }

    fn copy(&self, link: &str) -> Result<(), Problem> {
        (self.hands.copy)(link)
    }

    fn notify(&self, title: &str, text: &str) {
        if !window::has_focus(&self.app) {
            (self.hands.notify)(title, text);
        }
    }

    fn show_page(&self, page: KlarnaPage) -> Result<(), Problem> {
        (self.hands.show_page)(page)
    }

    fn reveal(&self, path: &Path) -> Result<(), Problem> {
        (self.hands.reveal)(path)
    }
}

fn note_failure(sent: tauri::Result<()>) {
    if let Err(cause) = sent {
        tracing::warn!(%cause, "the window did not take an event");
    }
}
