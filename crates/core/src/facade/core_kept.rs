//! What is kept in memory for a profile: its warm connection and its merchants.

use std::sync::atomic::Ordering;
use std::sync::{Arc, RwLock};

use uuid::Uuid;

use super::connection::{self, Basis, Connection, Kept};
use super::core::{Core, lock};
use crate::merchants::Directory;
use crate::problem::Problem;
use crate::profile::Profile;

impl Core {
    /// The warm connection of a profile, made if need be, made anew when the sandbox has moved or a key was rotated.
    pub fn connection(&self, profile: &Profile) -> Result<Kept, Problem> {
        let basis = Basis::now(self, profile)?;
        let mut connections = lock(&self.connections);
        if let Some(kept) = connections.get(&profile.id).filter(|kept| kept.fits(&basis)) {
            return Ok(Arc::clone(kept));
        }
        let built: Connection = connection::build(self, profile, basis)?;
        let kept = Arc::new(built);
        connections.insert(profile.id, Arc::clone(&kept));
        Ok(kept)
    }

    /// Forgets a profile's connection, because a key or the API key is another now.
    pub fn forget_connection(&self, profile: Uuid) {
        lock(&self.connections).remove(&profile);
    }

    /// Forgets every connection with its secrets, because the app is locked now.
    pub fn forget_connections(&self) {
        lock(&self.connections).clear();
        *lock(self.vault_kept()) = None;
    }

    /// Forgets a profile's connection with its secrets, and its merchants.
    pub fn forget(&self, profile: Uuid) {
        lock(&self.connections).remove(&profile);
        lock(&self.directories).remove(&profile);
        lock(&self.inventories).remove(&profile);
    }

    /// A number that changes when merchants get other names.
    pub fn merchants_stamp(&self) -> u64 {
        self.merchants_stamp.load(Ordering::Acquire)
    }

    /// Says that merchants may have other names now.
    pub fn merchants_renamed(&self) {
        self.merchants_stamp.fetch_add(1, Ordering::AcqRel);
    }

    /// The merchants of a profile, loaded once.
    pub fn directory(&self, profile: &Profile) -> Result<Arc<RwLock<Directory>>, Problem> {
        let mut directories = lock(&self.directories);
        if let Some(directory) = directories.get(&profile.id) {
            return Ok(Arc::clone(directory));
        }
        let loaded = Directory::load(&self.database(), &profile.id.to_string())?;
        let directory = Arc::new(RwLock::new(loaded));
        directories.insert(profile.id, Arc::clone(&directory));
        Ok(directory)
    }

    /// Whether a profile's merchants are in memory already.
    pub fn loaded_directory(&self, profile: Uuid) -> Option<Arc<RwLock<Directory>>> {
        lock(&self.directories).get(&profile).cloned()
    }
}
