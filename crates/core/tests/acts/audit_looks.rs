//! Whoever looks at the log stands in it: once a question, also when the log could not be written then, and with what it costs nobody.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use gatehouse_audit::{Entry, Query, Reader};
use gatehouse_core::Gatehouse;
use gatehouse_core::clock::Clock as _;
use gatehouse_core::clock::{FixedClock, SystemClock};
use gatehouse_core::keeping::Erasure;
use gatehouse_core::key_store::{ItemName, KeyStore, KeyStoreError, KeyStoreKind, MemoryKeyStore, SecretBytes};

use super::world::{World, open_at, ready, still};

/// A key store that would ask somebody, until somebody has answered.
struct Shy(Arc<MemoryKeyStore>, AtomicBool);

impl KeyStore for Shy {
    fn get(&self, item: &ItemName) -> Result<Option<SecretBytes>, KeyStoreError> {
        self.0.get(item)
    }

    fn set(&self, item: &ItemName, secret: &SecretBytes) -> Result<(), KeyStoreError> {
        self.0.set(item, secret)
    }

    fn remove(&self, item: &ItemName) -> Result<bool, KeyStoreError> {
        self.0.remove(item)
    }

    fn kind(&self) -> KeyStoreKind {
        KeyStoreKind::Keyring
    }

    fn answers_unasked(&self) -> bool {
        self.1.load(Ordering::SeqCst)
    }
}

fn views(world: &World) -> Vec<Entry> {
    let reader = Reader::open(&world.dir.path().join("data")).unwrap();
    let query = Query {
        kind: Some("audit.view".into()),
        limit: 100,
        ..Query::default()
    };
    let mut found = reader.list(&query).unwrap().entries;
    found.reverse();
    found
}

fn asked(entry: &Entry) -> &str {
    let note = entry.private.as_ref().and_then(|private| private.get("note")?.as_str());
    note.unwrap_or("")
}

fn shy(world: &World, open: bool) -> (Gatehouse, Arc<Shy>, Arc<FixedClock>) {
    let store = Arc::new(Shy(Arc::clone(&world.keys), AtomicBool::new(open)));
    let clock = Arc::new(FixedClock::at(SystemClock::new().unix_ms()));
    let dir = world.dir.path().join("data");
    let (keys, time) = (Arc::clone(&store) as Arc<_>, Arc::clone(&clock) as Arc<_>);
    (open_at(&dir, keys, &world.address, time, still()), store, clock)
}

#[test]
fn a_question_is_one_look_until_it_is_asked_again_later() {
    let (world, _) = ready();
    let (gatehouse, _, clock) = shy(&world, true);
    for query in ["outcome:refused", " outcome:refused ", "", "outcome:refused"] {
        gatehouse.audit_viewed(query, 7).unwrap();
    }
    let told = views(&world);
    assert_eq!(
        told.iter().map(asked).collect::<Vec<_>>(),
        ["outcome:refused", ""],
        "once each"
    );
    assert_eq!(
        told[0].body.result.get("size"),
        Some(&7.into()),
        "with how much was shown"
    );
    assert!(
        !told[0].body.request.contains_key("asked_at"),
        "written when it was asked"
    );
    clock.advance(16 * 60_000);
    gatehouse.audit_viewed("outcome:refused", 7).unwrap();
    assert_eq!(views(&world).len(), 3, "a quarter of an hour later it is another look");
    gatehouse.audit_viewed("whom:ann", 0).unwrap_err();
    assert_eq!(views(&world).len(), 3, "what cannot be read was not answered");
}

#[test]
fn a_look_that_cannot_be_written_waits_also_for_another_process() {
    let (world, _) = ready();
    let (closed, _, clock) = shy(&world, false);
    closed.audit_viewed("outcome:refused", 3).unwrap();
    clock.advance(1_000);
    closed.audit_viewed("act:key.*", 2).unwrap();
    assert_eq!(closed.audit_views_waiting(), 2, "screens can say so");
    assert!(views(&world).is_empty(), "nobody was asked for the key store");
    drop(closed);

    let (next, store, _) = shy(&world, false);
    next.audit_viewed("", 9).unwrap();
    assert_eq!(next.audit_views_waiting(), 3, "those of before are not forgotten");
    store.1.store(true, Ordering::SeqCst);
    next.ready_to_record().unwrap();
    assert_eq!(next.audit_views_waiting(), 0, "the log is open");
    let told = views(&world);
    assert_eq!(
        told.iter().map(asked).collect::<Vec<_>>(),
        ["outcome:refused", "act:key.*", ""],
        "in their order"
    );
    let late = |entry: &Entry| entry.body.request.get("asked_at")?.as_str().map(str::len);
    assert!(
        told.iter()
            .all(|entry| late(entry) == Some("2026-01-01T00:00:00.000Z".len())),
        "each with its own time: {told:?}"
    );
    drop(next);
    let (last, ..) = shy(&world, true);
    last.audit_viewed("outcome:unknown", 0).unwrap();
    assert_eq!(views(&world).len(), 4, "none is written twice");
}

#[test]
fn erasing_a_person_reaches_a_question_that_still_waited_for_the_log() {
    let (world, _) = ready();
    let (gatehouse, store, _) = shy(&world, false);
    gatehouse.audit_viewed("ann@example.org", 1).unwrap();
    assert_eq!(gatehouse.audit_views_waiting(), 1, "the key store would have asked");
    store.1.store(true, Ordering::SeqCst);
    let erased = gatehouse
        .audit_erase(&Erasure::Person("ann@example.org".into()), "she asked for it")
        .unwrap();
    assert_eq!(gatehouse.audit_views_waiting(), 0, "nothing of it waits any more");
    let look = views(&world).remove(0);
    assert_eq!(erased.entries, [look.seq], "the question was written, then erased");
    assert!(look.private.is_none(), "its words are gone: {look:?}");
}
