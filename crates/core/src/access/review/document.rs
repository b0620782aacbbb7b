//! Documents of reviews: a head and numbered lines, each canonical JSON, and the SHA-256 over all of it.
//!
//! One JSON object a line (RFC 8785, restricted as the audit log's), each with its newline: a file of 200,000 lines is written, hashed and
//! read without holding it as one value. What comes from outside is hostile: every length is bounded before it is read.

use gatehouse_audit::canonical;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

pub(crate) use crate::access::signed_file::{time, unix_ms};
use crate::problem::{ErrorCode, Problem};

/// JSON members of one line.
pub type Members = Map<String, Value>;

/// The longest file from outside, in bytes.
pub const MAX_FILE: usize = 256 * 1024 * 1024;
/// The most lines that a snapshot has.
pub const MAX_LINES: u32 = 250_000;
/// The longest line.
const MAX_LINE: usize = canonical::MAX_ENTRY;

/// A hash that grows line by line.
#[derive(Default)]
pub struct Hasher(Sha256);

impl Hasher {
    /// Takes one line in.
    pub fn line(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
        self.0.update(b"\n");
    }

    /// The hash in hex.
    #[must_use]
    pub fn finish(self) -> String {
        hex::encode(self.0.finalize())
    }
}

/// A document as it is written: bytes and hash.
#[derive(Default)]
pub struct Writer {
    bytes: Vec<u8>,
    hasher: Hasher,
}

impl Writer {
    /// Appends a line that is canonical already.
    pub fn line(&mut self, line: &[u8]) {
        self.hasher.line(line);
        self.bytes.extend_from_slice(line);
        self.bytes.push(b'\n');
    }

    /// Appends a line.
    ///
    /// # Errors
    /// `internal` should it not fit the canonical form.
    pub fn members(&mut self, members: &Members) -> Result<(), Problem> {
        self.line(&write(members)?);
        Ok(())
    }

    /// The document and its hash.
    #[must_use]
    pub fn finish(self) -> (Vec<u8>, String) {
        (self.bytes, self.hasher.finish())
    }
}

/// One canonical line, without its newline.
///
/// # Errors
/// `internal` should it not fit the canonical form.
pub fn write(members: &Members) -> Result<Vec<u8>, Problem> {
    canonical::write(members, MAX_LINE).map_err(|cause| Problem::internal("write a review", &cause))
}

/// One canonical line, read.
///
/// # Errors
/// `review_file_damaged`, with the rule that is broken.
pub fn read(line: &[u8]) -> Result<Members, Problem> {
    canonical::parse(line, MAX_LINE).map_err(|fault| damaged(&format!("In one of its lines, {fault}.")))
}

/// A file: a document, and the seal under it.
#[derive(Debug)]
pub struct Sealed<'a> {
    /// The document's head.
    pub head: Members,
    /// The document's lines, in order, as they stand in the file.
    pub lines: Vec<&'a [u8]>,
    /// SHA-256 of the document, hex.
    pub sha256: String,
    /// The seal's line.
    pub seal: Members,
}

/// Splits a file into document and seal; neither hash nor signature is judged here.
///
/// # Errors
/// `review_file_damaged` for a file that is too long, not of canonical lines, or whose head names another number of lines.
pub fn split(bytes: &[u8]) -> Result<Sealed<'_>, Problem> {
    if bytes.len() > MAX_FILE {
        return Err(damaged("It is longer than any review."));
    }
    let text = bytes
        .strip_suffix(b"\n")
        .ok_or_else(|| damaged("It does not end as it was written."))?;
    let most = MAX_LINES as usize + 2;
    let mut lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').take(most + 1).collect();
    if lines.len() > most {
        return Err(damaged("It has more lines than any review."));
    }
    let seal = lines.pop().filter(|_| !lines.is_empty());
    let seal = seal.ok_or_else(|| damaged("It ends before its signature."))?;
    let mut hasher = Hasher::default();
    lines.iter().for_each(|line| hasher.line(line));
    let head = read(lines.remove(0))?;
    if head.get("lines").and_then(Value::as_u64) != u64::try_from(lines.len()).ok() {
        return Err(damaged("It has not as many lines as it says."));
    }
    Ok(Sealed {
        head,
        lines,
        sha256: hasher.finish(),
        seal: read(seal)?,
    })
}

/// A member that is a string.
#[must_use]
pub fn text<'a>(members: &'a Members, name: &str) -> Option<&'a str> {
    members.get(name).and_then(Value::as_str)
}

/// A member that is a number of ours: a line, a count.
#[must_use]
pub fn number(members: &Members, name: &str) -> Option<u32> {
    members.get(name).and_then(Value::as_u64)?.try_into().ok()
}

/// What is said of a file that cannot be used.
pub fn damaged(why: &str) -> Problem {
    Problem::new(
        ErrorCode::ReviewFileDamaged,
        format!("The review file cannot be used. {why}"),
        "Ask whoever sent it for the file once more, and carry it unchanged.",
    )
}
