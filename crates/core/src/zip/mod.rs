//! A ZIP file of files as they are: stored, not compressed, so that any program reads it and every byte of it is plain.
//!
//! APPNOTE.TXT 6.3 sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16 and 4.5.3, with names in UTF-8 and no times. A member whose length is not known before is
//! written through, and its header filled in afterwards; beyond 4 GiB it is ZIP64. Deliberately absent: reading anything but what [`write`] writes.

mod member;

use std::io::{self, Cursor, Seek, SeekFrom, Write};

use member::{ELSEWHERE, LOCAL, Member, end_64, put, too_many};

use crate::problem::{ErrorCode, Problem};

const END: u32 = 0x0605_4b50;

/// A ZIP file that is being written.
pub struct Archive<W> {
    out: W,
    at: u64,
    members: Vec<Member>,
}

impl<W: Write + Seek> Archive<W> {
    /// Begins at the beginning of a file.
    pub const fn new(out: W) -> Self {
        Self {
            out,
            at: 0,
            members: Vec::new(),
        }
    }

    /// Adds a member that is in memory.
    ///
    /// # Errors
    /// What the file system says.
    pub fn add(&mut self, name: &str, content: &[u8]) -> io::Result<()> {
        let member = Member {
            name: name.to_owned(),
            at: self.at,
            length: content.len() as u64,
            crc: crc32fast::hash(content),
            extra: false,
        };
        let head = member.local()?;
        self.put(&head)?;
        self.put(content)?;
        self.members.push(member);
        Ok(())
    }

    /// Adds a member that `fill` writes; answers what `fill` does.
    ///
    /// # Errors
    /// What the file system says; what `fill` does.
    pub fn stream<T, E: From<io::Error>>(
        &mut self,
        name: &str,
        fill: impl FnOnce(&mut Filling<'_, W>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut member = Member {
            name: name.to_owned(),
            at: self.at,
            length: 0,
            crc: 0,
            extra: true,
        };
        let head = member.local()?;
        self.put(&head)?;
        let mut filling = Filling {
            archive: self,
            hasher: crc32fast::Hasher::new(),
            length: 0,
        };
        let filled = fill(&mut filling)?;
        (member.length, member.crc) = (filling.length, filling.hasher.finalize());
        self.out.seek(SeekFrom::Start(member.at))?;
        self.out.write_all(&member.local()?)?;
        self.out.seek(SeekFrom::Start(self.at))?;
        self.members.push(member);
        Ok(filled)
    }

    /// Writes the directory; gives the file back.
    ///
    /// # Errors
    /// What the file system says.
    pub fn finish(mut self) -> io::Result<W> {
        let start = self.at;
        let mut central = Vec::new();
        for member in &self.members {
            member.central(&mut central)?;
        }
        let count = u16::try_from(self.members.len()).map_err(|_| too_many())?;
        let (length, at_64) = (central.len() as u64, start + central.len() as u64);
        if start >= u64::from(ELSEWHERE) {
            end_64(&mut central, (u64::from(count), length, start), at_64);
        }
        let short = |number: u64| u32::try_from(number).unwrap_or(ELSEWHERE);
        put(&mut central, END);
        central.extend_from_slice(&[0; 4]);
        central.extend_from_slice(&count.to_le_bytes());
        central.extend_from_slice(&count.to_le_bytes());
        put(&mut central, short(length));
        put(&mut central, short(start));
        central.extend_from_slice(&[0; 2]);
        self.put(&central)?;
        Ok(self.out)
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)?;
        self.at += bytes.len() as u64;
        Ok(())
    }
}

/// A member while it is written.
pub struct Filling<'a, W> {
    archive: &'a mut Archive<W>,
    hasher: crc32fast::Hasher,
    length: u64,
}

impl<W: Write + Seek> Write for Filling<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.archive.put(bytes)?;
        self.hasher.update(bytes);
        self.length += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.archive.out.flush()
    }
}

/// Writes files, in the order given, in memory.
///
/// # Errors
/// `input_invalid` for more of them than the format holds.
pub fn write(files: &[(String, Vec<u8>)]) -> Result<Vec<u8>, Problem> {
    written(files).map_err(|cause| {
        let hint = "Export it into a directory.";
        Problem::new(
            ErrorCode::InputInvalid,
            "The package is too large for one ZIP file.",
            hint,
        )
        .because(&cause)
    })
}

fn written(files: &[(String, Vec<u8>)]) -> io::Result<Vec<u8>> {
    let mut archive = Archive::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        archive.add(name, content)?;
    }
    archive.finish().map(Cursor::into_inner)
}

/// Reads files that [`write`] wrote; nothing for any other form.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    let mut rest = bytes;
    while let Some(after) = rest.strip_prefix(&LOCAL.to_le_bytes()) {
        let (head, body) = after.split_at_checked(26)?;
        let word = |at: usize| Some(usize::from(u16::from_le_bytes(head.get(at..at + 2)?.try_into().ok()?)));
        let length = u32::from_le_bytes(head.get(14..18)?.try_into().ok()?);
        let (name, body) = body.split_at_checked(word(22)?)?;
        let (content, after) = body.split_at_checked(usize::try_from(length).ok()?)?;
        files.push((std::str::from_utf8(name).ok()?.to_owned(), content.to_vec()));
        rest = after;
    }
    // Whatever was not as it is written makes other bytes.
    (!files.is_empty() && written(&files).ok()? == bytes).then_some(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_through_is_the_file_that_it_would_have_been() {
        let mut archive = Archive::new(Cursor::new(Vec::new()));
        archive.add("a", b"first").unwrap();
        let filled = archive.stream::<_, io::Error>("b", |member| {
            member.write_all(b"out")?;
            member.write_all(b"side")?;
            Ok(7)
        });
        assert_eq!(filled.unwrap(), 7, "what filled it is answered");
        archive.add("c", b"third").unwrap();
        let bytes = archive.finish().unwrap().into_inner();
        let local = bytes.windows(4).filter(|four| **four == LOCAL.to_le_bytes()).count();
        assert_eq!(local, 3, "three members");
        let crc = crc32fast::hash(b"outside").to_le_bytes();
        assert_eq!(
            bytes.windows(4).filter(|four| **four == crc).count(),
            2,
            "its checksum stands before it and in the directory"
        );
        assert!(
            bytes.windows(7).any(|seven| seven == b"outside"),
            "its bytes are as they are"
        );
    }
}
