//! What runs long with customer tokens in this window: how far it is, the hand on it, and what came of it.
//!
//! A job goes on while the person looks elsewhere; its result is kept in Rust until the next one or until it is put away, because it may be
//! as long as the table it is about. Deliberately absent: anything that outlives the process; the core keeps what was done.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use gatehouse_core::key_store::SecretBytes;
use gatehouse_core::profile::Profile;
use gatehouse_core::tokens::{
    Proof, ProofStep, ReconcileProgress, Reconciled, ScenarioOutcome, Scenarios, TableControl, TableProgress,
    TokenImport, TokenImportPlan,
};
use gatehouse_core::{ErrorCode, Problem};

/// The window is told this often at most how far a job is.
const PACE: Duration = Duration::from_millis(150);

/// A table of tokens that the person chose, dropped or pasted; wiped when it is dropped.
#[derive(Clone)]
pub struct TokenTable {
    /// The file's name.
    pub file: String,
    /// What is in it; it may hold tokens.
    pub bytes: Arc<SecretBytes>,
}

/// A comparison: the table's name, and what was found.
pub struct Compared {
    /// The file's name.
    pub file: String,
    /// When it ended.
    pub at_ms: i64,
    /// What was found.
    pub found: Reconciled,
}

/// What an import would do with a table.
pub struct Planned {
    /// The table it is about.
    pub table: TokenTable,
    /// What would become of its rows.
    pub plan: TokenImportPlan,
}

/// What an import did.
pub struct Imported {
    /// The file's name.
    pub file: String,
    /// What became of its rows.
    pub done: TokenImport,
}

/// How far a proof is.
#[derive(Clone, Default)]
pub struct ProofFar {
    /// The steps that ended.
    pub steps: Vec<ProofStep>,
    /// The request that the customer has to answer now.
    pub consent: Option<String>,
}

/// The jobs, and the table that the next one is about.
#[derive(Clone, Default)]
pub struct Jobs {
    /// The table that waits.
    pub table: Arc<Mutex<Option<TokenTable>>>,
    /// The file that was dropped on the window last.
    pub dropped: Arc<Mutex<Option<PathBuf>>>,
    /// Comparing: the table's name, and how far it is.
    pub reconcile: Job<(String, ReconcileProgress), Compared>,
    /// Looking a table over before it is taken in.
    pub plan: Job<(String, TableProgress), Planned>,
    /// Taking a table in.
    pub import: Job<(String, TableProgress), Imported>,
    /// Proving an integration.
    pub proof: Job<ProofFar, Proof>,
    /// Running the scripted scenarios: those that have ended.
    pub scenarios: Job<Vec<ScenarioOutcome>, Scenarios>,
}

/// Where a job stands.
pub enum Stands<P, R> {
    /// Nothing was begun.
    Idle,
    /// Under way, and the hand on it.
    Running(P, Arc<TableControl>),
    /// It came to its end.
    Ended(Arc<R>),
    /// It could not.
    Failed(Problem),
}

/// One job, begun once at a time.
pub struct Job<P, R>(Arc<Mutex<Inner<P, R>>>);

struct Inner<P, R> {
    running: Option<Running<P>>,
    last: Option<(String, Result<Arc<R>, Problem>)>,
}

struct Running<P> {
    profile: String,
    far: P,
    hand: Arc<TableControl>,
    told: Option<Instant>,
}

impl<P, R> Clone for Job<P, R> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<P, R> Default for Job<P, R> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Inner {
            running: None,
            last: None,
        })))
    }
}

impl<P: Clone + Send + 'static, R: Send + Sync + 'static> Job<P, R> {
    /// Begins it on a thread of its own and forgets the last one; `over` is called once it has ended.
    ///
    /// # Errors
    /// `input_invalid` while one is under way; `internal` when the system gives no thread.
    pub fn begin(
        &self,
        profile: &Profile,
        far: P,
        work: impl FnOnce(&TableControl) -> Result<R, Problem> + Send + 'static,
        over: impl FnOnce() + Send + 'static,
    ) -> Result<(), Problem> {
        let hand = Arc::new(TableControl::default());
        {
            let mut inner = self.lock();
            if inner.running.is_some() {
                return Err(under_way());
            }
            inner.last = None;
            inner.running = Some(Running {
                profile: profile.id.to_string(),
                far,
                hand: Arc::clone(&hand),
                told: None,
            });
        }
        let begun = Begun(self.clone());
        let run = move || {
            let end = work(&hand);
            begun.0.end(end);
            drop(begun);
            over();
        };
        // Without a thread the closure is dropped, and `Begun` with it.
        thread::Builder::new()
            .name("tokens".into())
            .spawn(run)
            .map_or_else(|cause| Err(failed().because(&cause)), |_| Ok(()))
    }

    /// Notes how far it is; whether the window is to be told.
    pub fn note(&self, far: P) -> bool {
        let mut inner = self.lock();
        let Some(running) = &mut inner.running else {
            return false;
        };
        running.far = far;
        let due = running.told.is_none_or(|told| told.elapsed() >= PACE);
        if due {
            running.told = Some(Instant::now());
        }
        due
    }

    /// The hand on what is under way for this profile.
    pub fn hand(&self, profile: &Profile) -> Option<Arc<TableControl>> {
        let inner = self.lock();
        let running = inner.running.as_ref()?;
        (running.profile == profile.id.to_string()).then(|| Arc::clone(&running.hand))
    }

    /// Where this profile's stands.
    pub fn stands(&self, profile: &Profile) -> Stands<P, R> {
        let (inner, id) = (self.lock(), profile.id.to_string());
        if let Some(running) = inner.running.as_ref().filter(|running| running.profile == id) {
            return Stands::Running(running.far.clone(), Arc::clone(&running.hand));
        }
        match inner.last.as_ref().filter(|(of, _)| *of == id) {
            None => Stands::Idle,
            Some((_, Ok(result))) => Stands::Ended(Arc::clone(result)),
            Some((_, Err(problem))) => Stands::Failed(problem.clone()),
        }
    }

    /// Puts the last result away.
    pub fn forget(&self) {
        self.lock().last = None;
    }

    fn end(&self, end: Result<R, Problem>) {
        let mut inner = self.lock();
        if let Some(running) = inner.running.take() {
            inner.last = Some((running.profile, end.map(Arc::new)));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner<P, R>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends a job that failed in the middle, too.
struct Begun<P: Clone + Send + 'static, R: Send + Sync + 'static>(Job<P, R>);

impl<P: Clone + Send + 'static, R: Send + Sync + 'static> Drop for Begun<P, R> {
    fn drop(&mut self) {
        self.0.end(Err(failed()));
    }
}

fn under_way() -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        "One like it is under way in this window, perhaps of another profile.",
        "Wait for its end, or stop it.",
    )
}

fn failed() -> Problem {
    Problem::new(
        ErrorCode::Internal,
        "It failed in the middle of this.",
        "Begin it again; what was done before stays done.",
    )
}
