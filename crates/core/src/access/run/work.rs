//! The workers of a run: so many that Klarna's answers do not slow the pace, and no more than their group commits carry.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use super::control::{RunControl, RunState};
use super::end::{RowEnd, RowOutcome};
use super::pace::Pace;
use super::row::carry_out;
use crate::access::plan::PlanFile;
use crate::acts::Planned;
use crate::facade::{Core, lock};
use crate::problem::{ErrorCode, Problem, ProblemKind};
use crate::profile::Profile;

/// So many calls are under way at most.
const WORKERS: usize = 16;
/// After so many failures in a row that are nobody's fault here, the run holds.
const OUTAGE: u32 = 5;
/// A row is tried so often before a refusal for too many calls is its outcome.
const TRIES: u32 = 5;
/// A row waits so often for another act on the same person, and so long each time.
const WAITS: u32 = 200;
const MOMENT: Duration = Duration::from_millis(50);
/// Outcomes are told so often.
const TELL: Duration = Duration::from_millis(250);

/// What is to be done.
pub(crate) struct Work<'a> {
    /// The plan.
    pub file: &'a PlanFile,
    /// Numbers of the rows that are left.
    pub left: Vec<u32>,
    /// Calls a second.
    pub rate: u32,
}

struct Shared<'a> {
    work: &'a Work<'a>,
    queue: Mutex<VecDeque<(u32, u32)>>,
    pace: Pace,
    control: &'a RunControl,
    failures: AtomicU32,
    held_by: Mutex<Option<Problem>>,
}

/// Does what is left; `ended` is told of rows in batches, in the order in which they ended.
///
/// # Errors
/// Why the run holds itself, if it does: what it tells of, it has told.
pub(crate) fn work(
    core: &Core,
    profile: &Profile,
    work: &Work<'_>,
    control: &RunControl,
    ended: &mut dyn FnMut(Vec<RowEnd>) -> Result<(), Problem>,
) -> Result<RunState, Problem> {
    let shared = Shared {
        work,
        queue: Mutex::new(work.left.iter().map(|row| (*row, 1)).collect()),
        pace: Pace::new(work.rate),
        control,
        failures: AtomicU32::new(0),
        held_by: Mutex::new(None),
    };
    let (tell, told) = mpsc::channel();
    let mut written = Ok(());
    thread::scope(|scope| {
        for _ in 0..WORKERS.min(work.left.len()) {
            let (tell, shared) = (tell.clone(), &shared);
            scope.spawn(move || shared.run(core, profile, &tell));
        }
        drop(tell);
        while let Some(batch) = batch_of(&told) {
            if written.is_ok() {
                written = ended(batch);
            }
            if let Err(problem) = &written {
                shared.hold(problem.clone());
            }
        }
    });
    written?;
    if let Some(problem) = lock(&shared.held_by).take() {
        return Err(problem);
    }
    let is_left = !lock(&shared.queue).is_empty();
    Ok(control.asked().filter(|_| is_left).unwrap_or(RunState::Done))
}

/// What ended within a moment; nothing once everybody has gone.
fn batch_of(told: &mpsc::Receiver<RowEnd>) -> Option<Vec<RowEnd>> {
    let mut batch = vec![told.recv().ok()?];
    let until = Instant::now() + TELL;
    while let Ok(end) = told.recv_timeout(until.saturating_duration_since(Instant::now())) {
        batch.push(end);
    }
    Some(batch)
}

impl Shared<'_> {
    fn run(&self, core: &Core, profile: &Profile, tell: &mpsc::Sender<RowEnd>) {
        while let Some((number, tries)) = self.next() {
            let Some(row) = self.work.file.plan.rows.get(number as usize) else {
                continue;
            };
            let planned = Planned {
                plan_sha256: self.work.file.sha256.clone(),
                row: number,
            };
            let end = match carry_out(core, profile, row, planned) {
                Ok(end) => {
                    self.failures.store(0, Ordering::SeqCst);
                    end
                }
                Err(problem) => match self.after(number, tries, &problem) {
                    Some(()) => RowEnd::bad(number, &problem, core.clock().unix_ms()),
                    None => continue,
                },
            };
            if tell.send(end).is_err() {
                return;
            }
        }
    }

    /// The next row, at its moment.
    fn next(&self) -> Option<(u32, u32)> {
        let held = || self.control.asked().is_some() || lock(&self.held_by).is_some() || lock(&self.queue).is_empty();
        if !self.pace.wait(held) {
            return None;
        }
        lock(&self.queue).pop_front()
    }

    /// What a failure means for the row: its outcome, or nothing when it is tried again or left for later.
    fn after(&self, number: u32, tries: u32, problem: &Problem) -> Option<()> {
        let again = |tries| lock(&self.queue).push_back((number, tries));
        // Another row, or somebody at the window, is at the same person: a moment later it is this row's turn.
        if problem.code == ErrorCode::ActInFlight && tries < WAITS {
            thread::sleep(MOMENT);
            again(tries + 1);
            return None;
        }
        if problem.code == ErrorCode::KlarnaRateLimited {
            self.pace.rest();
            if tries < TRIES {
                again(tries + 1);
                return None;
            }
            return Some(());
        }
        let ours = matches!(problem.code.kind(), ProblemKind::Unavailable) || is_everybodys(problem.code);
        if !ours {
            self.failures.store(0, Ordering::SeqCst);
            return Some(());
        }
        let is_outage = self.failures.fetch_add(1, Ordering::SeqCst) + 1 >= OUTAGE;
        if is_outage || problem.code.exit_code() == 6 || is_everybodys(problem.code) {
            self.hold(problem.clone());
        }
        // Nothing was sent for certain: the row stays, to be done when the run goes on.
        if super::outcome_of(problem) == RowOutcome::Refused {
            again(tries);
            return None;
        }
        Some(())
    }

    fn hold(&self, problem: Problem) {
        lock(&self.held_by).get_or_insert(problem);
    }
}

/// What stops every row alike, until a person has put it right.
fn is_everybodys(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::KlarnaUnauthorized
            | ErrorCode::MtlsRequired
            | ErrorCode::AppLocked
            | ErrorCode::HardwarePin
            | ErrorCode::HardwarePinBlocked
            | ErrorCode::PassphraseNeeded
            | ErrorCode::ClockSkewed
            | ErrorCode::TlsIntercepted
            | ErrorCode::ProxySignIn
            | ErrorCode::ProxyPacOnly
            | ErrorCode::LogAlarm
            | ErrorCode::CertificateExpired
    )
}
