//! Tables of tokens: taken in, and compared with what is kept and with what Klarna says.
//!
//! A row that cannot be used is told by its line and never by its token; all others are taken. Deliberately absent: writing tokens into a
//! table.

mod import;
mod read;
mod reconcile;
mod report;

pub(crate) use import::import;
pub use import::{TokenImport, TokenRowTrouble};
pub(crate) use reconcile::reconcile;
pub use reconcile::{Difference, ReconcileControl, ReconcileOptions, ReconcileProgress, Reconciled, ReconciledRow};
pub use report::reconcile_csv;
