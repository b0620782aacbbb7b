//! What a verification needs of an entry, read in the same pass that checks its canonical form; no tree is built.
//!
//! [`Facts::read`] answers only where [`Body::from_bytes`] would, and with the same; what it does not answer is for the slow reading to judge.
//! Deliberately absent: everything that only people read.

use serde_json::Value;

use crate::body::{
    Body, ENVIRONMENTS, FORMAT_VERSION, KIND_ARCHIVED, KIND_ERASED, KIND_GENESIS, KIND_REANCHORED, KIND_REVIEW,
    KIND_WITNESSED,
};
use crate::canonical::{CanonicalFault, MAX_ENTRY};
use crate::draft::{Phase, is_kind};
use crate::scan::{self, Member};
use crate::time;
use crate::tree::Hash;

/// The kinds of which a verification reads more than the facts.
const READ_WHOLE: [&str; 6] = [
    KIND_GENESIS,
    KIND_REANCHORED,
    KIND_ERASED,
    KIND_WITNESSED,
    KIND_REVIEW,
    KIND_ARCHIVED,
];

/// What a verification needs of an entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// Log id, as its 32 hex digits.
    pub log: [u8; 32],
    /// Sequence number.
    pub seq: u64,
    /// Leaf hash of the entry before.
    pub prev: Hash,
    /// Time in milliseconds since 1970.
    pub unix_ms: i64,
    /// Milliseconds on the clock that never goes back.
    pub mono: u64,
    /// One run of the program, where it is named, as it stands in the bytes.
    pub session: Option<Box<[u8]>>,
    /// Commitment to the side row.
    pub commitment: Option<Hash>,
    /// The key that an intent signed a token with, as it stands in the bytes.
    pub signed_with: Option<Box<[u8]>>,
    /// The whole entry, of the kinds that a verification reads.
    pub body: Option<Box<Body>>,
}

impl Facts {
    /// Reads an entry strictly.
    ///
    /// # Errors
    /// As [`Body::from_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CanonicalFault> {
        match Self::read(bytes) {
            Some(facts) => Ok(facts),
            None => Self::of(Body::from_bytes(bytes)?),
        }
    }

    /// Reads an entry in one pass; nothing for whatever is not plainly one.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut seen = Seen::default();
        let canonical = bytes.len() <= MAX_ENTRY && scan::object(bytes, &mut |member| seen.take(&member));
        if !canonical || seen.odd {
            return None;
        }
        let special = READ_WHOLE.iter().any(|kind| kind.as_bytes() == seen.kind);
        if special {
            return Body::from_bytes(bytes).and_then(Self::of).ok();
        }
        seen.facts()
    }

    /// The facts of an entry that was read whole.
    fn of(body: Body) -> Result<Self, CanonicalFault> {
        let odd = || CanonicalFault::Outside("its members are out of form".to_owned());
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(inside);
        let signed_with = (body.phase == Phase::Intent && body.request.get("jti").is_some_and(Value::is_string))
            .then(|| text(body.signing.get("key_id")))
            .flatten();
        Ok(Self {
            log: body.log.as_bytes().try_into().map_err(|_| odd())?,
            seq: body.seq,
            prev: hash(body.prev.as_bytes()).ok_or_else(odd)?,
            unix_ms: body.unix_ms(),
            mono: body.mono,
            session: body.actor.as_ref().map(|actor| inside(&actor.session)),
            commitment: body.commitment.as_ref().and_then(|hex| hash(hex.as_bytes())),
            signed_with,
            body: READ_WHOLE.contains(&body.kind.as_str()).then(|| Box::new(body)),
        })
    }
}

/// A text as it stands between its quotes in canonical bytes.
pub fn inside(text: &str) -> Box<[u8]> {
    let quoted = serde_json::to_vec(text).expect("a text always serialises");
    unquoted(&quoted).unwrap_or_default().into()
}

/// What the pass has seen so far.
#[derive(Default)]
struct Seen<'b> {
    /// Something is there that no plain entry has.
    odd: bool,
    /// How many of the members that always stand were seen in their form.
    known: u32,
    log: &'b [u8],
    seq: u64,
    prev: Hash,
    unix_ms: i64,
    mono: u64,
    kind: &'b [u8],
    intent: bool,
    commitment: Option<Hash>,
    session: Option<&'b [u8]>,
    actor: u32,
    device: u32,
    jti: bool,
    key_id: Option<&'b [u8]>,
}

/// `act`, `kind`, `log`, `mono`, `phase`, `prev`, `seq`, `time`, `v`.
const ALWAYS: u32 = 9;

