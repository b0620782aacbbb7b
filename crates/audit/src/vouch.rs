//! What the log hands to witnesses, and what it holds of them: checkpoints, questions, entries of one kind.
//!
//! Deliberately absent: what is believed of an answer; that is judged where the keys of persons are known.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::archive;
use crate::body::Body;
use crate::entry::Entry;
use crate::error::LogError;
use crate::note::{self, Checkpoint};
use crate::proof;
use crate::reader::Reader;
use crate::store::{keep_rows, rows};
use crate::witness::{self, Question};

impl Reader {
    /// The question whether a witness who kept the checkpoint at `old` (0: none yet) co-signs the newest one.
    ///
    /// # Errors
    /// [`LogError::Refused`] when the log is shorter than `old`; [`LogError::Damaged`] when a subtree or the checkpoint is missing.
    pub fn question(&self, old: u64) -> Result<Question, LogError> {
        self.with_snapshot(|conn| {
            let size = rows::size(conn)?;
            if old > size {
                return Err(LogError::Refused(format!("the log has {size} entries only, not {old}")));
            }
            let epochs = rows::epochs(conn)?;
            let epoch = epochs.last().ok_or_else(|| missing("its epoch"))?;
            let note = rows::checkpoint(conn, size)?.flatten();
            let note = note.ok_or_else(|| missing("the newest checkpoint"))?;
            let proof = match old {
                0 => Vec::new(),
                old => proof::consistency(old, size, &|level, idx| rows::node(conn, level, idx))?,
            };
            let note = format!("{note}{}\n", witness::key_line(&epoch.log_id, &epoch.key));
            Ok(Question { old, proof, note })
        })
    }

    /// The newest checkpoint: a signed note.
    ///
    /// # Errors
    /// [`LogError::Damaged`] when it is missing; the file cannot be read.
    pub fn checkpoint(&self) -> Result<String, LogError> {
        self.with_snapshot(|conn| {
            let note = rows::checkpoint(conn, rows::size(conn)?)?.flatten();
            note.ok_or_else(|| missing("the newest checkpoint"))
        })
    }

    /// The public checkpoint key in force, as the file says.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn checkpoint_key(&self) -> Result<Option<[u8; 32]>, LogError> {
        self.with_snapshot(|conn| Ok(rows::epochs(conn)?.last().map(|epoch| epoch.key)))
    }

    /// What the log says of its first `size` entries, from its stored subtrees; nothing for more entries than it has.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn checkpoint_at(&self, size: u64) -> Result<Option<Checkpoint>, LogError> {
        self.with_snapshot(|conn| {
            if size == 0 || size > rows::size(conn)? {
                return Ok(None);
            }
            let frontier = rows::frontier(conn, size)?;
            Ok(frontier.map(|frontier| Checkpoint {
                size,
                root: frontier.root(),
            }))
        })
    }

    /// The text of the checkpoint over the first `size` entries, as it is signed and co-signed.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn checkpoint_text(&self, size: u64) -> Result<Option<String>, LogError> {
        let id = self.log_id()?.unwrap_or_default();
        let found = self.checkpoint_at(size)?;
        Ok(found.map(|checkpoint| note::text(&id, &checkpoint)))
    }

    /// For each key that signs for Klarna: how many of the first `size` entries are intents with a token of it, archived ones included.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn signed_tokens(&self, size: u64) -> Result<BTreeMap<String, u64>, LogError> {
        self.with_snapshot(|conn| {
            let first = keep_rows::first_seq(conn)?;
            let archives = archive::announced(conn)?;
            let before = archives.into_iter().find(|told| told.size + 1 == first);
            let mut counts = before.map(|told| told.signatures).unwrap_or_default();
            for (key, count) in keep_rows::signed_tokens(conn, size)? {
                *counts.entry(key).or_insert(0) += count;
            }
            Ok(counts)
        })
    }

    /// The entries whose side row names a person by this e-mail address: in `sub` or `principal`, in the claims of a token, or anywhere in what
    /// somebody wrote or searched for.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn private_of(&self, address: &str) -> Result<Vec<u64>, LogError> {
        let found = self.with_snapshot(|conn| keep_rows::privates_with(conn, address))?;
        let of = found.into_iter().filter(|(_, json)| names(json, address));
        Ok(of.map(|(seq, _)| seq).collect())
    }

    /// The last entry whose kind begins so; read from the log itself, backwards, so that nobody waits for the read model.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn last_of(&self, begins: &str) -> Result<Option<Entry>, LogError> {
        self.with_snapshot(|conn| {
            let mut last = None;
            rows::each_event_back(conn, &format!("\"kind\":\"{begins}"), |row| {
                let entry = Entry::of(u64::try_from(row.seq).unwrap_or(0), row, None);
                last = entry.body.kind.starts_with(begins).then_some(entry);
                last.is_none()
            })?;
            Ok(last)
        })
    }

    /// The entries of a kind, oldest first; read from the log itself.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn of_kind(&self, kind: &str) -> Result<Vec<Body>, LogError> {
        self.of_kind_after(kind, 0)
    }

    /// The same among the entries after one.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn of_kind_after(&self, kind: &str, seq: u64) -> Result<Vec<Body>, LogError> {
        let text = format!("\"kind\":\"{kind}\"");
        let bodies = self.with_snapshot(|conn| rows::bodies_with(conn, &text, seq + 1))?;
        let read = bodies.iter().filter_map(|bytes| Body::from_bytes(bytes).ok());
        Ok(read.filter(|body| body.kind == kind).collect())
    }
}

/// Where people write whom they mean.
const FREE_TEXT: [&str; 3] = ["reason", "ticket", "note"];

/// Whether a side row is about the person of this address: by itself, by the claims, or by what somebody wrote or searched for.
fn names(json: &[u8], address: &str) -> bool {
    let members: Map<String, Value> = serde_json::from_slice(json).unwrap_or_default();
    let is = |members: &Map<String, Value>, name: &str| {
        let text = members.get(name).and_then(Value::as_str);
        text.is_some_and(|text| text.eq_ignore_ascii_case(address))
    };
    let claims = members.get("claims").and_then(Value::as_str).unwrap_or_default();
    let claims: Map<String, Value> = serde_json::from_str(claims).unwrap_or_default();
    let address = address.to_ascii_lowercase();
    let told = |name: &str| {
        let text = members.get(name).and_then(Value::as_str);
        text.is_some_and(|text| text.to_ascii_lowercase().contains(&address))
    };
    is(&members, "sub") || is(&members, "principal") || is(&claims, "sub") || FREE_TEXT.into_iter().any(told)
}

fn missing(what: &str) -> LogError {
    LogError::Damaged(format!("{what} is missing"))
}
