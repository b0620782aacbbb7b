//! Locks the app when its limits are over, whether or not the window asks: a thread that looks every few seconds.
//!
//! What a person confirmed and is still held back is done before it locks. A sleep of the computer shows at the first look after it, by the two clocks; on Linux the session's manager says it beforehand and
//! waits until the app is locked, so that nothing is left in memory while it sleeps. Deliberately absent: any rule; the core judges.

use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

use gatehouse_core::Gatehouse;

use crate::hold::Holds;
use crate::shown::access_change::HeldAct;

/// How often it looks; a limit is overstepped by no more.
const PAUSE: Duration = Duration::from_secs(3);
/// What is held is done when the app locks before the look after the next one.
const SOON_MS: u64 = 7_000;

/// Begins to look; ends with the core.
pub fn begin(core: Arc<Gatehouse>, holds: Arc<Holds<HeldAct>>) {
    let (watched, held) = (Arc::downgrade(&core), Arc::clone(&holds));
    let look = move || {
        while let Some(core) = Weak::upgrade(&watched) {
            core.lock_if_due();
            core.note_alive();
            if core.lock_status().is_ok_and(|lock| lock.set && lock.left_ms < SOON_MS) {
                held.carry_out(Duration::ZERO);
            }
            drop(core);
            thread::sleep(PAUSE);
        }
    };
    if let Err(cause) = thread::Builder::new().name("lock".into()).spawn(look) {
        tracing::warn!(%cause, "the system gave no thread to look after the app lock");
    }
    sleep::begin(&core, holds);
}

#[cfg(target_os = "linux")]
mod sleep {
    //! The announcement of logind, `org.freedesktop.login1.Manager.PrepareForSleep`, which a lock of kind `delay` holds back (systemd's
    //! inhibitor locks; five seconds at most by default).

    use super::{Arc, Duration, Gatehouse, HeldAct, Holds, Weak, thread};
    use gatehouse_core::app_lock::Cause;
    use zbus::blocking::{Connection, Proxy};
    use zbus::zvariant::OwnedFd;

    /// The system waits for five seconds; what is held gets the most of them.
    const BEFORE_SLEEP: Duration = Duration::from_secs(4);

    pub fn begin(core: &Arc<Gatehouse>, holds: Arc<Holds<HeldAct>>) {
        let watched = Arc::downgrade(core);
        let listen = move || {
            if let Err(cause) = heard(&watched, &holds) {
                tracing::info!(%cause, "no session manager announces sleep; it is noticed afterwards by the clocks");
            }
        };
        if let Err(cause) = thread::Builder::new().name("sleep".into()).spawn(listen) {
            tracing::warn!(%cause, "the system gave no thread to hear of sleep");
        }
    }

    fn heard(core: &Weak<Gatehouse>, holds: &Arc<Holds<HeldAct>>) -> zbus::Result<()> {
        let bus = Connection::system()?;
        let manager = Proxy::new(
            &bus,
            "org.freedesktop.login1",
            "/org/freedesktop/login1",
            "org.freedesktop.login1.Manager",
        )?;
        let signals = manager.receive_signal("PrepareForSleep")?;
        let mut delay = delayed(&manager);
        for signal in signals {
            let begins: bool = signal.body().deserialize()?;
            let Some(core) = core.upgrade() else { break };
            if begins {
                holds.carry_out(BEFORE_SLEEP);
                core.lock_now(Cause::Sleep);
            }
            // Given up, it lets the system sleep; taken again, it holds back the next sleep.
            delay = if begins { None } else { delayed(&manager) };
        }
        drop(delay);
        Ok(())
    }

    /// Has the system wait with its sleep for as long as this is held; without it the lock comes at the same time as the sleep.
    fn delayed(manager: &Proxy<'_>) -> Option<OwnedFd> {
        let asked = (
            "sleep",
            "Gatehouse",
            "Lock the keys before the computer sleeps",
            "delay",
        );
        let given = manager.call("Inhibit", &asked);
        given
            .inspect_err(|cause| tracing::info!(%cause, "the session manager does not wait for the app lock"))
            .ok()
    }
}

#[cfg(not(target_os = "linux"))]
mod sleep {
    //! Other systems: the clocks tell afterwards.

    use super::{Arc, Gatehouse, HeldAct, Holds};

    pub fn begin(_core: &Arc<Gatehouse>, _holds: Arc<Holds<HeldAct>>) {}
}
