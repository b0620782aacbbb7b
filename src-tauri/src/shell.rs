//! The state behind the commands: the core, and the desktop it is shown on.
//!
//! Work runs on threads that may block, once the core is open; the core's changes become events. Deliberately absent: any decision; the
//! core decides.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use gatehouse_core::app_lock::Cause;
use gatehouse_core::login_bridge::Draft;
use gatehouse_core::{Change, ErrorCode, Gatehouse, Problem};

use crate::desktop::Desktop;
use crate::error::Answer;
use crate::events::{ActProgress, Changed, ProgressStep, Topic};
use crate::hold::{self, Holds};
use crate::jobs::Jobs;
use crate::loading::Core;
use crate::lock_watch;
use crate::log_watch::LogWatch;
use crate::looks::{Look, Looks};
use crate::runs::Runs;
use crate::shown::access_change::HeldAct;
use crate::shown::events::{Heard, heard};
use crate::shown::settings;
use crate::views::app::ThemeView;
use crate::works::Works;

/// What one command was given or made and a second one goes on with: the window neither learns a path nor hands back what it showed.
#[derive(Default)]
pub struct Chosen {
    /// A sealed key file that waits for its passphrase.
    pub key_file: Option<PathBuf>,
    /// A profile file's bytes that wait for the person's word.
    pub profile_file: Option<Vec<u8>>,
    /// A doctor's bundle that was shown: what is saved is what was seen.
    pub bundle: Option<String>,
    /// The persons of the list of leavers that was read last, and the profile it was read in.
    pub leavers: Option<(String, Arc<HashSet<String>>)>,
    /// The file that was exported last.
    pub exported: Option<PathBuf>,
    /// A login bridge's files with what was changed in the window and not saved yet.
    pub bridge: Option<BridgeDraft>,
    /// What is to be handed to Klarna, as it was shown: what is saved is what was seen.
    pub hand_over: Option<String>,
    /// A colleague's question that waits for consent to its key, and that key's fingerprint.
    pub question: Option<(String, String)>,
}

/// A login bridge's files, opened in a profile.
pub struct BridgeDraft {
    /// The profile.
    pub profile: String,
    /// The files, with what was changed.
    pub draft: Draft,
}

/// What every command gets.
#[derive(Clone)]
pub struct Shell {
    core: Core,
    desktop: Arc<dyn Desktop>,
    data_dir: Arc<Path>,
    chosen: Arc<Mutex<Chosen>>,
    runs: Runs,
    works: Works,
    jobs: Jobs,
    looks: Looks,
    watch: LogWatch,
    holds: Arc<Holds<HeldAct>>,
}

impl Shell {
    /// Puts the state together; what the window confirms is held for `hold`.
    pub fn new(core: Core, desktop: Arc<dyn Desktop>, data_dir: &Path, hold: Duration) -> Self {
        Self {
            core,
            desktop,
            data_dir: data_dir.into(),
            chosen: Arc::default(),
            runs: Runs::default(),
            works: Works::default(),
            jobs: Jobs::default(),
            looks: Looks::default(),
            watch: LogWatch::default(),
            holds: Arc::new(Holds::new(hold)),
        }
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
        let work = move || work(shell.core.wait()?, &shell);
        let done = tauri::async_runtime::spawn_blocking(work).await;
        let answer = done.unwrap_or_else(|cause| Err(defect(&cause)));
        answer.map_err(Into::into)
    }

    /// Listens to the core's changes and shows the first title and appearance, once the core is open; blocks until then.
    pub fn attach(&self) {
        let Ok(core) = self.core.wait() else { return };
        let shell = self.clone();
        core.set_listener(Box::new(move |change| shell.heard(change)));
        self.show_title(core);
        match settings::theme(core).unwrap_or_default() {
            // The window was made like this; GTK reads its whole style again when told, just while the page loads.
            ThemeView::System => {}
            chosen @ (ThemeView::Light | ThemeView::Dark) => self.desktop.set_appearance(chosen),
        }
        lock_watch::begin(Arc::clone(core), Arc::clone(&self.holds));
    }

    /// What is held back for a moment.
    pub fn holds(&self) -> &Arc<Holds<HeldAct>> {
        &self.holds
    }

