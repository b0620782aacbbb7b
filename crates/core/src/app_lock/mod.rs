//! The app lock: a passphrase under which the profiles' items of the key store are sealed, so that locked means encrypted.
//!
//! A random key seals the items; Argon2id over the passphrase seals that key (`record.rs`). Unlocked means that the key is in memory;
//! idle time, an absolute limit, system sleep and the person's word end that, and wipe it (`window.rs`). Every store is read through
//! `Guarded`, so nothing above knows of it. What the log needs (anchor, checkpoint key, person key) stays outside, so that a wrong
//! passphrase can be recorded while locked. Deliberately absent: a way round a forgotten passphrase; `Core::reset_lock` throws the
//! sealed keys away and says so.

mod change;
mod guarded;
mod prove;
mod record;
mod state;
mod tries;
mod window;
mod wrapped;

pub(crate) use guarded::Guarded;
pub(crate) use state::AppLock;
pub use state::LockStatus;
pub use window::{Cause, Limits, Window};

#[cfg(doc)]
use crate::facade::Core;
