//! What an attacker can do with the file: take its rows, change them, compute everything anew, and write a file of the very same
//! schema. With a key, sign too.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gatehouse_audit::tree::{Frontier, Hash, leaf_hash};
use gatehouse_audit::{CheckpointSigner as _, note};
use rusqlite::{Connection, params};
use serde_json::Value;

use crate::clean::canonical;
use crate::stage::MemorySigner;

const SCHEMA: &str = include_str!("../../src/store/schema.sql");

/// All rows of a log.
#[derive(Debug, Clone, Default)]
pub struct Db {
    pub events: Vec<(i64, Vec<u8>, Vec<u8>)>,
    pub sides: Vec<(i64, Vec<u8>, Vec<u8>)>,
    pub nodes: Vec<(i64, i64, Vec<u8>)>,
    pub checkpoints: Vec<(i64, String)>,
    pub meta: Vec<(i64, String, i64, Vec<u8>)>,
    /// SQL that runs at the end, when the triggers stand.
    pub after: String,
}

fn rows<T>(conn: &Connection, sql: &str, take: impl Fn(&rusqlite::Row<'_>) -> rusqlite::Result<T>) -> Vec<T> {
    let mut statement = conn.prepare(sql).unwrap();
    statement.query_map([], take).unwrap().map(Result::unwrap).collect()
}

#[expect(clippy::disallowed_methods, reason = "an attacker does not use the log's opener")]
fn connect(path: &std::path::Path) -> Connection {
    Connection::open(path).unwrap()
}

impl Db {
    pub fn read(conn: &Connection) -> Self {
        let three = |sql| rows(conn, sql, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        Self {
            events: three("SELECT seq, leaf, body FROM event ORDER BY seq"),
            sides: three("SELECT seq, salt, json FROM event_private ORDER BY seq"),
            nodes: rows(conn, "SELECT level, idx, h FROM node", |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            }),
            checkpoints: rows(conn, "SELECT size, note FROM checkpoint ORDER BY size", |row| {
                Ok((row.get(0)?, row.get(1)?))
            }),
            meta: rows(
                conn,
                "SELECT epoch, log_id, first_seq, checkpoint_key FROM meta ORDER BY epoch",
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
            ),
            after: String::new(),
        }
    }

    /// Writes the file: tables, rows, then the triggers, so that only the rows can betray it.
    pub fn file(&self) -> Vec<u8> {
        let dir = tempfile::tempdir_in("/dev/shm")
            .or_else(|_| tempfile::tempdir())
            .unwrap();
        let path = dir.path().join("forged.db");
        let conn = connect(&path);
        let (tables, triggers) = SCHEMA.split_at(SCHEMA.find("CREATE TRIGGER").unwrap());
        conn.execute_batch(
            "PRAGMA journal_mode = OFF; PRAGMA foreign_keys = 0; PRAGMA ignore_check_constraints = 1; BEGIN",
        )
        .unwrap();
        conn.execute_batch(tables).unwrap();
        self.insert(&conn);
        conn.execute_batch(triggers).unwrap();
        conn.execute_batch("PRAGMA application_id = 1195917653; PRAGMA user_version = 1; COMMIT")
            .unwrap();
        conn.execute_batch(&self.after).unwrap();
        drop(conn);
        std::fs::read(path).unwrap()
    }

    fn insert(&self, conn: &Connection) {
        let put = |sql: &str, row: &[&dyn rusqlite::ToSql]| {
            assert_eq!(conn.prepare_cached(sql).unwrap().execute(row).unwrap(), 1);
        };
        self.events
            .iter()
            .for_each(|(seq, leaf, body)| put("INSERT INTO event VALUES (?, ?, ?)", params![seq, leaf, body]));
        self.sides
            .iter()
            .for_each(|(seq, salt, json)| put("INSERT INTO event_private VALUES (?, ?, ?)", params![seq, salt, json]));
        self.nodes
            .iter()
            .for_each(|(level, idx, h)| put("INSERT INTO node VALUES (?, ?, ?)", params![level, idx, h]));
        self.checkpoints
            .iter()
            .for_each(|(size, note)| put("INSERT INTO checkpoint VALUES (?, ?)", params![size, note]));
        self.meta.iter().for_each(|(epoch, id, first, key)| {
            put(
                "INSERT INTO meta (epoch, log_id, first_seq, checkpoint_key) VALUES (?, ?, ?, ?)",
                params![epoch, id, first, key],
            );
        });
    }

    pub fn log_id(&self) -> &str {
        &self.meta[0].1
    }

    pub fn size(&self) -> u64 {
        u64::try_from(self.events.len()).unwrap()
    }

    /// The members of an entry, from 1.
    pub fn body(&self, seq: u64) -> Value {
        serde_json::from_slice(&self.events[usize::try_from(seq).unwrap() - 1].2).unwrap()
    }

    /// Puts bytes in the place of an entry; nothing follows from it before [`Db::recompute`].
    pub fn set(&mut self, seq: u64, bytes: Vec<u8>) {
        self.events[usize::try_from(seq).unwrap() - 1].2 = bytes;
    }

    /// Removes entries and gives those behind them new numbers, in their bytes too.
    pub fn close_up(&mut self, from: u64, to: u64) {
        self.events
            .drain(usize::try_from(from).unwrap() - 1..usize::try_from(to).unwrap());
        self.renumber(from);
    }

    pub fn renumber(&mut self, from: u64) {
        for at in usize::try_from(from).unwrap() - 1..self.events.len() {
            let (seq, _, bytes) = &mut self.events[at];
            *seq = i64::try_from(at + 1).unwrap();
            if let Ok(mut body) = serde_json::from_slice::<Value>(bytes) {
                body["seq"] = Value::from(*seq);
                *bytes = canonical(&body);
            }
        }
    }

    /// Removes all rows that speak of entries beyond a size.
    pub fn cut(&mut self, size: u64) {
        let size = i64::try_from(size).unwrap();
        self.events.retain(|row| row.0 <= size);
        self.sides.retain(|row| row.0 <= size);
        self.nodes.retain(|(level, idx, _)| (idx + 1) << level <= size);
        self.checkpoints.retain(|row| row.0 <= size);
        self.meta.retain(|row| row.2 <= size);
    }

    /// Computes what anybody can: `prev` from an entry on, all leaves, all subtrees.
    pub fn recompute(&mut self, from: u64) {
        let (mut frontier, mut prev) = (Frontier::default(), [0; 32]);
        self.nodes.clear();
        for (at, (_, leaf, bytes)) in self.events.iter_mut().enumerate() {
            if u64::try_from(at).unwrap() + 1 >= from.max(2) {
                rechain(bytes, &prev);
            }
            prev = leaf_hash(bytes);
            *leaf = prev.to_vec();
            let made = frontier.push(prev).into_iter();
            self.nodes.extend(made.map(|node| {
                (
                    i64::from(node.level),
                    i64::try_from(node.idx).unwrap(),
                    node.hash.to_vec(),
                )
            }));
        }
    }

    /// The root over the first entries.
    pub fn root(&self, size: u64) -> Hash {
        let mut frontier = Frontier::default();
        let leaves = self.events.iter().take(usize::try_from(size).unwrap());
        leaves.for_each(|(_, _, bytes)| drop(frontier.push(leaf_hash(bytes))));
        frontier.root()
    }

    /// A checkpoint over the first entries, signed by the key of this seed.
    pub fn signed(&self, size: u64, seed: u8) -> String {
        let (signer, root) = (MemorySigner::new(seed), self.root(size));
        let text = note::text(self.log_id(), &note::Checkpoint { size, root });
        note::seal(
            self.log_id(),
            &text,
            &signer.verifying_key(),
            &signer.sign(text.as_bytes()).unwrap(),
        )
    }

    /// Signs checkpoints anew, from a size on, each by the key that `seed` names for its size.
    pub fn resign(&mut self, from: u64, seed: impl Fn(u64) -> u8) {
        let sizes: Vec<i64> = self.checkpoints.iter().map(|row| row.0).collect();
        for (at, size) in sizes.into_iter().enumerate() {
            let size = u64::try_from(size).unwrap();
            if size >= from && size <= self.size() {
                self.checkpoints[at].1 = self.signed(size, seed(size));
            }
        }
    }

    /// The anchor that would fit, with the key of this seed.
    pub fn anchor(&self, seed: u8) -> Vec<u8> {
        let name = note::origin(self.log_id());
        let key_id = hex::encode(note::key_id(&name, &MemorySigner::new(seed).verifying_key()));
        let epoch = u64::try_from(self.meta.last().unwrap().0).unwrap();
        let root = hex::encode(self.root(self.size()));
        gatehouse_audit::Anchor::new(self.log_id().to_owned(), epoch, self.size(), root, key_id).to_json()
    }
}

/// Puts another `prev` into an entry, as text, so that bytes that are no JSON keep all their other faults.
fn rechain(bytes: &mut [u8], prev: &Hash) {
    const NAME: &[u8] = b"\"prev\":\"";
    if let Some(at) = bytes.windows(NAME.len()).position(|window| window == NAME) {
        let at = at + NAME.len();
        if bytes.len() >= at + 64 {
            bytes[at..at + 64].copy_from_slice(hex::encode(prev).as_bytes());
        }
    }
}

/// Standard base64.
pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}
