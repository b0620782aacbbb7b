//! The log verified unasked: its verdict is there without a click, what is wrong is an alarm, and so is a key that was used beside it.

use std::fs;
use std::sync::atomic::AtomicBool;

use gatehouse_audit::{Anchor, FILE_NAME, Verdict, Watch};
use gatehouse_core::key_store::{DirectoryItem, ItemName, KeyStore, SecretBytes};
use gatehouse_core::profile::KeyRemoval;
use gatehouse_core::signing_key::CertificateUsage;
use gatehouse_core::{Gatehouse, LogAlarmKind};

use super::world::{BAKERY, World, empty, ready, wish};

/// Looks on a thread of its own, whose priority is its own.
fn look(gatehouse: &Gatehouse) -> bool {
    let look = || {
        let watch = Watch {
            progress: &|_, _| (),
            stop: &AtomicBool::new(false),
            gently: true,
        };
        gatehouse.audit_watch(&watch).unwrap()
    };
    std::thread::scope(|scope| scope.spawn(look).join().unwrap())
}

fn data(world: &World) -> std::path::PathBuf {
    world.dir.path().join("data").canonicalize().unwrap()
}

/// One more token is counted for each key than the log knows of, as after a use without an act.
fn use_beside(world: &World) {
    let item = ItemName::for_directory(&data(world), DirectoryItem::Anchor);
    let bytes = world.keys.get(&item).unwrap().unwrap();
    let mut anchor = Anchor::from_json(bytes.expose()).unwrap();
    let counts = anchor.signatures.as_mut().expect("signatures are counted");
    assert!(!counts.is_empty(), "something was signed");
    counts.values_mut().for_each(|count| *count += 1);
    let bytes = SecretBytes::from_slice(&anchor.to_json());
    world.keys.set(&item, &bytes).unwrap();
}

#[test]
fn a_look_writes_nothing_and_tells_the_verdict() {
    let (world, profile) = ready();
    world.open(&profile, &wish(BAKERY)).unwrap();
    let next = world.again();
    assert!(next.audit_checked().unwrap().is_none(), "nothing was verified yet");
    let size = next.audit_reader().unwrap().head().unwrap().size;
    assert!(look(&next), "the key store answers");
    let checked = next.audit_checked().unwrap().expect("it was looked at");
    assert_eq!(
        (checked.report.verdict, checked.report.size),
        (Verdict::Intact, size),
        "all of it"
    );
    assert_eq!(
        next.audit_reader().unwrap().head().unwrap().size,
        size,
        "nobody asked, so nothing says so"
    );
    assert_eq!(next.log_alarm(), None, "and nothing is wrong");
}

#[test]
fn nothing_is_asked_where_nothing_was_done() {
    let world = empty();
    let calls = world.keys.calls();
    assert!(look(&world.gatehouse), "there is nothing to look at");
    assert_eq!(world.keys.calls(), calls, "and no reason to touch the key store");
    assert!(
        world.gatehouse.audit_checked().unwrap().is_none(),
        "no verdict on nothing"
    );
}

#[test]
fn a_log_that_was_changed_or_is_gone_is_an_alarm_by_itself() {
    let (world, _) = ready();
    let path = data(&world).join(FILE_NAME);
    let log = rusqlite::Connection::open(&path).unwrap();
    log.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); DROP TRIGGER event_no_update")
        .unwrap();
    log.execute("UPDATE event SET leaf = zeroblob(32) WHERE seq = 2", [])
        .unwrap();
    drop(log);
    let next = world.again();
    assert!(look(&next), "it was looked at");
    let alarm = next.log_alarm().expect("it is told");
    assert_eq!(alarm.what, LogAlarmKind::Entries, "{alarm:?}");
    assert!(alarm.message.contains("#2"), "with the first bad entry: {alarm:?}");

    for ending in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(data(&world).join(format!("{FILE_NAME}{ending}")));
    }
    let next = world.again();
    assert!(look(&next), "it was looked at");
    let alarm = next.log_alarm().expect("it is told");
    assert!(alarm.message.contains("missing"), "{alarm:?}");
}

#[test]
fn a_key_that_was_used_beside_the_log_is_an_alarm_until_it_is_destroyed() {
    let (world, profile) = ready();
    world.open(&profile, &wish(BAKERY)).unwrap();
    use_beside(&world);
    let next = world.again();
    assert!(look(&next), "it was looked at");
    assert_eq!(
        next.audit_checked().unwrap().unwrap().report.verdict,
        Verdict::Intact,
        "the log is whole"
    );
    let alarm = next.log_alarm().expect("it is told all the same");
    assert_eq!(alarm.what, LogAlarmKind::SigningKey, "{alarm:?}");
    assert!(alarm.hint.for_app().contains("Rotate"), "with what to do: {alarm:?}");

    let profile = next.profile(Some(&profile.name)).unwrap();
    let keys = next.keys(&profile).unwrap();
    let signing = keys
        .iter()
        .find(|key| key.row.usage == CertificateUsage::JwtSigning)
        .unwrap();
    let anyway = KeyRemoval {
        even_active: true,
        token_lost: false,
    };
    next.destroy_key(&profile, &signing.row.key_id, anyway).unwrap();
    assert_eq!(next.log_alarm(), None, "nobody signs with it any more");
    let later = world.again();
    assert!(look(&later), "it was looked at");
    assert_eq!(later.log_alarm(), None, "as the log says, too");
    let report = later.audit_verify().unwrap();
    assert_eq!(
        report.beside.len(),
        1,
        "which goes on telling what was done: {:?}",
        report.notices
    );
}
