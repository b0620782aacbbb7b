//! The sealed file: wrong passphrase and damage are told apart, nothing altered is ever accepted, two handles agree.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use gatehouse_core::key_store::{
    ItemName, KeyStore, KeyStoreError, KeyStoreKind, SealedFile, SealingCost, SecretBytes,
};
use tempfile::TempDir;

use crate::fixtures::{fill, secret};

const CHEAP: SealingCost = SealingCost::for_tests();

struct Place {
    _folder: TempDir,
    path: PathBuf,
}

fn place() -> Place {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.sealed");
    Place { _folder: folder, path }
}

fn item(n: u32) -> ItemName {
    ItemName::new(&format!("test/{n}"), "test item").unwrap()
}

fn create(place: &Place) -> SealedFile {
    SealedFile::create_at_cost(&place.path, &secret("correct horse"), CHEAP, fill).unwrap()
}

fn open(place: &Place, passphrase: &str) -> Result<SealedFile, KeyStoreError> {
    SealedFile::open_at_cost(&place.path, &secret(passphrase), CHEAP, fill)
}

#[test]
fn items_survive_closing_and_opening() {
    let place = place();
    let store = create(&place);
    store.set(&item(1), &secret("one")).unwrap();
    store.set(&item(2), &SecretBytes::new(vec![0, 255, 10])).unwrap();
    store.set(&item(3), &secret("")).unwrap();
    assert!(store.remove(&item(1)).unwrap(), "there was one");
    assert!(!store.remove(&item(1)).unwrap(), "and now there is none");
    drop(store);
    let store = open(&place, "correct horse").unwrap();
    assert!(store.get(&item(1)).unwrap().is_none(), "removed for good");
    assert_eq!(
        store.get(&item(2)).unwrap().unwrap().expose(),
        [0, 255, 10],
        "any bytes"
    );
    assert_eq!(
        store.get(&item(3)).unwrap().unwrap().expose(),
        b"",
        "even none: an empty item is not a missing one"
    );
    assert_eq!(store.kind(), KeyStoreKind::SealedFile, "it says what it is");
}

#[test]
fn the_standard_cost_works_and_is_in_the_file() {
    let place = place();
    let passphrase = secret("correct horse");
    SealedFile::create(&place.path, &passphrase, fill)
        .unwrap()
        .set(&item(1), &secret("one"))
        .unwrap();
    let bytes = std::fs::read(&place.path).unwrap();
    assert_eq!(
        bytes[12..24],
        [0, 0, 1, 0, 3, 0, 0, 0, 1, 0, 0, 0],
        "64 MiB, 3 passes, 1 lane"
    );
    let store = SealedFile::open(&place.path, &passphrase, fill).unwrap();
    assert_eq!(
        store.get(&item(1)).unwrap().unwrap().expose(),
        b"one",
        "and opens again"
    );
}

#[test]
fn a_file_with_a_cheaper_cost_is_refused() {
    let place = place();
    create(&place);
    let opened = SealedFile::open(&place.path, &secret("correct horse"), fill);
    assert!(
        matches!(opened, Err(KeyStoreError::Damaged(_))),
        "nobody can slip in a file that is cheap to guess"
    );
}

#[test]
fn wrong_passphrases_are_told_from_damage() {
    let place = place();
    create(&place).set(&item(1), &secret("one")).unwrap();
    for wrong in ["", "correct horsf", "Correct horse", "correct horse "] {
        assert!(
            matches!(open(&place, wrong), Err(KeyStoreError::WrongPassphrase)),
            "{wrong:?} is not the passphrase"
        );
    }
}

#[test]
fn every_flipped_bit_is_found_and_called_damage() {
    let place = place();
    let store = create(&place);
    store.set(&item(1), &secret("one")).unwrap();
    let good = std::fs::read(&place.path).unwrap();
    for at in 0..good.len() {
        for bit in [0, 3, 7] {
            let mut bad = good.clone();
            bad[at] ^= 1 << bit;
            std::fs::write(&place.path, &bad).unwrap();
            assert!(
                matches!(store.get(&item(1)), Err(KeyStoreError::Damaged(_))),
                "an open handle, byte {at} bit {bit}"
            );
            let opened = open(&place, "correct horse");
            assert!(
                matches!(opened, Err(KeyStoreError::Damaged(_))),
                "a new one, byte {at} bit {bit}"
            );
            assert!(
                store.set(&item(1), &secret("two")).is_err(),
                "and nothing is written over it, byte {at} bit {bit}"
            );
        }
    }
}

#[test]
fn every_cut_and_every_addition_is_found() {
    let place = place();
    let store = create(&place);
    let good = std::fs::read(&place.path).unwrap();
    for len in 0..good.len() {
        std::fs::write(&place.path, &good[..len]).unwrap();
        assert!(
            matches!(store.get(&item(1)), Err(KeyStoreError::Damaged(_))),
            "cut off after {len} bytes"
        );
    }
    std::fs::write(&place.path, [&good[..], &[0]].concat()).unwrap();
    assert!(
        matches!(store.get(&item(1)), Err(KeyStoreError::Damaged(_))),
        "a byte more"
    );
}

#[test]
fn a_newer_format_is_named_as_such() {
    use sha2::{Digest, Sha256};
    let place = place();
    create(&place);
    let mut bytes = std::fs::read(&place.path).unwrap();
    bytes[8] = 2;
    let sum = Sha256::digest(&bytes[..56]);
    bytes[56..64].copy_from_slice(&sum[..8]);
    std::fs::write(&place.path, bytes).unwrap();
    assert!(
        matches!(
            open(&place, "correct horse"),
            Err(KeyStoreError::Newer { found: 2, known: 1 })
        ),
        "an update is the cure, not a backup"
    );
}

