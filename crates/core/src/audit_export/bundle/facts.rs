//! `bundle.json`: what the bundle is, the hash of each file, and the signature of whoever made it.

use std::io::{self, Write};

use gatehouse_audit::canonical;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{Made, Maker, sha256};
use crate::access::signed_file;
use crate::audit_export::Passage;
use crate::problem::Problem;
use crate::signature;

/// Stands before the signed bytes.
const CONTEXT: &str = "gatehouse-audit-bundle/v1\n";
/// The longest that is written.
const MOST: usize = 1024 * 1024;

/// A member that is written through, hashed on the way.
pub struct File<'a, W> {
    name: &'static str,
    out: &'a mut W,
    hasher: Sha256,
    bytes: u64,
}

impl<'a, W: Write> File<'a, W> {
    /// Begins one.
    pub fn through(name: &'static str, out: &'a mut W) -> Self {
        Self {
            name,
            out,
            hasher: Sha256::new(),
            bytes: 0,
        }
    }

    /// Its name, length and hash.
    pub fn told(self) -> Value {
        json!({ "name": self.name, "bytes": self.bytes, "sha256": hex::encode(self.hasher.finalize()) })
    }
}

impl<W: Write> Write for File<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hasher.update(bytes.get(..written).unwrap_or_default());
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The same of a member that is in memory.
pub fn told(name: &str, content: &[u8]) -> Value {
    json!({ "name": name, "bytes": content.len(), "sha256": sha256(content) })
}

/// `bundle.json` and what the page says of it.
pub struct Told {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Their SHA-256, hex.
    pub sha256: String,
    /// The log's id.
    pub log: String,
    /// The root, hex.
    pub root: String,
    /// How many entries.
    pub entries: u64,
}

/// Writes and signs it.
pub fn bundle(
    passage: &Passage<'_>,
    maker: &Maker,
    made: &Made,
    (entries, files): (u64, Vec<Value>),
) -> Result<Told, Problem> {
    let (log, root) = (passage.snapshot.log_id()?, hex::encode(passage.snapshot.root()?));
    let mut object = object(passage, maker, made)?;
    object.insert("log".into(), log.as_str().into());
    object.insert("root".into(), root.as_str().into());
    object.insert("entries".into(), entries.into());
    object.insert("files".into(), files.into());
    let written =
        signature::sign(CONTEXT, &mut object, &maker.key, MOST).and_then(|()| canonical::write(&object, MOST));
    let mut bytes = written.map_err(|cause| Problem::internal("write a bundle", &cause))?;
    bytes.push(b'\n');
    Ok(Told {
        sha256: sha256(&bytes),
        bytes,
        log,
        root,
        entries,
    })
}

/// What was asked for, by whose keys it is proven, and when it was made.
fn object(passage: &Passage<'_>, maker: &Maker, made: &Made) -> Result<Map<String, Value>, Problem> {
    let (snapshot, wanted) = (passage.snapshot, passage.wanted);
    let epochs = snapshot.epochs()?.into_iter();
    let epochs =
        epochs.map(|row| json!({ "epoch": row.epoch, "first_seq": row.first_seq, "key": hex::encode(row.key) }));
    let witnesses = made.witnesses.named(wanted.redact).into_iter();
    let witnesses = witnesses.map(|(key, name)| json!({ "key": key, "name": name }));
    let members = [
        ("format", "gatehouse-audit-bundle".into()),
        ("v", 1.into()),
        ("made_at", signed_file::time(maker.now_ms).into()),
        ("query", wanted.query.trim().into()),
        ("redacted", wanted.redact.into()),
        ("size", snapshot.size.into()),
        ("epochs", epochs.collect::<Vec<Value>>().into()),
        ("witnesses", witnesses.collect::<Vec<Value>>().into()),
    ];
    let archived = made.archived.iter().flat_map(|told| {
        [
            ("archived", told.size.into()),
            ("archived_leaf", hex::encode(told.last_leaf).into()),
        ]
    });
    Ok(members
        .into_iter()
        .chain(archived)
        .map(|(name, value)| (name.to_owned(), value))
        .collect())
}
