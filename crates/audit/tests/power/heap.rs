//! SQLite's memory, of which any allocation can be refused.

use std::ffi::{c_int, c_void};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, Ordering};

use rusqlite::ffi::{SQLITE_CONFIG_GETMALLOC, SQLITE_CONFIG_MALLOC, SQLITE_OK, sqlite3_config, sqlite3_mem_methods};

/// Allocations that still succeed; negative when none is to be refused.
static LEFT: AtomicI64 = AtomicI64::new(i64::MAX);
static LASTING: AtomicI64 = AtomicI64::new(0);

/// The system's allocator.
struct System(sqlite3_mem_methods);

// SAFETY: the table is never changed after it was read, and its functions may be called from any thread.
unsafe impl Send for System {}
// SAFETY: as above.
unsafe impl Sync for System {}

static SYSTEM: LazyLock<System> = LazyLock::new(|| {
    // SAFETY: SQLite fills the table that it is given.
    unsafe {
        let mut methods: sqlite3_mem_methods = std::mem::zeroed();
        assert_eq!(
            sqlite3_config(SQLITE_CONFIG_GETMALLOC, &raw mut methods),
            SQLITE_OK,
            "SQLite tells its allocator"
        );
        System(methods)
    }
});

/// Puts the allocator in place: before SQLite's first use in the process.
pub fn install() {
    static DONE: LazyLock<()> = LazyLock::new(|| {
        let mut ours = SYSTEM.0;
        ours.xMalloc = Some(malloc);
        ours.xRealloc = Some(realloc);
        // SAFETY: SQLite copies the table.
        let code = unsafe { sqlite3_config(SQLITE_CONFIG_MALLOC, &raw const ours) };
        assert_eq!(code, SQLITE_OK, "SQLite was not used before");
    });
    LazyLock::force(&DONE);
}

/// Refuses the allocation after so many, and all later ones if it is to last.
pub fn refuse_after(count: u64, lasting: bool) {
    LASTING.store(i64::from(lasting), Ordering::SeqCst);
    LEFT.store(i64::try_from(count).unwrap_or(i64::MAX), Ordering::SeqCst);
}

/// Refuses nothing any more; tells whether anything was refused.
pub fn refuse_nothing() -> bool {
    LEFT.swap(i64::MAX, Ordering::SeqCst) < 0
}

fn refused() -> bool {
    let left = LEFT.fetch_sub(1, Ordering::SeqCst);
    left == 0 || (left < 0 && LASTING.load(Ordering::SeqCst) == 1)
}

unsafe extern "C" fn malloc(size: c_int) -> *mut c_void {
    if refused() {
        return std::ptr::null_mut();
    }
    // SAFETY: the argument is SQLite's own.
    unsafe { SYSTEM.0.xMalloc.expect("there is an allocator")(size) }
}

unsafe extern "C" fn realloc(old: *mut c_void, size: c_int) -> *mut c_void {
    if refused() {
        return std::ptr::null_mut();
    }
    // SAFETY: the arguments are SQLite's own.
    unsafe { SYSTEM.0.xRealloc.expect("there is an allocator")(old, size) }
}