#[test]
fn missing_existing_and_unreachable_files_are_told() {
    let place = place();
    assert!(matches!(open(&place, "x"), Err(KeyStoreError::Absent)), "no file yet");
    let store = create(&place);
    let again = SealedFile::create_at_cost(&place.path, &secret("other"), CHEAP, fill);
    assert!(
        matches!(again, Err(KeyStoreError::Io(e)) if e.kind() == std::io::ErrorKind::AlreadyExists),
        "never replaced by accident"
    );
    std::fs::remove_file(&place.path).unwrap();
    assert!(
        matches!(store.get(&item(1)), Err(KeyStoreError::Absent)),
        "somebody removed it"
    );
    assert!(
        matches!(store.set(&item(1), &secret("one")), Err(KeyStoreError::Absent)),
        "and it is not made anew silently"
    );
    let nowhere = Place {
        path: place.path.join("no/such/folder"),
        ..place
    };
    let made = SealedFile::create_at_cost(&nowhere.path, &secret("x"), CHEAP, fill);
    assert!(matches!(made, Err(KeyStoreError::Io(_))), "no such folder");
}

#[test]
fn two_handles_see_each_others_writes() {
    let place = place();
    let one = create(&place);
    let two = open(&place, "correct horse").unwrap();
    one.set(&item(1), &secret("from one")).unwrap();
    assert_eq!(
        two.get(&item(1)).unwrap().unwrap().expose(),
        b"from one",
        "at once, without opening again"
    );
    two.set(&item(2), &secret("from two")).unwrap();
    assert_eq!(one.get(&item(2)).unwrap().unwrap().expose(), b"from two", "both ways");
    assert_eq!(
        one.get(&item(1)).unwrap().unwrap().expose(),
        b"from one",
        "and neither loses the other's items"
    );
}

#[test]
fn writers_at_the_same_time_lose_nothing() {
    let place = place();
    let stores = [
        create(&place),
        open(&place, "correct horse").unwrap(),
        open(&place, "correct horse").unwrap(),
    ]
    .map(Arc::new);
    let writers: Vec<_> = (0_u32..6)
        .map(|writer| {
            let store = Arc::clone(&stores[writer as usize % 3]);
            thread::spawn(move || {
                (0..5).for_each(|n| store.set(&item(writer * 10 + n), &secret("x")).unwrap());
            })
        })
        .collect();
    writers.into_iter().for_each(|writer| writer.join().unwrap());
    for writer in 0..6 {
        for n in 0..5 {
            assert!(
                stores[0].get(&item(writer * 10 + n)).unwrap().is_some(),
                "item {n} of writer {writer} is there"
            );
        }
    }
}

#[test]
fn a_held_lock_makes_a_write_slow_and_leaves_reads_alone() {
    let place = place();
    let store = create(&place);
    let lock = std::fs::File::options()
        .write(true)
        .open(place.path.with_file_name("keys.sealed.lock"))
        .unwrap();
    lock.lock().unwrap();
    assert!(store.get(&item(1)).unwrap().is_none(), "reading needs no lock");
    assert!(
        matches!(store.set(&item(1), &secret("one")), Err(KeyStoreError::Slow)),
        "writing gives up after the limit"
    );
    lock.unlock().unwrap();
    store
        .set(&item(1), &secret("one"))
        .expect("and works when the other process is done");
}

#[test]
fn a_changed_passphrase_locks_the_old_one_out() {
    let place = place();
    let store = create(&place);
    let other = open(&place, "correct horse").unwrap();
    store.set(&item(1), &secret("one")).unwrap();
    store.change_passphrase(&secret("battery staple")).unwrap();
    assert_eq!(
        store.get(&item(1)).unwrap().unwrap().expose(),
        b"one",
        "the handle that changed it goes on"
    );
    assert!(
        matches!(other.get(&item(1)), Err(KeyStoreError::WrongPassphrase)),
        "the other one has to ask again"
    );
    assert!(
        matches!(other.set(&item(1), &secret("two")), Err(KeyStoreError::WrongPassphrase)),
        "and cannot overwrite"
    );
    assert!(
        matches!(open(&place, "correct horse"), Err(KeyStoreError::WrongPassphrase)),
        "the old one is no good"
    );
    assert_eq!(
        open(&place, "battery staple")
            .unwrap()
            .get(&item(1))
            .unwrap()
            .unwrap()
            .expose(),
        b"one",
        "the new one is"
    );
}

#[test]
fn a_file_of_somebody_else_is_not_opened() {
    let place = place();
    std::fs::write(
        &place.path,
        "SQLite format 3\0 and so on, long enough to be a header of 64 bytes, and more",
    )
    .unwrap();
    assert!(
        matches!(open(&place, "x"), Err(KeyStoreError::Damaged(_))),
        "another program's file"
    );
}

#[test]
fn each_write_uses_a_fresh_nonce() {
    let place = place();
    let store = create(&place);
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..20 {
        store.set(&item(1), &secret("same")).unwrap();
        seen.insert(std::fs::read(&place.path).unwrap()[64..88].to_vec());
    }
    assert_eq!(seen.len(), 20, "a nonce that came twice would break the seal");
}

#[cfg(unix)]
#[test]
fn files_are_readable_by_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let place = place();
    create(&place).set(&item(1), &secret("one")).unwrap();
    for name in ["keys.sealed", "keys.sealed.lock"] {
        let mode = std::fs::metadata(place.path.with_file_name(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}
