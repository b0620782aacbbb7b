//! The plans that were looked at last, in memory: a page of rows must not read a file of ten thousand again. A hash names what never changes.

use std::sync::{Arc, Mutex};

use super::PlanFile;
use crate::facade::lock;
use crate::problem::Problem;

/// So many plans are kept.
const KEPT: usize = 4;

/// The plans that were read last.
#[derive(Default)]
pub(crate) struct PlanCache(Mutex<Vec<Arc<PlanFile>>>);

impl PlanCache {
    /// The plan of a hash, read where it is not known.
    ///
    /// # Errors
    /// What reading it says.
    pub fn get(
        &self,
        sha256: &str,
        read: impl FnOnce() -> Result<PlanFile, Problem>,
    ) -> Result<Arc<PlanFile>, Problem> {
        if let Some(known) = lock(&self.0).iter().find(|file| file.sha256 == sha256) {
            return Ok(Arc::clone(known));
        }
        let file = Arc::new(read()?);
        let mut kept = lock(&self.0);
        kept.truncate(KEPT - 1);
        kept.insert(0, Arc::clone(&file));
        Ok(file)
    }
}
