//! Keeps the process's memory, and with it keys, out of core dumps and away from other programs of the same user.
//!
//! A program calls it first thing in `main`. It also keeps debuggers off (on Linux), which is the same door. Deliberately absent: any
//! way to switch it off; who needs a core dump builds their own.

/// Allows no core dump of this process from now on; answers whether the system obeyed.
#[cfg(unix)]
pub fn keep_out_of_core_dumps() -> bool {
    use rustix::process::{Resource, Rlimit, setrlimit};

    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let limited = setrlimit(Resource::Core, none).is_ok();
    limited && undumpable()
}

/// Not even a dump that is piped to a program, which no limit holds back.
#[cfg(target_os = "linux")]
fn undumpable() -> bool {
    use rustix::process::{DumpableBehavior, set_dumpable_behavior};

    set_dumpable_behavior(DumpableBehavior::NotDumpable).is_ok()
}

#[cfg(all(unix, not(target_os = "linux")))]
fn undumpable() -> bool {
    true
}

/// Windows writes dumps where its error reporting is told to, which is not a program's own to say.
#[cfg(not(unix))]
pub fn keep_out_of_core_dumps() -> bool {
    false
}
