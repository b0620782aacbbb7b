//! Named places between two steps, at which a test ends the process: what is on the disk then must still be a log.
//!
//! In a release build a place is nothing at all. Deliberately absent: any fault of its own making; a place only says that it was reached.

/// Says that a place was reached; its name stands in `tests/kill/points.rs` too.
macro_rules! failpoint {
    ($name:literal) => {
        #[cfg(debug_assertions)]
        $crate::failpoint::reached($name);
    };
}
pub(crate) use failpoint;

#[cfg(debug_assertions)]
static HOOK: std::sync::OnceLock<fn(&'static str)> = std::sync::OnceLock::new();

/// Calls the hook, if the process has one.
#[cfg(debug_assertions)]
pub(crate) fn reached(name: &'static str) {
    if let Some(hook) = HOOK.get() {
        hook(name);
    }
}

/// Sets what happens at every place, once in a process: for the program that the tests kill.
#[cfg(debug_assertions)]
#[doc(hidden)]
pub fn on_reached(hook: fn(&'static str)) {
    let _ = HOOK.set(hook);
}
