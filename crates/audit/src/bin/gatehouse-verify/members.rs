//! The members of an evidence bundle: a folder's files, or those of a ZIP file with stored members.
//!
//! Deliberately absent: compression, and any path that leads out of the bundle.

use std::collections::BTreeMap;
use std::path::Path;

/// The largest bundle that is read, in bytes.
const MAX_BUNDLE: u64 = 4 << 30;
/// The length of the record at a ZIP file's end, without a comment.
const END_RECORD: usize = 22;
/// The names that a bundle may have.
const NAMES: [&str; 7] = [
    "bundle.json",
    "entries.jsonl",
    "checkpoint.txt",
    "witnessed.jsonl",
    "verify.py",
    "README.txt",
    "report.pdf",
];

/// Members by name.
pub type Members = BTreeMap<String, Vec<u8>>;

/// Tells whether a file begins as a ZIP file does.
pub fn is_zip(path: &Path) -> bool {
    use std::io::Read;
    let mut begin = [0; 4];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut begin));
    read.is_ok() && begin == *b"PK\x03\x04"
}

/// Reads all members; nothing of a ZIP file that is damaged, or none of ours.
pub fn read(path: &Path) -> Result<Option<Members>, String> {
    if path.is_dir() {
        return folder(path).map(Some);
    }
    let large = std::fs::metadata(path).is_ok_and(|meta| meta.len() > MAX_BUNDLE);
    if large {
        return Err("the bundle is larger than 4 GiB; unpack it and name the folder".to_owned());
    }
    let bytes = std::fs::read(path).map_err(|fault| format!("the bundle cannot be read: {fault}"))?;
    Ok(zip(&bytes))
}

fn folder(path: &Path) -> Result<Members, String> {
    let mut members = Members::new();
    for name in NAMES {
        let file = path.join(name);
        if file.is_file() {
            let bytes = std::fs::read(&file).map_err(|fault| format!("{name} cannot be read: {fault}"))?;
            members.insert(name.to_owned(), bytes);
        }
    }
    Ok(members)
}

/// Reads by the central directory, as every unpacker does.
fn zip(bytes: &[u8]) -> Option<Members> {
    let end = bytes.windows(4).rposition(|window| window == b"PK\x05\x06")?;
    bytes.get(end..end + END_RECORD)?;
    let (count, mut at) = (short(bytes, end + 10)?, long(bytes, end + 16)?);
    let mut members = Members::new();
    for _ in 0..count {
        if bytes.get(at..at + 4)? != b"PK\x01\x02" || short(bytes, at + 10)? != 0 {
            return None;
        }
        let (size, name_len) = (long(bytes, at + 24)?, short(bytes, at + 28)?);
        let name = String::from_utf8(bytes.get(at + 46..at + 46 + name_len)?.to_vec()).ok()?;
        let local = long(bytes, at + 42)?;
        let begin = local + 30 + short(bytes, local + 26)? + short(bytes, local + 28)?;
        let content = bytes.get(begin..begin.checked_add(size)?)?.to_vec();
        if members.insert(name, content).is_some() {
            return None;
        }
        at += 46 + name_len + short(bytes, at + 30)? + short(bytes, at + 32)?;
    }
    Some(members)
}

fn short(bytes: &[u8], at: usize) -> Option<usize> {
    let pair: [u8; 2] = bytes.get(at..at + 2)?.try_into().ok()?;
    Some(usize::from(u16::from_le_bytes(pair)))
}

fn long(bytes: &[u8], at: usize) -> Option<usize> {
    let four: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
    usize::try_from(u32::from_le_bytes(four)).ok()
}
