//! An entry and its side row as the slices of text that they consist of.

use gatehouse_audit::StoredEntry;

use super::raw;

/// The members of an entry; values are JSON as they stand in it, quotes included. What is absent is empty.
#[derive(Debug, Default, Clone, Copy)]
pub struct Seen<'a> {
    /// Sequence number of the row.
    pub seq: u64,
    /// Leaf hash of the row.
    pub leaf: [u8; 32],
    /// `kind`, without its quotes.
    pub kind: &'a str,
    /// `phase`, without its quotes.
    pub phase: &'a str,
    /// `time`, without its quotes.
    pub time: &'a str,
    /// `v`.
    pub version: &'a str,
    /// `log`.
    pub log: &'a str,
    /// `act`.
    pub act: &'a str,
    /// `prev`.
    pub prev: &'a str,
    /// `mono`.
    pub mono: &'a str,
    /// `profile`.
    pub profile: &'a str,
    /// `env`.
    pub env: &'a str,
    /// `merchant`.
    pub merchant: &'a str,
    /// `plan_sha256`.
    pub plan: &'a str,
    /// `priv`.
    pub commitment: &'a str,
    /// `actor`, an object.
    pub actor: &'a str,
    /// `device`, an object.
    pub device: &'a str,
    /// `request`, an object.
    pub request: &'a str,
    /// `result`, an object.
    pub result: &'a str,
    /// `signing`, an object.
    pub signing: &'a str,
    /// The side row's object; empty where there is none, or it is to be left out.
    pub private: &'a str,
}

impl<'a> Seen<'a> {
    /// Reads an entry; nothing for bytes that are no JSON object in one line, or that say neither kind nor time.
    pub fn of(entry: &StoredEntry<'a>, redact: bool) -> Option<Self> {
        let private = entry.private.filter(|_| !redact);
        let private = private.and_then(|(_, json)| raw::line(json)).unwrap_or_default();
        let mut seen = Self {
            seq: entry.seq,
            leaf: *entry.leaf,
            private,
            ..Self::default()
        };
        raw::members(raw::line(entry.body)?, |name, value| seen.take(name, value))?;
        let plain = !seen.kind.is_empty() && !seen.time.is_empty() && !seen.kind.contains('\\');
        plain.then_some(seen)
    }

    fn take(&mut self, name: &str, value: &'a str) {
        let bare = || value.trim_matches('"');
        match name {
            "v" => self.version = value,
            "log" => self.log = value,
            "act" => self.act = value,
            "prev" => self.prev = value,
            "mono" => self.mono = value,
            "kind" => self.kind = bare(),
            "phase" => self.phase = bare(),
            "time" => self.time = bare(),
            "profile" => self.profile = value,
            "env" => self.env = value,
            "merchant" => self.merchant = value,
            "plan_sha256" => self.plan = value,
            "priv" => self.commitment = value,
            "actor" => self.actor = value,
            "device" => self.device = value,
            "request" => self.request = value,
            "result" => self.result = value,
            "signing" => self.signing = value,
            _ => (),
        }
    }
}
