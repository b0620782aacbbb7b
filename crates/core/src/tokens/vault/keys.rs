//! The vault's keys: one master in the key store, and what is derived from it (HKDF-SHA-256, RFC 5869).
//!
//! ```text
//! 0   8  "GATEVALT"
//! 8   1  format, 1
//! 9   1  how many keys follow, the one in use first
//! 10  …  of each: 1 byte kind (1 a master, 2 the log's key alone), 8 bytes id, 32 bytes key
//! ```
//!
//! Three keys come of a master: one seals, one makes blind indexes, one makes the names of tokens in the log. After a rotation the old
//! master goes and its log key stays, so that old entries still answer "was it this token". Deliberately absent: making a master where
//! sealed tokens exist without one; that is a loss, and is told as one.

use std::sync::Arc;

use gatehouse_klarna::{CustomerToken, HashKey};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::key_store::SecretBytes;

const MAGIC: &[u8; 8] = b"GATEVALT";
const FORMAT: u8 = 1;
const MASTER: u8 = 1;
const LOG_ALONE: u8 = 2;
const ENTRY: usize = 41;

type Key = Zeroizing<[u8; 32]>;

/// One master and what comes of it.
pub(crate) struct MasterKey {
    /// 16 hex digits, in every row and entry that it made.
    pub id: String,
    master: Key,
    pub(super) enc: Key,
    index: HashKey,
    log: HashKey,
}

/// The log's key of a master that is gone.
struct OldLogKey {
    id: String,
    key: Key,
    hash: HashKey,
}

/// The keys of a data directory's vault.
pub(crate) struct VaultKeys {
    masters: Vec<Arc<MasterKey>>,
    old: Vec<OldLogKey>,
}

impl MasterKey {
    pub(super) fn new(fill: fn(&mut [u8])) -> Self {
        let (mut id, mut master) = ([0; 8], Key::default());
        fill(&mut id);
        fill(master.as_mut_slice());
        Self::of(id, master)
    }

    fn of(id: [u8; 8], master: Key) -> Self {
        Self {
            id: hex::encode(id),
            enc: derived(&master, b"enc"),
            index: HashKey::new(derived(&master, b"index")),
            log: HashKey::new(derived(&master, b"log")),
            master,
        }
    }

    /// The blind index of a token.
    pub fn blind(&self, token: &CustomerToken) -> [u8; 16] {
        token.keyed_hash(&self.index).first_16()
    }
}

impl VaultKeys {
    pub(super) fn fresh(fill: fn(&mut [u8])) -> Self {
        Self {
            masters: vec![Arc::new(MasterKey::new(fill))],
            old: Vec::new(),
        }
    }

    /// The master that seals from now on.
    pub fn current(&self) -> &Arc<MasterKey> {
        self.masters
            .first()
            .expect("a vault has a master; a parsed item without one is refused")
    }

    /// The masters of which rows may be left, the one in use first.
    pub fn masters(&self) -> &[Arc<MasterKey>] {
        &self.masters
    }

    /// The master that sealed a row.
    pub fn of(&self, id: &str) -> Option<&Arc<MasterKey>> {
        self.masters.iter().find(|master| master.id == id)
    }

    /// How the log names a token: HMAC in hex, and the id of the key.
    pub fn in_log(&self, token: &CustomerToken) -> (String, String) {
        let master = self.current();
        (token.keyed_hash(&master.log).to_string(), master.id.clone())
    }

    /// What people compare: 12 hex digits of the name in the log.
    pub fn fingerprint(&self, token: &CustomerToken) -> String {
        token.keyed_hash(&self.current().log).fingerprint()
    }

    /// Every name that the log may have for a token, the newest first.
    pub fn names_in_log(&self, token: &CustomerToken) -> Vec<String> {
        let hashes = self.masters.iter().map(|master| &master.log);
        let hashes = hashes.chain(self.old.iter().map(|old| &old.hash));
        hashes.map(|key| token.keyed_hash(key).to_string()).collect()
    }

    /// Puts a new master in front; rows of the others are still to be sealed anew.
    pub(super) fn with_new(self, fill: fn(&mut [u8])) -> Self {
        let masters = std::iter::once(Arc::new(MasterKey::new(fill))).chain(self.masters);
        Self {
            masters: masters.collect(),
            old: self.old,
        }
    }

    /// Lets all masters but the one in use go; their log keys stay.
    pub(super) fn retired(self) -> Self {
        let mut masters = self.masters.into_iter();
        let current = masters.next().into_iter().collect();
        let gone = masters.map(|master| {
            let key = derived(&master.master, b"log");
            OldLogKey {
                id: master.id.clone(),
                hash: HashKey::new(key.clone()),
                key,
            }
        });
        Self {
            masters: current,
            old: gone.chain(self.old).collect(),
        }
    }

