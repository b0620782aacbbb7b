//! The work spread over all cores: this thread reads, others examine, one goes along the chain in order. Little is under way at a time.
//!
//! Deliberately absent: the work itself (`source`, `examine`, `walk`).

use std::num::NonZero;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use rusqlite::Connection;

use super::batch::{Batch, ENTRIES};
use super::examine::{self, Examined, lost};
use super::source;
use super::walk::Walk;
use super::watch::Watch;
use crate::error::LogError;
use crate::store::rows::Epoch;

/// The most threads that examine: more only wait for the one that reads.
const MOST: usize = 8;
/// A log with fewer entries is done before threads have begun.
pub const SMALL: u64 = 4 * ENTRIES as u64;

/// A batch on its way to whoever is free, and where the answer goes.
struct Job {
    batch: Batch,
    answer: SyncSender<Done>,
}

type Done = (Batch, Vec<Examined>);

/// What every thread sees.
struct Shared<'a> {
    jobs: Mutex<Receiver<Job>>,
    epochs: &'a [Epoch],
    /// The chain has ended: no more need be read.
    ended: AtomicBool,
}

/// Takes a walk through all entries from where it stands.
///
/// # Errors
/// The file cannot be read, unless the walk ended before; [`LogError::Cancelled`].
pub fn run<'a>(
    conn: &Connection,
    mut walk: Walk<'a>,
    epochs: &[Epoch],
    size: u64,
    watch: Option<&Watch<'_>>,
) -> Result<Walk<'a>, LogError> {
    let from = walk.from();
    let gently = watch.is_some_and(|watch| watch.gently);
    if size.saturating_sub(from.seq) > SMALL && !gently {
        return spread(conn, walk, epochs, size, watch);
    }
    let read = source::read(conn, from, size, &mut |batch| {
        let examined = examine::batch(&batch, epochs);
        walk.take_all(&batch, examined);
        tell(watch, &walk, size)?;
        Ok(!walk.has_stopped())
    });
    if !walk.has_stopped() {
        read?;
    }
    Ok(walk)
}

fn tell(watch: Option<&Watch<'_>>, walk: &Walk<'_>, size: u64) -> Result<(), LogError> {
    watch.map_or(Ok(()), |watch| watch.tell(walk.size(), size))
}

fn spread<'a>(
    conn: &Connection,
    walk: Walk<'a>,
    epochs: &[Epoch],
    size: u64,
    watch: Option<&Watch<'_>>,
) -> Result<Walk<'a>, LogError> {
    let workers = thread::available_parallelism().map_or(1, NonZero::get).min(MOST);
    let (give, jobs) = sync_channel::<Job>(workers);
    let (order, ordered) = sync_channel::<Receiver<Done>>(2 * workers + 2);
    let from = walk.from();
    let shared = Shared {
        jobs: Mutex::new(jobs),
        epochs,
        ended: AtomicBool::new(false),
    };
    thread::scope(|scope| {
        let shared = &shared;
        for _ in 0..workers {
            scope.spawn(|| examine_all(shared));
        }
        let chain = scope.spawn(move || {
            let walked = follow(walk, &ordered, size, watch);
            shared.ended.store(true, Ordering::Relaxed);
            walked
        });
        let read = source::read(conn, from, size, &mut |batch| {
            Ok(dispatch(batch, shared, &order, &give))
        });
        drop((order, give));
        let walk = chain.join().map_err(|_| lost())??;
        if !walk.has_stopped() {
            read?;
        }
        Ok(walk)
    })
}

/// Hands a batch to whoever is free, and its place to the chain; tells whether more is wanted.
fn dispatch(batch: Batch, shared: &Shared<'_>, order: &SyncSender<Receiver<Done>>, give: &SyncSender<Job>) -> bool {
    let (answer, awaited) = sync_channel(1);
    !shared.ended.load(Ordering::Relaxed) && order.send(awaited).is_ok() && give.send(Job { batch, answer }).is_ok()
}

fn examine_all(shared: &Shared<'_>) {
    let next = || {
        let jobs = shared.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.recv()
    };
    while let Ok(Job { batch, answer }) = next() {
        if shared.ended.load(Ordering::Relaxed) {
            continue;
        }
        let examined = examine::batch(&batch, shared.epochs);
        // Nobody waits for it any more when the chain has ended.
        drop(answer.send((batch, examined)));
    }
}

/// Goes along the chain, batch by batch in the order in which they were read.
fn follow<'a>(
    mut walk: Walk<'a>,
    ordered: &Receiver<Receiver<Done>>,
    size: u64,
    watch: Option<&Watch<'_>>,
) -> Result<Walk<'a>, LogError> {
    while let Ok(awaited) = ordered.recv() {
        let (batch, examined) = awaited.recv().map_err(|_| lost())?;
        walk.take_all(&batch, examined);
        tell(watch, &walk, size)?;
        if walk.has_stopped() {
            break;
        }
    }
    Ok(walk)
}
