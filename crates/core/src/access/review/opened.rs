//! A package as it lies on a disk: a directory, or the ZIP file that we write. Every length is judged before anything is read.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use super::check::{Checked, check};
use super::document::MAX_FILE;
use crate::problem::{ErrorCode, Problem};
use crate::zip;

/// The longest package in one ZIP file.
const MAX_ZIP: u64 = 1 << 30;

/// Checks a package, given the directory or the ZIP file.
///
/// # Errors
/// `verification_failed` with the first thing that is not in order; `input_invalid` for a place that holds no package.
pub fn check_at(place: &Path) -> Result<Checked, Problem> {
    if place.is_dir() {
        let most = u64::try_from(MAX_FILE).unwrap_or(u64::MAX);
        return check(&|name| read(&place.join(name), most));
    }
    let bytes = read(place, MAX_ZIP).ok_or_else(|| unreadable(place))?;
    let files: BTreeMap<String, Vec<u8>> = zip::read(&bytes)
        .ok_or_else(|| unreadable(place))?
        .into_iter()
        .collect();
    check(&|name| files.get(name).cloned())
}

/// Reads a task or what was handed in; its length is judged before it is read.
///
/// # Errors
/// `input_invalid` for a file that cannot be read, `review_file_damaged` for one that is too long.
pub fn read_file(path: &Path) -> Result<Vec<u8>, Problem> {
    let length = std::fs::metadata(path).map(|file| file.len());
    let length = length.map_err(|cause| unopened(path).because(&cause))?;
    let most = u64::try_from(MAX_FILE).unwrap_or(u64::MAX);
    if length > most {
        return Err(super::document::damaged("It is longer than any review."));
    }
    read(path, most).ok_or_else(|| unopened(path))
}

fn unopened(path: &Path) -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        format!("{} cannot be read.", path.display()),
        "Name a file that is there and that you may read.",
    )
}

fn read(path: &Path, most: u64) -> Option<Vec<u8>> {
    let file = std::fs::File::open(path).ok()?;
    if !file.metadata().ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes).ok()?;
    (u64::try_from(bytes.len()).ok()? <= most).then_some(bytes)
}

fn unreadable(place: &Path) -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        format!("{} is no evidence package that can be read.", place.display()),
        "Name the directory, or the ZIP file as it was exported; unpack one that was packed by another program.",
    )
}
