//! Tables of tokens: taken in, and compared with what is kept and with what Klarna says.
//!
//! A row that cannot be used is told by its line and never by its token; all others are taken. Deliberately absent: writing tokens into a
//! table.

mod ask;
mod control;
mod difference;
mod import;
mod judge;
mod plan;
mod read;
mod reconcile;
mod report;

pub use control::{TableControl, TableProgress};
pub use difference::{Difference, ReconcileOptions, ReconcileProgress, Reconciled, ReconciledRow};
pub use import::TokenImport;
pub(crate) use import::import;
pub use judge::TokenRowTrouble;
pub(crate) use plan::plan;
pub use plan::{PlannedFate, PlannedRow, TokenImportPlan};
pub(super) use read::NAMES;
pub(crate) use reconcile::reconcile;
pub use report::reconcile_csv;
