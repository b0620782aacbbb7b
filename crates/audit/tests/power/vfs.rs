//! A file system for SQLite that is the system's own, and tells `disk` of each call first.
//!
//! The one file of tests with unsafe code, besides `heap`: SQLite's interface is C. The shim keeps the system's file object and
//! exchanges its table of methods; the true table is found again by the object's address.

use std::collections::HashMap;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};

use rusqlite::ffi::{
    SQLITE_OK, sqlite3_file, sqlite3_int64, sqlite3_io_methods, sqlite3_vfs, sqlite3_vfs_find, sqlite3_vfs_register,
};

use crate::disk::disk;

/// An open file: its path and the true table of methods, whose address outlives the process.
#[derive(Clone)]
struct Open {
    path: PathBuf,
    methods: usize,
}

static OPEN: LazyLock<Mutex<HashMap<usize, Open>>> = LazyLock::new(Mutex::default);

/// The system's file system.
static SYSTEM: LazyLock<usize> = LazyLock::new(|| {
    // SAFETY: a null name asks for the default file system, which SQLite keeps for ever.
    unsafe { sqlite3_vfs_find(std::ptr::null()) as usize }
});

/// Makes this file system SQLite's default, once in a process.
pub fn install() {
    static DONE: LazyLock<()> = LazyLock::new(|| {
        let system = *SYSTEM as *mut sqlite3_vfs;
        // SAFETY: `system` is a live table; its copy is leaked, so that SQLite may keep it. The name is a literal.
        let code = unsafe {
            let mut ours = *system;
            ours.zName = c"power".as_ptr();
            ours.pNext = std::ptr::null_mut();
            ours.xOpen = Some(open);
            ours.xDelete = Some(delete);
            sqlite3_vfs_register(Box::leak(Box::new(ours)), 1)
        };
        assert_eq!(code, SQLITE_OK, "SQLite takes the file system");
    });
    LazyLock::force(&DONE);
}

fn named(name: *const c_char) -> PathBuf {
    if name.is_null() {
        return PathBuf::new();
    }
    // SAFETY: SQLite gives a name that ends with a zero byte.
    PathBuf::from(unsafe { CStr::from_ptr(name) }.to_string_lossy().into_owned())
}

unsafe extern "C" fn open(
    _: *mut sqlite3_vfs,
    name: *const c_char,
    file: *mut sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    let path = named(name);
    if let Some(disk) = disk().as_mut() {
        disk.opened(&path);
    }
    let system = *SYSTEM as *mut sqlite3_vfs;
    // SAFETY: the arguments are SQLite's own; the object has the system's size, because our table is a copy of the system's.
    unsafe {
        let code = (*system).xOpen.expect("the system opens files")(system, name, file, flags, out);
        if code == SQLITE_OK && !(*file).pMethods.is_null() {
            let methods = (*file).pMethods;
            let known = Open {
                path,
                methods: methods as usize,
            };
            OPEN.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(file as usize, known);
            let mut ours = *methods;
            ours.xClose = Some(close);
            ours.xRead = Some(read);
            ours.xWrite = Some(write);
            ours.xTruncate = Some(truncate);
            ours.xSync = Some(sync);
            (*file).pMethods = Box::leak(Box::new(ours));
        }
        code
    }
}

unsafe extern "C" fn delete(_: *mut sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    if let Some(Err(code)) = disk().as_mut().map(|disk| disk.delete(&named(name))) {
        return code;
    }
    let system = *SYSTEM as *mut sqlite3_vfs;
    // SAFETY: the arguments are SQLite's own.
    unsafe { (*system).xDelete.expect("the system deletes files")(system, name, sync) }
}

fn opened(file: *mut sqlite3_file) -> Open {
    let open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    open.get(&(file as usize))
        .expect("SQLite calls only for open files")
        .clone()
}

/// The true table of methods.
fn system(open: &Open) -> &'static sqlite3_io_methods {
    // SAFETY: the address was taken from an open file of the system, whose tables are static.
    unsafe { &*(open.methods as *const sqlite3_io_methods) }
}

/// Tells the disk; its fault ends the call.
fn tell(path: &Path, what: impl FnOnce(&mut crate::disk::Disk, &Path) -> Result<(), i32>) -> Result<(), i32> {
    disk().as_mut().map_or(Ok(()), |disk| what(disk, path))
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    let open = opened(file);
    OPEN.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .remove(&(file as usize));
    // SAFETY: the object goes back to the system with its own table.
    unsafe {
        (*file).pMethods = open.methods as *const sqlite3_io_methods;
        system(&open).xClose.expect("the system closes files")(file)
    }
}

unsafe extern "C" fn read(file: *mut sqlite3_file, to: *mut c_void, count: c_int, at: sqlite3_int64) -> c_int {
    let open = opened(file);
    if let Err(code) = tell(&open.path, |disk, path| disk.read(path)) {
        return code;
    }
    // SAFETY: the arguments are SQLite's own.
    unsafe { system(&open).xRead.expect("the system reads files")(file, to, count, at) }
}

unsafe extern "C" fn write(file: *mut sqlite3_file, from: *const c_void, count: c_int, at: sqlite3_int64) -> c_int {
    let open = opened(file);
    // SAFETY: SQLite gives `count` readable bytes.
    let bytes = unsafe { std::slice::from_raw_parts(from.cast::<u8>(), usize::try_from(count).unwrap_or(0)) };
    if let Err(code) = tell(&open.path, |disk, path| {
        disk.write(path, usize::try_from(at).unwrap_or(0), bytes)
    }) {
        return code;
    }
    // SAFETY: the arguments are SQLite's own.
    unsafe { system(&open).xWrite.expect("the system writes files")(file, from, count, at) }
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, size: sqlite3_int64) -> c_int {
    let open = opened(file);
    if let Err(code) = tell(&open.path, |disk, path| {
        disk.truncate(path, usize::try_from(size).unwrap_or(0))
    }) {
        return code;
    }
    // SAFETY: the arguments are SQLite's own.
    unsafe { system(&open).xTruncate.expect("the system cuts files")(file, size) }
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, flags: c_int) -> c_int {
    let open = opened(file);
    if let Err(code) = tell(&open.path, |disk, path| disk.sync(path)) {
        return code;
    }
    // SAFETY: the arguments are SQLite's own.
    unsafe { system(&open).xSync.expect("the system syncs files")(file, flags) }
}
