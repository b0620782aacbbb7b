//! The evidence bundle: entries with what proves them, for a stranger who has nothing of ours (docs/audit-format.md section 12).
//!
//! One ZIP file of stored members, written through: entries with their paths, the checkpoint, what witnesses signed, the keys, a verifier in
//! Python and a page for people. Deliberately absent: any claim that is not in these bytes; the page only repeats them.

mod counts;
mod facts;
mod lines;
mod page;
mod tree;
mod witnessed;

use std::io::Write;

use gatehouse_audit::archive::Announced;
use gatehouse_audit::{Report, Verdict};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::landing::Landing;
use super::{Passage, unreadable};
use crate::acts::PersonKey;
use crate::problem::{ErrorCode, Problem, ways};
use crate::zip::Archive;
use counts::Counts;
use facts::File;
use lines::Line;
use tree::KeptNodes;
use witnessed::Witnesses;

const README: &str = include_str!("README.txt");

/// Who signs a bundle, and what is told of its making.
pub struct Maker {
    /// The person key.
    pub key: PersonKey,
    /// What the signer is called, where a profile says it.
    pub name: Option<String>,
    /// The verification that was made for it.
    pub report: Report,
    /// When, milliseconds since 1970.
    pub now_ms: i64,
}

/// Refuses to make evidence of a log that does not verify.
///
/// # Errors
/// `verification_failed`.
pub fn demand_intact(report: &Report) -> Result<(), Problem> {
    if report.verdict == Verdict::Intact {
        return Ok(());
    }
    Err(Problem::new(
        ErrorCode::VerificationFailed,
        format!(
            "The log does not verify ({}): {} Its entries prove nothing.",
            report.verdict, report.reason
        ),
        ways(
            "Keep the files as they are and tell your auditor; --format jsonl writes what can be read.",
            "Keep the files as they are and tell your auditor; JSON Lines hold what can be read.",
        ),
    ))
}

/// Writes a bundle; answers how many entries it has.
pub fn write(passage: &mut Passage<'_>, maker: &Maker, out: &mut Landing) -> Result<u64, Problem> {
    let snapshot = passage.snapshot;
    let archived = snapshot.archived()?;
    let telling = snapshot.epochs()?.into_iter().map(|epoch| epoch.first_seq);
    for seq in telling.chain(archived.as_ref().map(|told| told.seq)) {
        passage.chosen.add(seq);
    }
    let mut made = Made {
        counts: Counts::default(),
        witnesses: Witnesses::default(),
        whole: archived.is_none() && passage.chosen.count(1, snapshot.size) == snapshot.size,
        archived,
    };
    let mut archive = Archive::new(&mut *out);
    let entries = archive.stream::<_, Failed>("entries.jsonl", |member| {
        let mut file = File::through("entries.jsonl", member);
        let count = made.entries(passage, &mut file)?;
        Ok((count, file.told()))
    });
    let (count, file) = entries.map_err(|failed| failed.told(passage))?;
    let finished = rest(archive, passage, maker, &made, (count, file))?;
    finished.map_err(|cause| out.refused(&cause))?;
    Ok(count)
}

/// All members after the entries; what the disk says of them.
fn rest(
    mut archive: Archive<&mut Landing>,
    passage: &Passage<'_>,
    maker: &Maker,
    made: &Made,
    (count, entries): (u64, Value),
) -> Result<std::io::Result<()>, Problem> {
    let (seen, checkpoint) = (made.witnesses.lines(passage.snapshot)?, passage.snapshot.checkpoint()?);
    let plain = [
        ("checkpoint.txt", checkpoint.as_bytes()),
        ("witnessed.jsonl", seen.as_slice()),
        ("verify.py", gatehouse_audit::VERIFIER.as_bytes()),
        ("README.txt", README.as_bytes()),
    ];
    let files = plain.iter().map(|(name, content)| facts::told(name, content));
    let files = std::iter::once(entries).chain(files).collect();
    let told = facts::bundle(passage, maker, made, (count, files))?;
    let page = page::write(passage, maker, made, &told)?;
    let signed = [("bundle.json", told.bytes.as_slice()), ("report.pdf", page.as_slice())];
    let mut members = plain.into_iter().chain(signed);
    Ok(members
        .try_for_each(|(name, content)| archive.add(name, content))
        .and_then(|()| archive.finish().map(drop)))
}

/// What was learnt while the entries went by.
struct Made {
    counts: Counts,
    witnesses: Witnesses,
    /// Every entry is there, so that their own tree is the proof.
    whole: bool,
    /// What the log tells of entries that are not here, because they were archived.
    archived: Option<Announced>,
}

impl Made {
    fn entries(&mut self, passage: &Passage<'_>, file: &mut impl Write) -> Result<u64, Failed> {
        let nodes = KeptNodes::new(passage.snapshot);
        let mut line = Line::default();
        let count = passage.every(|entry, chosen| {
            self.witnesses.look(entry);
            if !chosen {
                return Ok(());
            }
            let path = if self.whole { None } else { Some(nodes.path(entry.seq)?) };
            self.counts
                .add(entry, passage.wanted.redact)
                .ok_or_else(|| unreadable(entry.seq))?;
            let bytes = line.of(entry, path.as_deref(), passage.wanted.redact);
            let bytes = bytes.ok_or_else(|| unreadable(entry.seq))?;
            file.write_all(bytes).map_err(Failed::Disk)
        })?;
        Ok(count)
    }
}

/// Why the entries did not all get into the file.
enum Failed {
    /// A problem in words already.
    Told(Problem),
    /// The disk's.
    Disk(std::io::Error),
}

impl Failed {
    fn told(self, passage: &Passage<'_>) -> Problem {
        match self {
            Self::Told(problem) => problem,
            Self::Disk(cause) => (passage.refused)(&cause),
        }
    }
}

impl From<Problem> for Failed {
    fn from(problem: Problem) -> Self {
        Self::Told(problem)
    }
}

impl From<gatehouse_audit::LogError> for Failed {
    fn from(fault: gatehouse_audit::LogError) -> Self {
        Self::Told(fault.into())
    }
}

impl From<std::io::Error> for Failed {
    fn from(cause: std::io::Error) -> Self {
        Self::Disk(cause)
    }
}

/// SHA-256 of bytes, hex.
fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