    /// Does `work` with the core on this thread, which may block.
    ///
    /// # Errors
    /// What kept the core from opening, or what `work` answers.
    pub fn with_core<T>(&self, work: impl FnOnce(&Gatehouse) -> Result<T, Problem>) -> Result<T, Problem> {
        work(self.core.wait()?)
    }

    /// Tells the window what to read again.
    pub fn tell(&self, topic: Topic) {
        self.changed(topic);
    }

    /// Locks the app; what was confirmed before is done before, neither lost nor done behind the lock.
    pub fn lock_now(&self, core: &Gatehouse, cause: Cause) {
        if !self.holds.carry_out(hold::HOLD) {
            tracing::warn!("the app locks while an act that was confirmed before is still under way");
        }
        core.lock_now(cause);
    }

    /// Records in the background that the app runs, and has the log verified; the window has painted, so the keyring may be asked.
    pub fn painted(&self) {
        let shell = self.clone();
        tauri::async_runtime::spawn_blocking(move || {
            if let Ok(core) = shell.core.wait() {
                core.note_start();
                shell.watch.begin(core, shell.works.verify.clone());
            }
        });
    }

    /// Does what is held, and records that the app ends; a keyring that does not answer within `patience` does not hold the exit back.
    pub fn ended(&self, patience: Duration) {
        if !self.holds.carry_out(hold::HOLD) {
            tracing::warn!("the app ends while an act is under way; the next start settles it");
        }
        let (shell, (done, waited)) = (self.clone(), mpsc::channel());
        let work = move || {
            if let Ok(core) = shell.core.wait() {
                if let Some(look) = shell.looks.take() {
                    record(core, &look);
                }
                core.note_stop();
            }
            let _ = done.send(());
        };
        let begun = thread::Builder::new().name("end".into()).spawn(work);
        if begun.is_err() || waited.recv_timeout(patience).is_err() {
            tracing::warn!("the app's stop is not in the log: it could not be written in time");
        }
    }

    /// The data directory.
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// Files that wait for a second command.
    pub fn chosen(&self) -> MutexGuard<'_, Chosen> {
        self.chosen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The plans that this window carries out.
    pub fn runs(&self) -> &Runs {
        &self.runs
    }

    /// Notes that a question to the log was answered; it is recorded once it has rested.
    pub fn looked(&self, look: Look) {
        let shell = self.clone();
        self.looks.note(look, move |look| {
            if let Ok(core) = shell.core.wait() {
                record(core, &look);
            }
        });
    }

    /// The long works on the log that this window has under way.
    pub fn works(&self) -> &Works {
        &self.works
    }

    /// What runs long with customer tokens in this window.
    pub fn jobs(&self) -> &Jobs {
        &self.jobs
    }

    /// The core, once it is open; blocks until then.
    ///
    /// # Errors
    /// What kept it from opening.
    pub fn opened(&self) -> Result<&Gatehouse, Problem> {
        self.core.wait().map(|core| &**core)
    }

    /// The desktop.
    pub fn desktop(&self) -> &dyn Desktop {
        self.desktop.as_ref()
    }

    /// Tells the window of a step of a set-up.
    pub fn setup_step(&self, text: &str) {
        self.desktop.progress(ActProgress {
            act_id: String::new(),
            merchant_id: None,
            step: ProgressStep::Setup,
            text: text.to_owned(),
            ms: 0,
        });
    }

    fn heard(&self, change: Change) {
        if matches!(change, Change::Audit | Change::Lock | Change::Settings) {
            self.watch.may_look();
        }
        match heard(change) {
            Heard::Step(step) => self.desktop.progress(step),
            Heard::Topic(topic) => self.changed(topic),
        }
    }

    fn changed(&self, topic: Topic) {
        if topic == Topic::Profile
            && let Ok(core) = self.core.wait()
        {
            self.show_title(core);
        }
        let topics = vec![topic];
        self.desktop.changed(Changed { topics });
    }

    fn show_title(&self, core: &Gatehouse) {
        let active = core.active().ok().flatten();
        let word = active.map(|profile| profile.environment.word());
        self.desktop.set_title(word);
    }
}

fn record(core: &Gatehouse, look: &Look) {
    if let Err(problem) = core.audit_viewed(&look.query, look.rows) {
        tracing::warn!(code = problem.code.as_str(), "a look at the audit log is not recorded");
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

#[cfg(test)]
mod tests;