    /// The item for the key store.
    pub(super) fn to_item(&self) -> SecretBytes {
        let masters = self.masters.iter().map(|key| (MASTER, &key.id, &key.master));
        let old = self.old.iter().map(|key| (LOG_ALONE, &key.id, &key.key));
        let count = self.masters.len() + self.old.len();
        let mut item = Zeroizing::new(Vec::with_capacity(10 + ENTRY * count));
        item.extend_from_slice(MAGIC);
        item.extend_from_slice(&[FORMAT, u8::try_from(count).unwrap_or(u8::MAX)]);
        for (kind, id, key) in masters.chain(old) {
            item.push(kind);
            item.extend_from_slice(&hex::decode(id).unwrap_or_default());
            item.extend_from_slice(key.as_slice());
        }
        SecretBytes::from_zeroizing(item)
    }

    /// Reads an item; `None` for one that is damaged or newer.
    pub(super) fn parse(item: &SecretBytes) -> Option<Self> {
        let rest = item.expose().strip_prefix(MAGIC)?;
        let ([FORMAT, count], entries) = rest.split_first_chunk::<2>()? else {
            return None;
        };
        if entries.len() != usize::from(*count) * ENTRY {
            return None;
        }
        let mut keys = Self {
            masters: Vec::new(),
            old: Vec::new(),
        };
        for entry in entries.chunks_exact(ENTRY) {
            let (kind, rest) = entry.split_first()?;
            let (id, key) = rest.split_first_chunk::<8>()?;
            let mut bytes = Key::default();
            bytes.copy_from_slice(key);
            match *kind {
                MASTER => keys.masters.push(Arc::new(MasterKey::of(*id, bytes))),
                LOG_ALONE => keys.old.push(OldLogKey {
                    id: hex::encode(id),
                    hash: HashKey::new(bytes.clone()),
                    key: bytes,
                }),
                _ => return None,
            }
        }
        (!keys.masters.is_empty()).then_some(keys)
    }
}

/// HKDF with an empty salt; one block of output is all that is needed.
fn derived(master: &Key, what: &[u8]) -> Key {
    let extracted = mac(&[0; 32], &[master.as_slice()]);
    mac(&extracted, &[b"gatehouse vault 1: ", what, &[1]])
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> Key {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(part);
    }
    let mut out = Key::default();
    out.copy_from_slice(&mac.finalize().into_bytes());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(text: &str) -> CustomerToken {
        CustomerToken::parse(text.to_owned()).unwrap()
    }

    #[test]
    fn an_item_is_read_as_it_was_written_also_after_rotations() {
        let keys = VaultKeys::fresh(crate::fill_random).with_new(crate::fill_random);
        let first = keys.masters()[1].id.clone();
        let read = VaultKeys::parse(&keys.to_item()).unwrap();
        assert_eq!(read.current().id, keys.current().id, "the one in use stays in front");
        assert!(
            read.of(&first).is_some(),
            "rows of the first open until all are sealed anew"
        );
        let names = read.names_in_log(&token("krn:customer-token:eu1:abcdef"));
        let retired = VaultKeys::parse(&read.retired().to_item()).unwrap();
        assert!(retired.of(&first).is_none(), "the first master is gone");
        let after = retired.names_in_log(&token("krn:customer-token:eu1:abcdef"));
        assert_eq!(after, names, "what the log called it is still known");
    }

    #[test]
    fn derivation_is_that_of_rfc_5869() {
        // RFC 5869, A.3: no salt, no info; the first block.
        let mut ikm = [0x0b_u8; 32];
        let (used, _) = ikm.split_at_mut(22);
        let extracted = mac(&[0; 32], &[used]);
        let prk = "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04";
        assert_eq!(hex::encode(extracted.as_slice()), prk, "extract");
        let okm = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d";
        assert_eq!(hex::encode(mac(&extracted, &[&[1]]).as_slice()), okm, "expand");
    }

    #[test]
    fn a_damaged_item_is_none() {
        let item = VaultKeys::fresh(crate::fill_random).to_item();
        let bytes = item.expose();
        for cut in 0..bytes.len() {
            assert!(
                VaultKeys::parse(&SecretBytes::from_slice(&bytes[..cut])).is_none(),
                "cut at {cut}"
            );
        }
        let mut newer = bytes.to_vec();
        newer[8] = 2;
        assert!(VaultKeys::parse(&SecretBytes::new(newer)).is_none(), "a newer format");
    }
}
