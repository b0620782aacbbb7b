//! The store for tests: it must fail exactly as told, or tests built on it prove nothing.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use gatehouse_core::key_store::{
    ItemName, KeyStore, KeyStoreError, KeyStoreKind, MAX_SECRET_LEN, MemoryKeyStore, SecretBytes,
};

use crate::fixtures::secret;

fn item() -> ItemName {
    ItemName::new("test/item", "test item").unwrap()
}

#[test]
fn it_keeps_replaces_and_removes() {
    let store = MemoryKeyStore::new();
    assert!(store.get(&item()).unwrap().is_none(), "nothing is there at first");
    store.set(&item(), &secret("one")).unwrap();
    store.set(&item(), &secret("two")).unwrap();
    assert_eq!(
        store.get(&item()).unwrap().unwrap().expose(),
        b"two",
        "the last write counts"
    );
    assert!(store.remove(&item()).unwrap(), "there was one");
    assert!(!store.remove(&item()).unwrap(), "and now there is none");
    assert_eq!(store.kind(), KeyStoreKind::Memory, "it does not pass for a keyring");
}

#[test]
fn items_are_filed_by_account_not_by_label() {
    let store = MemoryKeyStore::new();
    store.set(&item(), &secret("one")).unwrap();
    let relabelled = ItemName::new("test/item", "another label").unwrap();
    assert_eq!(
        store.get(&relabelled).unwrap().unwrap().expose(),
        b"one",
        "as in every keyring"
    );
}

#[test]
fn injected_failures_come_once_later_or_always() {
    let store = MemoryKeyStore::new();
    store.fail_next(KeyStoreError::Locked);
    assert!(
        matches!(store.get(&item()), Err(KeyStoreError::Locked)),
        "the next call fails"
    );
    store.get(&item()).expect("and the one after works");
    store.fail_after(1, KeyStoreError::Denied);
    store.set(&item(), &secret("kept")).expect("one more works");
    assert!(
        matches!(store.set(&item(), &secret("lost")), Err(KeyStoreError::Denied)),
        "then one fails"
    );
    assert_eq!(
        store.get(&item()).unwrap().unwrap().expose(),
        b"kept",
        "and a failed write changes nothing"
    );
    store.always(|| KeyStoreError::Slow);
    for _ in 0..3 {
        assert!(
            matches!(store.remove(&item()), Err(KeyStoreError::Slow)),
            "every call fails"
        );
    }
    store.heal();
    assert_eq!(
        store.get(&item()).unwrap().unwrap().expose(),
        b"kept",
        "healed, with its items"
    );
    assert_eq!(store.calls(), 9, "all calls were counted");
}

#[test]
fn a_delay_is_kept() {
    let store = Arc::new(MemoryKeyStore::new());
    store.delay(Duration::from_millis(30));
    let started = Instant::now();
    store.get(&item()).unwrap();
    assert!(started.elapsed() >= Duration::from_millis(30), "the call took its time");
}

#[test]
fn it_refuses_what_a_keyring_would_refuse() {
    let store = MemoryKeyStore::new();
    let full = SecretBytes::new(vec![7; MAX_SECRET_LEN]);
    store.set(&item(), &full).expect("the limit itself fits");
    let over = SecretBytes::new(vec![7; MAX_SECRET_LEN + 1]);
    let refused = store.set(&item(), &over);
    assert!(
        matches!(refused, Err(KeyStoreError::TooLarge { len: 2001, max: 2000 })),
        "one more byte does not"
    );
}
