//! `doctor`: looks at every part and names cause and cure.
//!
//! Each line stands for one part: what was found, what it means, what to do. Parts that do not need each other are looked at side by
//! side, and the network has limits of its own, so that all ends in time. It changes nothing, makes no link, starts no sandbox and
//! reveals no secret. Deliberately absent: mending anything by itself.

mod bundle;
mod desk;
mod guard;
mod klarna;
mod log;
mod look;
mod pairs;
mod place;
mod redact;
mod store;
mod token;
mod way;

use std::path::Path;
use std::thread::{self, ScopedJoinHandle};

pub use redact::redacted;

use crate::facade::{Core, Gatehouse};
use crate::problem::{ErrorCode, Hint, Problem, ways};
use crate::profile::Profile;

/// How a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DoctorState {
    /// As it should be.
    Ok,
    /// Works, but look at it.
    Warn,
    /// Does not work.
    Bad,
    /// Not looked at, for the reason that is told.
    Skipped,
}

impl DoctorState {
    /// The word for scripts.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::Skipped => "skipped",
        }
    }
}

/// What is known of one part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoctorLine {
    /// The part's name; each stands once.
    pub part: String,
    /// How it is.
    pub state: DoctorState,
    /// What was found.
    pub message: String,
    /// What to do, if anything.
    pub hint: Hint,
}

impl DoctorLine {
    fn new(part: &str, state: DoctorState, message: impl Into<String>, hint: impl Into<Hint>) -> Self {
        Self {
            part: part.into(),
            state,
            message: message.into(),
            hint: hint.into(),
        }
    }

    fn ok(part: &str, message: impl Into<String>) -> Self {
        Self::new(part, DoctorState::Ok, message, "")
    }

    fn warn(part: &str, message: impl Into<String>, hint: impl Into<Hint>) -> Self {
        Self::new(part, DoctorState::Warn, message, hint)
    }

    fn skipped(part: &str, why: impl Into<String>) -> Self {
        Self::new(part, DoctorState::Skipped, why, "")
    }

    fn bad(part: &str, problem: Problem) -> Self {
        let hint = problem.both_hints();
        Self::new(part, DoctorState::Bad, problem.message, hint)
    }
}

impl Gatehouse {
    /// Looks at everything: the directory, the key store, the log, the desktop, and with a profile its keys and the way to Klarna.
    #[must_use]
    pub fn doctor(&self, profile: Option<&Profile>) -> Vec<DoctorLine> {
        let core = self.core();
        thread::scope(|scope| {
            let place = scope.spawn(|| place::lines(core));
            let desk = scope.spawn(|| desk::lines(core, profile));
            let held = store::look(core, profile);
            let answers = held.answers;
            let log = scope.spawn(move || vec![log::line(self, answers)]);
            let mut guard_lines = vec![guard::lock(core)];
            guard_lines.extend(profile.map(|profile| guard::persons(core, profile, answers)));
            let pairs = profile.map(|profile| pairs::lines(self, profile, held.secrets.as_ref()));
            let way = match profile {
                Some(profile) => way::lines(core, profile, held.secrets),
                None => vec![no_profile(core)],
            };
            [
                joined("data directory", place),
                held.lines,
                guard_lines,
                joined("audit log", log),
                pairs.unwrap_or_default(),
                way,
                joined("desktop", desk),
            ]
            .concat()
        })
    }
}

/// Writes a bundle's text, after a person saw it, into a new file for its owner alone.
///
/// # Errors
/// `input_invalid` when the file is there already or cannot be written.
pub fn save_bundle(file: &Path, text: &str) -> Result<(), Problem> {
    bundle::save(file, text)
}

/// What can be said of a data directory that Gatehouse could not open, with the cause that it gave.
#[must_use]
pub fn unopened(dir: &Path, problem: Problem) -> Vec<DoctorLine> {
    let mut lines = vec![place::directory(dir)];
    lines.push(DoctorLine::bad("database", problem));
    let why = "Not looked at, because the database could not be opened.";
    lines.extend(["key store", "audit log", "Klarna"].map(|part| DoctorLine::skipped(part, why)));
    lines
}

fn no_profile(core: &Core) -> DoctorLine {
    match crate::profile::store::all(&core.database()) {
        Ok(all) if !all.is_empty() => DoctorLine::warn(
            "profile",
            "No profile is in use, so keys and network were not looked at.",
            ways(
                "Choose one with `gatehouse profile use NAME`.",
                "Choose one with the search field above: it offers to use each profile.",
            ),
        ),
        Ok(_) => DoctorLine::warn(
            "profile",
            "There is no profile yet, so keys and network were not looked at.",
            ways(
                "Make one with `gatehouse profile create sandbox --sandbox`.",
                "Press Try the sandbox or Connect to Klarna on the first screen.",
            ),
        ),
        Err(problem) => DoctorLine::bad("profile", problem),
    }
}

fn joined(part: &str, handle: ScopedJoinHandle<'_, Vec<DoctorLine>>) -> Vec<DoctorLine> {
    handle.join().unwrap_or_else(|_| {
        let broken = Problem::new(
            ErrorCode::Internal,
            "This part could not be looked at, which is a defect of ours.",
            ways(
                "Please report it with a bundle: `gatehouse doctor --bundle FILE`.",
                "Please report it with a bundle: Settings, This computer, Bundle for support.",
            ),
        );
        vec![DoctorLine::bad(part, broken)]
    })
}
