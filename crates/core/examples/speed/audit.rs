//! The audit log's read model over a long log: catching up, first pages, words, facets, bars.
//!
//! The log is made once in the directory given, and used again. Deliberately absent: the anchor's place in a keyring.

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use ed25519_dalek::{Signer as _, SigningKey};
use gatehouse_audit::{
    Actor, Anchor, AnchorFailure, AnchorStore, CheckpointSigner, Device, Draft, INDEX_FILE_NAME, Log, Opening, Phase,
    Question, Reader, Stamp, follow,
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{ms, say};

const START_MS: i64 = 1_750_000_000_000;
const YEAR_MS: i64 = 365 * 86_400_000;
const NOW_MS: i64 = START_MS + YEAR_MS;
const GROUP: u64 = 10_000;
const ROUNDS: usize = 10;

/// Facets, alone and together; ones that match nothing; times.
const PAGES: &[&str] = &[
    "",
    "actor:0000000000000003",
    "act:access",
    "act:portal.open",
    "act:key.create",
    "act:policy.change",
    "outcome:refused",
    "outcome:open",
    "outcome:unknown env:live",
    "env:test act:portal.revoke outcome:refused",
    "merchant:M00017",
    "merchant:M49999",
    "merchant:M00017 outcome:refused",
    "merchant:M00017 act:access actor:0000000000000003",
    "merchant:nowhere",
    "actor:nobody",
    "actor:0000000000000003 -act:portal",
    "since:2025-12-01 until:2025-12-01 act:access",
    "until:2025-07-01",
    "since:2025-09-01 until:2025-09-30 merchant:M00017",
    "since:2027-01-01",
    "profile:\"Old bank\"",
    "-merchant:M00017 -env:live outcome:refused",
    "actor:0000000000000003 actor:0000000000000004 env:test env:live outcome:refused outcome:unknown",
];

/// Words: common, rare, of one letter, of none.
const WORDS: &[&str] = &[
    "anna",
    "ticket-77777",
    "buchhaltung",
    "zz-nothing-at-all",
    "m00017",
    "x",
    "be",
    "per",
    "deadbeef",
    "person17@bank.example",
    "person:person17@ outcome:refused",
    "anna refused",
    "-anna act:access",
    "\"quarterly review\"",
    "krn:partner:global:account:live:m00017",
    "quarterly zz-nothing",
    "aaaaaa",
];

/// Makes the log if need be, and takes all times.
pub fn measure(dir: &Path, entries: u64) {
    if Reader::open(dir).map_or(0, |reader| reader.size().unwrap()) < entries {
        let begun = Instant::now();
        make(dir, entries);
        say("made_s", &[begun.elapsed().as_secs_f64()]);
    }
    for suffix in ["", "-wal", "-shm"] {
        std::fs::remove_file(dir.join(format!("{INDEX_FILE_NAME}{suffix}"))).ok();
    }
    let begun = Instant::now();
    follow(dir, &|_, _| (), &AtomicBool::new(false)).unwrap();
    say("catch_up_per_s", &[entries as f64 / begun.elapsed().as_secs_f64()]);
    let file = std::fs::metadata(dir.join(INDEX_FILE_NAME)).unwrap().len();
    say("index_mb", &[file as f64 / 1_048_576.0]);
    timed("pages", PAGES, |question| {
        drop(Reader::open(dir).unwrap().ask(question, NOW_MS, None, 50).unwrap());
    });
    timed("words", WORDS, |question| {
        drop(Reader::open(dir).unwrap().ask(question, NOW_MS, None, 50).unwrap());
    });
    timed("histogram", PAGES, |question| {
        drop(Reader::open(dir).unwrap().histogram(question, NOW_MS, 100).unwrap());
    });
    timed("facets", PAGES, |question| {
        drop(Reader::open(dir).unwrap().facets(question, NOW_MS).unwrap());
    });
    timed("word_counts", WORDS, |question| {
        drop(Reader::open(dir).unwrap().histogram(question, NOW_MS, 100).unwrap());
    });
}

fn timed(name: &str, questions: &[&str], ask: impl Fn(&Question)) {
    let questions: Vec<Question> = questions.iter().map(|text| Question::read(text).unwrap()).collect();
    let mut values = Vec::new();
    for _ in 0..ROUNDS {
        for question in &questions {
            let begun = Instant::now();
            ask(question);
            values.push(ms(begun));
        }
    }
    say(name, &values);
}

struct Kept(Mutex<Option<Anchor>>);

impl AnchorStore for Kept {
    fn load(&self) -> Result<Option<Anchor>, AnchorFailure> {
        Ok(self.0.lock().unwrap().clone())
    }

    fn save(&self, anchor: &Anchor) -> Result<(), AnchorFailure> {
        *self.0.lock().unwrap() = Some(anchor.clone());
        Ok(())
    }
}

struct Key(SigningKey);

impl CheckpointSigner for Key {
    fn verifying_key(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], AnchorFailure> {
        Ok(self.0.sign(message).to_bytes())
    }
}

fn make(dir: &Path, entries: u64) {
    std::fs::create_dir_all(dir).unwrap();
    for name in ["audit.db", "audit.db-wal", "audit.db-shm"] {
        std::fs::remove_file(dir.join(name)).ok();
    }
    let opening = Opening {
        signer: Arc::new(Key(SigningKey::from_bytes(&[7; 32]))),
        anchors: Arc::new(Kept(Mutex::new(None))),
        app_version: "0.1.0".to_owned(),
        salt_source: |salt| getrandom::fill(salt).unwrap(),
    };
    let log = Log::open(dir, opening, at(0, entries)).unwrap();
    let mut made = 1;
    while made < entries {
        let many = GROUP.min(entries - made);
        let drafts: Vec<Draft> = (made..made + many).map(draft).collect();
        log.append(&drafts, at(made, entries)).unwrap();
        made += many;
    }
}

fn at(number: u64, of: u64) -> Stamp {
    let share = number as f64 / of as f64;
    Stamp {
        unix_ms: START_MS + (share * YEAR_MS as f64) as i64,
        mono_ms: number,
    }
}

/// A mixed number, the same for the same one.
fn mix(number: u64) -> u64 {
    let mut x = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

/// Even numbers begin an act that the next one ends; every fortieth pair are two notes.
fn draft(number: u64) -> Draft {
    let pair = number / 2;
    let dice = mix(pair);
    let act = Uuid::from_u128(u128::from(pair) << 80 | 0x7000_8000_0000_0000_0000 | u128::from(dice >> 2));
    let is_note = dice.is_multiple_of(40);
    let kind = match dice % 100 {
        _ if is_note && number.is_multiple_of(2) => "app.start",
        _ if is_note => "audit.verify",
        0..60 => "portal.open",
        60..70 => "portal.revoke",
        70..90 => "access.grant",
        90..99 => "access.revoke",
        _ => "credential.issue",
    };
    let phase = if is_note {
        Phase::Note
    } else if number.is_multiple_of(2) {
        Phase::Intent
    } else {
        Phase::Outcome
    };
    let mut draft = Draft::new(kind, phase, act);
    draft.actor = Some(Actor {
        key_id: format!("{:016x}", dice / 7 % 20),
        role: "operator".into(),
        session: format!("{:032x}", dice / 3),
    });
    draft.device = Some(Device {
        id: format!("{:032x}", dice / 7 % 20),
        os: "linux".into(),
        app: "0.1.0".into(),
    });
    if !is_note {
        fill(&mut draft, dice, pair);
    }
    draft
}

fn fill(draft: &mut Draft, dice: u64, pair: u64) {
    let env = if (dice / 11).is_multiple_of(5) { "test" } else { "live" };
    draft.env = Some(env.into());
    draft.profile = Some(
        ["Main bank", "Second bank", "Old bank"]
            .get((dice / 13 % 7).min(2) as usize)
            .copied()
            .unwrap()
            .into(),
    );
    draft.merchant = Some(format!(
        "krn:partner:global:account:{env}:M{:05}",
        (dice / 17 % 50_000) * (dice / 19 % 50_000) / 50_000
    ));
    let id = |salt: u64| Uuid::from_u64_pair(mix(dice + salt), mix(dice + salt + 1)).to_string();
    let hash = |salt: u64| {
        format!(
            "{:016x}{:016x}{:016x}{:016x}",
            mix(dice + salt),
            mix(dice ^ salt),
            mix(pair + salt),
            mix(dice + 9)
        )
    };
    if draft.phase == Phase::Outcome {
        let word = match dice / 23 % 50 {
            0 => "unknown",
            1..4 => "refused",
            _ => "succeeded",
        };
        draft.result = object(
            json!({ "outcome": word, "http": 201, "attempts": 1, "correlation_id": id(1), "deep_link_id": id(3) }),
        );
        return;
    }
    draft.request = object(json!({
        "method": "POST", "path_template": "/partner/accounts/{account}/deep-links", "idem_key": id(5), "jti": id(7), "claims_sha256": hash(2),
        "roles": ["merchant:admin"], "on_behalf_of": draft.merchant, "form": "signed", "handover": "browser", "issuer": "krn:partner:global:account:live:ACQ1",
    }));
    draft.signing = object(
        json!({ "key_id": "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", "cert_sha256": format!("{:064x}", 7) }),
    );
    let reason = match dice / 29 % 10 {
        0 => format!("quarterly review, ticket-{}", pair % 100_000),
        1 => "Rückfrage der Buchhaltung".to_owned(),
        2 => "asked by Anna".to_owned(),
        _ => "support call".to_owned(),
    };
    draft.private = Some(object(
        json!({ "sub": format!("person{}@bank.example", dice / 31 % 3000), "reason": reason, "claims": "{}" }),
    ));
}
