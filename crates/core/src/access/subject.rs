//! One act at a time on one person at one merchant, across processes: what an act foresees must still be so when it is done.
//!
//! Within a process a second click is refused ([`crate::acts::InFlight`]); here another process is waited for. The locks are files, shared
//! by those whose names fall together, so that their number stays small. Deliberately absent: other computers.

use std::fs::{self, File};

use gatehouse_klarna::AccountKrn;
use sha2::{Digest, Sha256};

use crate::data_dir;
use crate::facade::Core;
use crate::problem::Problem;

/// So many digits of the hash name a lock: 4096 locks.
const DIGITS: usize = 3;

/// Waits for the subject and holds it until the answer is dropped.
///
/// # Errors
/// `internal` when the data directory takes no lock.
pub(crate) fn hold(core: &Core, merchant: &AccountKrn, person: &str) -> Result<File, Problem> {
    let unusable = |cause: std::io::Error| Problem::internal("hold a person's access", &cause);
    let dir = core.dir().join("locks");
    fs::create_dir_all(&dir).map_err(unusable)?;
    let hash = hex::encode(Sha256::digest(format!("{merchant} {person}")));
    let path = dir.join(hash.get(..DIGITS).unwrap_or_default());
    let file = File::create(&path).map_err(unusable)?;
    data_dir::private_file(&path).map_err(unusable)?;
    file.lock().map_err(unusable)?;
    Ok(file)
}
