//! The time for which a token's PIN is kept, so that it is asked once and not at each signature.
//!
//! The window is as long as its opener says, counted from the moment the token accepted the PIN; use does not lengthen it. It is over when
//! either clock says so: the monotonic one stands still while some systems sleep, the wall clock can be set back. A PIN that the
//! token refuses is forgotten at once. Deliberately absent: a timer of its own; the app's lock calls [`UnlockWindow::forget`], and
//! without it the PIN is wiped when the next use finds the window over.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::tokens::Tokens;
use super::{HardwareFailure, HardwareModule, SOFT_LIMIT, TokenAddress};
use crate::clock::Clock;
use crate::key_store::SecretBytes;

/// One token, and its PIN for a while.
pub struct UnlockWindow {
    module: HardwareModule,
    address: TokenAddress,
    clock: Arc<dyn Clock>,
    held: Mutex<Option<Held>>,
}

struct Held {
    pin: SecretBytes,
    until_mono_ms: u64,
    until_unix_ms: i64,
}

impl UnlockWindow {
    /// A closed window over the token with this serial number, reached by `module`, which is the one of the address.
    pub fn over(module: &HardwareModule, address: TokenAddress, clock: Arc<dyn Clock>) -> Self {
        Self {
            module: module.clone(),
            address,
            clock,
            held: Mutex::new(None),
        }
    }

    /// The token.
    pub fn token(&self) -> &TokenAddress {
        &self.address
    }

    /// The token's serial number.
    pub fn serial(&self) -> &str {
        &self.address.serial
    }

    /// Has the token judge the PIN, and opens the window for that long when it is right.
    ///
    /// # Errors
    /// `PinWrong`, `PinLocked` and their kin; `NoToken`. The window is closed then, whatever it was before.
    pub fn open(&self, pin: SecretBytes, lasts: Duration) -> Result<(), HardwareFailure> {
        let lasts_ms = u64::try_from(lasts.as_millis()).unwrap_or(u64::MAX);
        self.forget();
        let (serial, theirs) = (self.address.serial.clone(), pin.clone());
        let judged = self
            .module
            .call(SOFT_LIMIT, move |tokens| tokens.unlock(&serial, &theirs));
        if judged.is_err() {
            // A token that was only slow may yet accept the PIN, after nobody waits for it any more.
            self.lock();
        }
        judged?;
        *self.held() = Some(Held {
            pin,
            until_mono_ms: self.clock.mono_ms().saturating_add(lasts_ms),
            until_unix_ms: self
                .clock
                .unix_ms()
                .saturating_add(i64::try_from(lasts_ms).unwrap_or(i64::MAX)),
        });
        Ok(())
    }

    /// Whether the PIN is still kept; one whose time is over is wiped by asking.
    pub fn is_open(&self) -> bool {
        self.pin().is_ok()
    }

    /// Wipes the PIN and has the token locked again.
    pub fn forget(&self) {
        let was_open = self.held().take().is_some();
        if was_open {
            self.lock();
        }
    }

    fn lock(&self) {
        let serial = self.address.serial.clone();
        self.module.worker.post(move |tokens| tokens.lock(&serial));
    }

    /// Works on the token with the PIN; a PIN that it no longer accepts is forgotten.
    pub(super) fn with_pin<T: Send + 'static>(
        &self,
        limit: Duration,
        work: impl FnOnce(&mut Tokens, &str, &SecretBytes) -> Result<T, HardwareFailure> + Send + 'static,
    ) -> Result<T, HardwareFailure> {
        let pin = self.pin()?;
        let serial = self.address.serial.clone();
        let answer = self.module.call(limit, move |tokens| work(tokens, &serial, &pin));
        if answer.as_ref().is_err_and(closes) {
            self.forget();
        } else if self.held().is_none() {
            // Forgotten while this call was on its way, which then unlocked the token once more.
            self.lock();
        }
        answer
    }

    pub(super) fn module(&self) -> &HardwareModule {
        &self.module
    }

    fn pin(&self) -> Result<SecretBytes, HardwareFailure> {
        let kept = self.held().as_ref().and_then(|held| {
            let over = self.clock.mono_ms() >= held.until_mono_ms || self.clock.unix_ms() >= held.until_unix_ms;
            (!over).then(|| held.pin.clone())
        });
        if kept.is_none() {
            self.forget();
        }
        kept.ok_or(HardwareFailure::PinNeeded)
    }

    fn held(&self) -> MutexGuard<'_, Option<Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a failure means that the PIN is not to be tried again, or that its token is away.
fn closes(failure: &HardwareFailure) -> bool {
    match failure {
        HardwareFailure::PinNeeded
        | HardwareFailure::PinWrong { .. }
        | HardwareFailure::PinNotTaken
        | HardwareFailure::PinLocked
        | HardwareFailure::PinExpired
        | HardwareFailure::PinNotSet
        | HardwareFailure::NoToken { .. }
        | HardwareFailure::Gone => true,
        HardwareFailure::Module { .. }
        | HardwareFailure::NoKey
        | HardwareFailure::WriteProtected
        | HardwareFailure::Full
        | HardwareFailure::NotP256
        | HardwareFailure::NotKept
        | HardwareFailure::Slow
        | HardwareFailure::Failed { .. }
        | HardwareFailure::Crashed => false,
    }
}

impl Drop for UnlockWindow {
    fn drop(&mut self) {
        self.forget();
    }
}

impl fmt::Debug for UnlockWindow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnlockWindow")
            .field("module", &self.module)
            .field("serial", &self.address.serial)
            .field("pin", &"<redacted>")
            .finish_non_exhaustive()
    }
}
