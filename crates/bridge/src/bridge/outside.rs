//! What a bridge is given from outside, and what of it a configuration can be tried against.

use std::path::PathBuf;
use std::sync::Arc;

use gatehouse_core::Gatehouse;
use gatehouse_core::clock::Clock;

use crate::anchors::PostgresAnchors;

/// What a configuration is tried against. What could not be had is none, and what needs it is not tried.
pub struct Ground {
    /// The core.
    pub core: Option<Arc<Gatehouse>>,
    /// Where `bridge.db` lies.
    pub data_dir: Option<PathBuf>,
    /// Where systemd puts credentials.
    pub credentials: Option<PathBuf>,
}

/// What comes from outside.
pub struct Outside {
    /// The core, opened on the data directory.
    pub gatehouse: Arc<Gatehouse>,
    /// The data directory, where `bridge.db` lies.
    pub data_dir: PathBuf,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub fill: fn(&mut [u8]),
    /// Where systemd puts credentials.
    pub credentials: Option<PathBuf>,
    /// Where the log's anchor lies, if not in the key store.
    pub anchors: Option<Arc<PostgresAnchors>>,
}

impl Outside {
    pub(super) fn ground(&self) -> Ground {
        Ground {
            core: Some(Arc::clone(&self.gatehouse)),
            data_dir: Some(self.data_dir.clone()),
            credentials: self.credentials.clone(),
        }
    }
}
