//! Carries a plan out: paced under Klarna's rate limit, each row an act of its own, to be paused, cancelled, and resumed after a kill.
//!
//! What became of a row is what the log says: a run that goes on settles the acts that broke off, reads the plan's entries, and does only
//! what is left. No row is called for twice (decision 0010). Deliberately absent: any call that is not an exact grant or revocation.

mod control;
mod end;
pub(crate) mod pace;
mod recover;
mod row;
pub mod store;
mod work;

pub use control::{RunControl, RunProgress, RunState};
pub(crate) use end::outcome_of;
pub use end::{RowEnd, RowOutcome};
pub(crate) use recover::recover;
pub(crate) use work::{Work, work};
