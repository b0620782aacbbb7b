//! The core, opened on a thread of its own while the window comes up.
//!
//! The thread starts before Tauri does, opens the databases, and loads the active profile's merchants; commands wait for it. The
//! keyring is not touched. Deliberately absent: a retry; what kept the core from opening stays true until the app is started again.

use std::sync::{Arc, OnceLock};
use std::thread;

use gatehouse_core::{ErrorCode, Gatehouse, Problem, Surroundings};

/// A core that is there or on its way.
#[derive(Clone)]
pub struct Core(Arc<OnceLock<Result<Arc<Gatehouse>, Problem>>>);

impl Core {
    /// Starts to open the core; `surroundings` runs on the new thread.
    ///
    /// # Errors
    /// `internal` when the system gives no thread.
    pub fn open_on_a_thread<F>(surroundings: F) -> Result<Self, Problem>
    where
        F: FnOnce() -> Result<Surroundings, Problem> + Send + 'static,
    {
        let slot = Arc::new(OnceLock::new());
        let filled = Arc::clone(&slot);
        thread::Builder::new()
            .name("core".into())
            .spawn(move || fill(&filled, surroundings))
            .map_err(|cause| internal("The system gave the app no thread.").because(&cause))?;
        Ok(Self(slot))
    }

    /// Takes a core that is open already.
    pub fn opened(gatehouse: Arc<Gatehouse>) -> Self {
        Self(Arc::new(OnceLock::from(Ok(gatehouse))))
    }

    /// Takes a core that cannot be opened.
    pub fn failed(problem: Problem) -> Self {
        Self(Arc::new(OnceLock::from(Err(problem))))
    }

    /// Waits until the core is open; call from a thread that may block.
    ///
    /// # Errors
    /// What kept the core from opening.
    pub fn wait(&self) -> Result<&Arc<Gatehouse>, Problem> {
        self.0.wait().as_ref().map_err(Clone::clone)
    }
}

fn fill<F>(slot: &OnceLock<Result<Arc<Gatehouse>, Problem>>, surroundings: F)
where
    F: FnOnce() -> Result<Surroundings, Problem>,
{
    // A panic must not leave the commands waiting for ever.
    let opened = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        surroundings().and_then(Gatehouse::open)
    }));
    let opened = opened.unwrap_or_else(|_| Err(internal("The core failed while it was opened.")));
    let opened = slot.get_or_init(|| opened.map(Arc::new));
    if let Ok(core) = opened
        && let Err(problem) = load_merchants(core)
    {
        tracing::warn!(
            code = problem.code.as_str(),
            "the merchants are not loaded yet"
        );
    }
}

fn load_merchants(core: &Gatehouse) -> Result<(), Problem> {
    core.active()?
        .map_or(Ok(()), |profile| core.directory(&profile).map(drop))
}

fn internal(message: &str) -> Problem {
    Problem::new(
        ErrorCode::Internal,
        message,
        "Start the app again; if it happens again, run the check-up.",
    )
}
