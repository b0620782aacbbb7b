//! Asks Klarna about each token of a table, at a pace, and rests when it says 429.
//!
//! Deliberately absent: asking twice in a day about one token, unless that is wanted.

use super::control::TableControl;
use super::difference::{Difference, ReconcileOptions, ReconcileProgress};
use super::reconcile::Work;
use crate::access::run::pace::Pace;
use crate::problem::{ErrorCode, Problem};
use crate::tokens::course::check;
use crate::tokens::store;

const DAY_MS: i64 = 24 * 3_600_000;
/// Asked so often after 429 before the row is left.
const TRIES: u32 = 5;

impl Work<'_> {
    pub(super) fn ask(
        &mut self,
        options: ReconcileOptions,
        control: &TableControl,
        tell: &dyn Fn(ReconcileProgress),
    ) -> Result<(), Problem> {
        if !options.ask {
            return Ok(());
        }
        let pace = Pace::new(options.per_second.clamp(1, 50));
        let order = std::mem::take(&mut self.order);
        let total = order.len() as u64;
        for (at, id) in order.into_iter().enumerate() {
            if !control.goes_on() || !self.ask_one(id, options, (&pace, control))? {
                self.found.stopped = true;
                self.found.left = total - at as u64;
                break;
            }
            tell(ReconcileProgress {
                done: at as u64 + 1,
                total,
                asked: self.found.asked,
                found: self.found.differences.len() as u64,
            });
        }
        Ok(())
    }

    /// Answers whether the token was dealt with; not where the work was ended meanwhile.
    fn ask_one(
        &mut self,
        id: i64,
        options: ReconcileOptions,
        (pace, control): (&Pace, &TableControl),
    ) -> Result<bool, Problem> {
        let (row, token) = crate::tokens::opened(self.core, self.profile, &id.to_string())?;
        let fresh = row
            .last_checked_ms
            .is_some_and(|at_ms| self.core.clock().unix_ms() - at_ms < DAY_MS);
        if row.state.is_ended() {
            return Ok(true);
        }
        if fresh && !options.ask_again {
            self.found.fresh += 1;
            return Ok(true);
        }
        let line = self.lines.get(&id).copied();
        for _ in 0..TRIES {
            if !pace.wait(|| control.is_stopped()) {
                return Ok(false);
            }
            self.found.asked += 1;
            match check::ask(self.core, self.profile, &row, &token) {
                Ok(standing) => {
                    let next = check::applied(self.core, row, standing);
                    store::change(&*self.core.database_for_change()?, &next)?;
                    if next.state.is_ended() {
                        let what = "Klarna says that it is revoked, and the table still has it.";
                        self.found.alike = self.found.alike.saturating_sub(1);
                        self.say(line, Some(&next), Difference::EndedButBilled, what);
                    }
                    return Ok(true);
                }
                Err(problem) if problem.code == ErrorCode::KlarnaRateLimited => pace.rest(),
                Err(problem) => {
                    self.say(line, Some(&row), Difference::Unreachable, problem.message);
                    return Ok(true);
                }
            }
        }
        self.say(
            line,
            Some(&row),
            Difference::Unreachable,
            "Klarna asked for a pause again and again.",
        );
        Ok(true)
    }
}
