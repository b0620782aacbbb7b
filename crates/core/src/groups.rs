//! Group commit: whoever waits for a writer goes with the next group (design section 4).
//!
//! A commit waits for the disk, and takes no longer for many than for one. So nobody waits for their own: what came while the writer was
//! busy is written together. One alone is a group of one and waits for nobody. Deliberately absent: waiting for a group to grow.

use std::mem;
use std::sync::{Arc, Mutex, OnceLock};

use crate::facade::lock;

/// Those who wait for a writer: items of type `T`, each of which is answered with an `A`.
pub struct Groups<T, A> {
    waiting: Mutex<Vec<(T, Arc<OnceLock<A>>)>>,
    turn: Mutex<()>,
}

impl<T, A> Default for Groups<T, A> {
    fn default() -> Self {
        Self {
            waiting: Mutex::default(),
            turn: Mutex::default(),
        }
    }
}

/// The writer gave no answer, or panicked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the writer of a group left this one out")]
pub struct LeftOut;

impl<T, A: Clone> Groups<T, A> {
    /// Has an item written together with all others that wait, and gives its answer. `write` gets the items in the order in which they
    /// came, at least one, and answers each in that order.
    ///
    /// # Errors
    /// [`LeftOut`]; whether the item was written is then not known.
    pub fn join(&self, item: T, write: impl FnOnce(Vec<T>) -> Vec<A>) -> Result<A, LeftOut> {
        let answer = Arc::default();
        lock(&self.waiting).push((item, Arc::clone(&answer)));
        let _turn = lock(&self.turn);
        if answer.get().is_none() {
            let (items, waiting): (Vec<T>, Vec<_>) = mem::take(&mut *lock(&self.waiting)).into_iter().unzip();
            if !items.is_empty() {
                for (waiting, given) in waiting.iter().zip(write(items)) {
                    let _ = waiting.set(given);
                }
            }
        }
        answer.get().cloned().ok_or(LeftOut)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::*;

    #[test]
    fn who_waits_for_the_writer_goes_together_and_each_gets_their_own_answer() {
        let (groups, writes) = (Groups::<usize, usize>::default(), AtomicUsize::new(0));
        let (held, all_wait) = (Barrier::new(2), Barrier::new(2));
        let write = |items: Vec<usize>| {
            writes.fetch_add(1, Ordering::Relaxed);
            items.into_iter().map(|item| item * 2).collect()
        };
        let answers: Vec<Result<usize, LeftOut>> = thread::scope(|scope| {
            let first = scope.spawn(|| {
                groups.join(0, |items| {
                    held.wait();
                    all_wait.wait();
                    write(items)
                })
            });
            held.wait();
            let (groups, write) = (&groups, &write);
            let others: Vec<_> = (1..20)
                .map(|item| scope.spawn(move || groups.join(item, write)))
                .collect();
            while lock(&groups.waiting).len() < 19 {
                thread::yield_now();
            }
            all_wait.wait();
            let others = others.into_iter().map(|other| other.join().unwrap());
            std::iter::once(first.join().unwrap()).chain(others).collect()
        });
        assert_eq!(answers, (0..20).map(|item| Ok(item * 2)).collect::<Vec<_>>());
        assert_eq!(writes.into_inner(), 2, "the first alone, and then all others");
    }

    #[test]
    fn who_is_left_out_is_told_so_and_the_next_one_is_written() {
        let groups = Groups::<u8, u8>::default();
        assert_eq!(groups.join(1, |_| Vec::new()), Err(LeftOut));
        let panicked = thread::scope(|scope| scope.spawn(|| groups.join(2, |_| panic!("the writer fails"))).join());
        assert!(panicked.is_err(), "whose write it was");
        assert_eq!(groups.join(3, |items| items), Ok(3));
    }
}
