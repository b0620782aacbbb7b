//! The core, opened on a thread of its own while the window comes up.
//!
//! The thread starts before Tauri does, opens the databases and gets the first answers ready for the page; commands wait for it. The
//! merchants are loaded into memory after the first picture: on two cores the load and the web engine's start are in each other's way. The
//! keyring is not touched. Deliberately absent: a retry; what kept the core from opening stays true until the app is started again.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use gatehouse_core::{ErrorCode, Gatehouse, Problem, Surroundings};

use crate::first_answers::{self, FirstAnswers};

/// What opening the core came to.
type Opened = Result<Arc<Gatehouse>, Problem>;

/// How long the page, once it is loaded, gets for its first picture before the merchants are read into memory.
const FIRST_PICTURE: Duration = Duration::from_millis(100);

/// A core that is there or on its way.
#[derive(Clone)]
pub struct Core {
    opened: Arc<OnceLock<Opened>>,
    first: Arc<FirstAnswers>,
}

impl Core {
    /// Starts to open the core of `data_dir`; `surroundings` runs on the new thread.
    ///
    /// # Errors
    /// `internal` when the system gives no thread.
    pub fn open_on_a_thread<F>(data_dir: &Path, surroundings: F) -> Result<Self, Problem>
    where
        F: FnOnce() -> Result<Surroundings, Problem> + Send + 'static,
    {
        let core = Self {
            opened: Arc::default(),
            first: Arc::default(),
        };
        let (filled, data_dir) = (core.clone(), data_dir.to_path_buf());
        thread::Builder::new()
            .name("core".into())
            .spawn(move || filled.fill(surroundings, &data_dir))
            .map_err(|cause| internal("The system gave the app no thread.").because(&cause))?;
        Ok(core)
    }

    /// Takes a core that is open already.
    pub fn opened(gatehouse: Arc<Gatehouse>) -> Self {
        Self::settled(Ok(gatehouse))
    }

    /// Takes a core that cannot be opened.
    pub fn failed(problem: Problem) -> Self {
        Self::settled(Err(problem))
    }

    fn settled(opened: Opened) -> Self {
        let first = FirstAnswers::default();
        first.fill(None);
        Self {
            opened: Arc::new(OnceLock::from(opened)),
            first: Arc::new(first),
        }
    }

    /// Waits until the core is open; call from a thread that may block.
    ///
    /// # Errors
    /// What kept the core from opening.
    pub fn wait(&self) -> Result<&Arc<Gatehouse>, Problem> {
        self.opened.wait().as_ref().map_err(Clone::clone)
    }

    /// The first answers for the page; see [`first_answers`].
    pub fn first_answers(&self) -> &Arc<FirstAnswers> {
        &self.first
    }

    /// Loads the merchants and the grants of the profile in use once the page's first picture is drawn; a search that comes sooner loads
    /// them itself.
    pub fn load_merchants_soon(&self) {
        let core = self.clone();
        let load = move || {
            thread::sleep(FIRST_PICTURE);
            let loaded = core.wait().and_then(|core| match core.active()? {
                Some(profile) => {
                    core.directory(&profile)?;
                    core.load_inventory(&profile)
                }
                None => Ok(()),
            });
            if let Err(problem) = loaded {
                tracing::warn!(code = problem.code.as_str(), "the merchants were not loaded ahead");
            }
        };
        if let Err(cause) = thread::Builder::new().name("merchants".into()).spawn(load) {
            tracing::warn!(%cause, "the system gave no thread to load the merchants ahead");
        }
    }

    fn fill<F>(&self, surroundings: F, data_dir: &Path)
    where
        F: FnOnce() -> Result<Surroundings, Problem>,
    {
        // A panic must not leave the commands waiting for ever.
        let open = AssertUnwindSafe(|| surroundings().and_then(Gatehouse::open).map(Arc::new));
        let failed = || Err(internal("The core failed while it was opened."));
        let opened = catch_unwind(open).unwrap_or_else(|_| failed());
        let opened = self.opened.get_or_init(|| opened);
        let core = opened.as_ref().ok();
        self.first
            .fill(core.and_then(|core| first_answers::ask(core, data_dir)));
    }
}

fn internal(message: &str) -> Problem {
    Problem::new(
        ErrorCode::Internal,
        message,
        "Start the app again; if it happens again, run the check-up.",
    )
}
