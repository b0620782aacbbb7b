//! Keys that are made in a hardware token and never leave it, over PKCS#11.
//!
//! A token's module is a maker's library: it may block for seconds, crash, or come and go with a USB plug. So one thread owns it
//! (`worker`), calls have a limit, and each state has its name and its cure. The PIN is asked by the app, lives for the unlock window
//! ([`UnlockWindow`]) and is never tried twice by itself, because a few wrong tries lock a token for good. Tested against SoftHSM2;
//! no other token is claimed. Deliberately absent: initialising tokens and setting PINs (its maker's tool does that), PIN pads
//! (protected authentication path), keys that ask for the PIN at each use, and moving a key in or out.

mod address;
mod architecture;
mod failure;
mod hardware_key;
mod objects;
mod returned;
mod token;
mod tokens;
mod unlock_window;
mod worker;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

pub use address::{NotATokenAddress, TokenAddress};
pub use failure::{HardwareFailure, ModuleFault, TriesLeft};
pub use hardware_key::{HardwareKey, HardwareKeyFacts};
pub use token::{PinState, TokenFacts};
pub use unlock_window::UnlockWindow;

use self::tokens::Tokens;
use self::worker::Worker;

/// How long a call waits before it answers [`HardwareFailure::Slow`].
const SOFT_LIMIT: Duration = Duration::from_secs(3);

/// How long making a key may take; small tokens search for seconds.
const KEY_LIMIT: Duration = Duration::from_secs(30);

/// One PKCS#11 module, behind a thread of its own.
///
/// Cheap to clone; clones share the thread. A call waits 3 s at most, making or destroying a key 30 s. A process makes one for each module: a second one of the same path would share the
/// library's sessions behind the first one's back. Dropping the last handle waits up to 2 s for a call under way. Loading a module runs its maker's code in this process, so only a person's
/// explicit choice names the path.
#[derive(Clone)]
pub struct HardwareModule {
    path: Arc<PathBuf>,
    worker: Worker<Tokens>,
}

impl HardwareModule {
    /// Names a module by the path of its library. Nothing is loaded before the first call.
    pub fn at(path: &Path) -> Self {
        Self {
            path: Arc::new(path.to_path_buf()),
            worker: Worker::start(Tokens::of(path)),
        }
    }

    /// The path of its library.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The tokens that are plugged in, as they are now.
    ///
    /// # Errors
    /// `Module` when the library cannot be used; an empty list is an answer.
    pub fn tokens(&self) -> Result<Vec<TokenFacts>, HardwareFailure> {
        self.call(SOFT_LIMIT, Tokens::list)
    }

    /// The P-256 keys on a token; needs no PIN, because only public halves are read.
    pub fn keys(&self, serial: &str) -> Result<Vec<HardwareKeyFacts>, HardwareFailure> {
        let serial = serial.to_owned();
        self.call(SOFT_LIMIT, move |tokens| tokens.keys(&serial))
    }

    fn call<T: Send + 'static>(
        &self,
        limit: Duration,
        work: impl FnOnce(&mut Tokens) -> Result<T, HardwareFailure> + Send + 'static,
    ) -> Result<T, HardwareFailure> {
        self.worker.call(limit, work)
    }
}

impl fmt::Debug for HardwareModule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HardwareModule")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}
