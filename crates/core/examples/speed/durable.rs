//! Adds up how long the log's durable writes take, so that they can be told from our own share.
//!
//! This program's `fdatasync` stands before the C library's, for SQLite too; it passes each call on. Deliberately absent: other
//! files. What `gatehouse.db` waits for is our own share. Off Linux nothing is added up.

use std::sync::atomic::{AtomicU64, Ordering};

static SPENT_NS: AtomicU64 = AtomicU64::new(0);

/// The time the log waited for the disk since the last call, ms.
pub fn take_ms() -> f64 {
    std::time::Duration::from_nanos(SPENT_NS.swap(0, Ordering::Relaxed)).as_secs_f64() * 1000.0
}

#[cfg(target_os = "linux")]
mod counted {
    #![expect(
        unsafe_code,
        reason = "one C function is replaced by a counting one of the same shape"
    )]

    use std::ffi::{CStr, c_char, c_int, c_void};
    use std::sync::OnceLock;
    use std::sync::atomic::Ordering;
    use std::time::Instant;

    type Sync = unsafe extern "C" fn(c_int) -> c_int;

    const NAME: &CStr = c"fdatasync";
    const NEXT: *mut c_void = -1_isize as *mut c_void;

    unsafe extern "C" {
        fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
    }

    fn next() -> Sync {
        static FOUND: OnceLock<Sync> = OnceLock::new();
        *FOUND.get_or_init(|| {
            // SAFETY: `NEXT` is RTLD_NEXT, and the name ends in a zero byte.
            let found = unsafe { dlsym(NEXT, NAME.as_ptr()) };
            assert!(!found.is_null(), "the C library has fdatasync");
            // SAFETY: POSIX gives fdatasync this shape.
            unsafe { std::mem::transmute::<*mut c_void, Sync>(found) }
        })
    }

    // SAFETY: it has the shape of the function that it stands before, and does what that does.
    #[unsafe(no_mangle)]
    extern "C" fn fdatasync(file: c_int) -> c_int {
        let begin = Instant::now();
        // SAFETY: the caller's own descriptor is passed on.
        let done = unsafe { next()(file) };
        let took = begin.elapsed();
        let path = std::fs::read_link(format!("/proc/self/fd/{file}"));
        if path.is_ok_and(|path| path.file_name().is_some_and(|name| name == "audit.db-wal")) {
            let nanos = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
            super::SPENT_NS.fetch_add(nanos, Ordering::Relaxed);
        }
        done
    }
}
