//! `app.start`, `app.alive` and `app.stop`: that an app ran here, from its first picture to its orderly end, and was not silent between.
//!
//! Nobody is disturbed for it: where the log cannot be opened without asking a person (a locked keyring, a sealed file, a directory
//! that cannot be written), the start is written with the first act that opens it. Deliberately absent: a log that is born by looking,
//! and the command line, whose every call is an act of its own.

use std::sync::Mutex;

use gatehouse_audit::{Phase, Reader};
use uuid::Uuid;

use super::core::{Change, lock};
use super::{Core, Gatehouse};
use crate::acts::{self, Journal, reconcile};
use crate::problem::Problem;

/// How long a run is silent before it says that it goes on.
const HOUR_MS: u64 = 3_600_000;

/// What the log says of this run.
pub(crate) struct Run(Mutex<Stage>);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Nothing is said: there was no log when the run began, or its end is written.
    Silent,
    /// Nothing is said yet.
    Untold,
    /// The start is to be written as soon as the log is open.
    Begun,
    /// The start stands in the log.
    Written,
}

impl Run {
    /// A run that begins now, with a log or before there is one.
    pub fn new(has_log: bool) -> Self {
        let stage = if has_log { Stage::Untold } else { Stage::Silent };
        Self(Mutex::new(stage))
    }

    /// Writes the start, if one is to be written; the log is open.
    pub fn write_start(&self, core: &Core) {
        let mut stage = lock(&self.0);
        if *stage == Stage::Begun {
            let mut start = note("app.start");
            if was_cut_off(core) {
                start.result.insert("code".into(), "no_stop".into());
            }
            match core.journal().append(start) {
                Ok(_) => *stage = Stage::Written,
                Err(problem) => untold("start", &problem),
            }
        }
    }

    /// Whether a start is still to be written.
    fn begin(&self) -> bool {
        let mut stage = lock(&self.0);
        if *stage == Stage::Untold {
            *stage = Stage::Begun;
        }
        *stage == Stage::Begun
    }

    fn is_written(&self) -> bool {
        *lock(&self.0) == Stage::Written
    }

    fn write_stop(&self, journal: &Journal) {
        let mut stage = lock(&self.0);
        if *stage == Stage::Written {
            *stage = Stage::Silent;
            if let Err(problem) = journal.append(note("app.stop")) {
                untold("stop", &problem);
            }
        }
    }
}

impl Gatehouse {
    /// Records that an app began to run, once it has painted; waits for the key store, so call it from a thread that may wait.
    ///
    /// A run that began without a log records nothing, at the end neither.
    pub fn note_start(&self) {
        let core = &self.core;
        if !core.run().begin() {
            return;
        }
        let asks_nobody = core.database_for_change().map(drop).and_then(|()| core.key_store());
        if !asks_nobody.is_ok_and(|store| store.answers_unasked()) {
            return;
        }
        if let Err(problem) = core.unlock_log() {
            untold("start", &problem);
        }
        core.tell(Change::Audit);
    }

    /// Records that the app still runs, once in an hour in which nothing else was written; for a thread that looks now and then.
    ///
    /// Nothing while the log is closed or the app locked: its gap is told by `app.lock` then.
    pub fn note_alive(&self) {
        let core = &self.core;
        let silent = core.journal().silent_ms().is_some_and(|silent| silent >= HOUR_MS);
        if !silent || !core.run().is_written() || self.lock_status().is_ok_and(|lock| lock.locked.is_some()) {
            return;
        }
        match core.journal().append(note("app.alive")) {
            Ok(_) => core.tell(Change::Audit),
            Err(problem) => untold("running on", &problem),
        }
    }

    /// Records that the app ends, if its start stands in the log, and closes the log.
    ///
    /// May wait for the key store; whoever is about to exit gives it a second and goes.
    pub fn note_stop(&self) {
        let core: &Core = &self.core;
        core.run().write_stop(core.journal());
        core.journal().leave();
    }
}

/// Whether the last run that is told of has no end, although nobody of it lives: killed, or the power went.
fn was_cut_off(core: &Core) -> bool {
    let last = Reader::open(core.dir()).and_then(|reader| reader.last_of("app.st"));
    last.ok()
        .flatten()
        .is_some_and(|last| last.body.kind == "app.start" && reconcile::is_abandoned(core, &last))
}

fn note(kind: &str) -> gatehouse_audit::Draft {
    acts::draft(kind, Phase::Note, Uuid::now_v7(), None, None)
}

fn untold(what: &str, problem: &Problem) {
    tracing::warn!(code = problem.code.as_str(), "the app's {what} is not in the log");
}