impl<'b> Seen<'b> {
    fn take(&mut self, member: &Member<'b>) {
        let fine = match member.inner {
            Some(name) => self.inner(member.outer, name, member.value),
            None => self.outer(member.outer, member.value).is_some(),
        };
        self.odd |= !fine;
    }

    /// A member of one of the objects within; whatever is in others is free.
    fn inner(&mut self, outer: &[u8], name: &[u8], value: &'b [u8]) -> bool {
        let text = unquoted(value);
        match (outer, name) {
            (b"actor", b"session") => self.session = text,
            (b"request", b"jti") => self.jti = text.is_some(),
            (b"signing", b"key_id") => self.key_id = text,
            _ => {}
        }
        let known = match outer {
            b"actor" => matches!(name, b"key_id" | b"role" | b"session").then_some(&mut self.actor),
            b"device" => matches!(name, b"id" | b"os" | b"app").then_some(&mut self.device),
            _ => return true,
        };
        known.is_some_and(|count| {
            *count += 1;
            text.is_some()
        })
    }

    fn outer(&mut self, name: &[u8], value: &'b [u8]) -> Option<()> {
        match name {
            b"profile" | b"merchant" => return unquoted(value).map(drop),
            b"env" => {
                return ENVIRONMENTS
                    .iter()
                    .any(|env| Some(env.as_bytes()) == unquoted(value))
                    .then_some(());
            }
            b"actor" => return (value.first() == Some(&b'{') && self.actor == 3).then_some(()),
            b"device" => return (value.first() == Some(&b'{') && self.device == 3).then_some(()),
            b"request" | b"result" | b"signing" => {
                return (value.first() == Some(&b'{') && value != b"{}").then_some(());
            }
            b"plan_sha256" => return hash(unquoted(value)?).map(drop),
            b"priv" => {
                self.commitment = Some(hash(unquoted(value)?)?);
                return Some(());
            }
            _ => self.always(name, value)?,
        }
        self.known += 1;
        Some(())
    }

    /// A member that every entry has.
    fn always(&mut self, name: &[u8], value: &'b [u8]) -> Option<()> {
        match name {
            b"v" => return (number(value)? == u64::from(FORMAT_VERSION)).then_some(()),
            b"seq" => self.seq = number(value).filter(|seq| *seq >= 1)?,
            b"mono" => self.mono = number(value)?,
            b"act" => return is_act(unquoted(value)?).then_some(()),
            b"log" => self.log = unquoted(value).filter(|log| log.len() == 32 && log.iter().all(is_digit))?,
            b"prev" => self.prev = hash(unquoted(value)?)?,
            b"time" => self.unix_ms = time::read_bytes(unquoted(value)?)?,
            b"kind" => {
                self.kind = unquoted(value)?;
                return is_kind(std::str::from_utf8(self.kind).ok()?).then_some(());
            }
            b"phase" => {
                self.intent = value == b"\"intent\"";
                return (self.intent || value == b"\"outcome\"" || value == b"\"note\"").then_some(());
            }
            _ => return None,
        }
        Some(())
    }

    fn facts(self) -> Option<Facts> {
        let signed = self.intent && self.jti;
        (self.known == ALWAYS).then_some(Facts {
            log: self.log.try_into().ok()?,
            seq: self.seq,
            prev: self.prev,
            unix_ms: self.unix_ms,
            mono: self.mono,
            session: self.session.map(Into::into),
            commitment: self.commitment,
            signed_with: self.key_id.filter(|_| signed).map(Into::into),
            body: None,
        })
    }
}

/// What stands between the quotes of a string; nothing for another value.
fn unquoted(value: &[u8]) -> Option<&[u8]> {
    value.strip_prefix(b"\"")?.strip_suffix(b"\"")
}

/// A canonical integer that is not negative.
fn number(value: &[u8]) -> Option<u64> {
    std::str::from_utf8(value).ok()?.parse().ok()
}

const fn is_digit(byte: &u8) -> bool {
    matches!(*byte, b'0'..=b'9' | b'a'..=b'f')
}

fn is_act(text: &[u8]) -> bool {
    let fits = |(at, byte): (usize, &u8)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => is_digit(byte),
    };
    text.len() == 36 && text.iter().enumerate().all(fits)
}

/// 64 lower-case hex digits.
pub fn hash(text: &[u8]) -> Option<Hash> {
    let mut hash = Hash::default();
    if text.len() != 64 || !text.iter().all(is_digit) {
        return None;
    }
    let digit = |byte: u8| if byte <= b'9' { byte - b'0' } else { byte - b'a' + 10 };
    for (into, pair) in hash.iter_mut().zip(text.chunks_exact(2)) {
        *into = digit(pair[0]) << 4 | digit(pair[1]);
    }
    Some(hash)
}

#[cfg(test)]
mod tests;
