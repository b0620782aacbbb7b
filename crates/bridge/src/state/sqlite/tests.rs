//! What the embedded store keeps, gives once, and forgets.

use super::*;

fn row(key: u8, expires_ms: i64) -> Row {
    Row {
        key: [key; 32],
        phase: Phase::Begun,
        expires_ms,
        sealed: vec![key],
    }
}

#[test]
fn a_row_is_given_once_and_never_after_its_end() {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&dir.path().join("bridge.db"), 10).unwrap();
    assert!(store.put(&row(1, 100), 0).unwrap(), "the first with its key");
    store.put(&row(2, 100), 0).unwrap();
    assert!(!store.put(&row(2, 200), 0).unwrap(), "a second one is told");
    assert_eq!(
        store.look(&[1; 32], Phase::Begun, 99).unwrap(),
        Some(vec![1]),
        "looking leaves it"
    );
    assert_eq!(
        store.take(&[1; 32], Phase::SignedIn, 99).unwrap(),
        None,
        "not in another phase"
    );
    assert_eq!(
        store.take(&[1; 32], Phase::Begun, 99).unwrap(),
        Some(vec![1]),
        "the first gets it"
    );
    assert_eq!(
        store.take(&[1; 32], Phase::Begun, 99).unwrap(),
        None,
        "the second does not"
    );
    assert_eq!(store.look(&[2; 32], Phase::Begun, 100).unwrap(), None, "over is over");
    assert_eq!(store.take(&[2; 32], Phase::Begun, 100).unwrap(), None, "for taking too");
}

#[test]
fn rows_outlive_a_restart_and_a_full_store_takes_no_more() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("bridge.db");
    let store = SqliteStore::open(&file, 2).unwrap();
    store.put(&row(1, 100), 0).unwrap();
    store.put(&row(2, 50), 0).unwrap();
    assert!(
        matches!(store.put(&row(3, 100), 10), Err(StoreFailure::Full)),
        "there is no room"
    );
    store.put(&row(3, 100), 60).expect("what is over makes room");
    drop(store);
    let again = SqliteStore::open(&file, 2).unwrap();
    assert_eq!(
        again.take(&[1; 32], Phase::Begun, 60).unwrap(),
        Some(vec![1]),
        "it is there after a restart"
    );
    again.forget(&[3; 32]).unwrap();
    assert_eq!(again.sweep(60).unwrap(), 0, "forgotten is forgotten");
}

#[test]
fn of_many_who_take_a_row_at_once_one_gets_it() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("bridge.db");
    let (one, other) = (
        SqliteStore::open(&file, 1000).unwrap(),
        SqliteStore::open(&file, 1000).unwrap(),
    );
    for number in 0..100_u8 {
        one.put(&row(number, 100), 0).unwrap();
    }
    let takers = [&one, &other, &one, &other];
    let got: usize = std::thread::scope(|scope| {
        let each = takers.map(|store| {
            scope.spawn(move || {
                let took = |key: &u8| store.take(&[*key; 32], Phase::Begun, 1).unwrap().is_some();
                (0..100_u8).filter(took).count()
            })
        });
        each.into_iter().map(|taker| taker.join().unwrap()).sum()
    });
    assert_eq!(got, 100, "each row went to one of them");
}

#[test]
fn a_token_is_spent_once_takes_no_room_from_sign_ins_and_is_swept_out() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("bridge.db");
    let store = SqliteStore::open(&file, 1).unwrap();
    assert!(store.spend([1; 32], 100).unwrap(), "the first time");
    assert!(!store.spend([1; 32], 300).unwrap(), "not the second");
    assert!(store.spend([2; 32], 200).unwrap(), "another one");
    store.give_back([2; 32]).unwrap();
    assert!(store.spend([2; 32], 200).unwrap(), "what was given back can be spent");
    assert_eq!(store.sweep(0).unwrap(), 0, "they are no sign-ins");
    store.put(&row(1, 100), 0).expect("and take no room from one");
    drop(store);
    let again = SqliteStore::open(&file, 1).unwrap();
    assert!(!again.spend([1; 32], 300).unwrap(), "spent is spent after a restart");
    assert_eq!(again.sweep(100).unwrap(), 0, "what is over goes");
    assert!(
        again.spend([1; 32], 300).unwrap(),
        "and with it what is known of the token"
    );
    assert!(!again.spend([2; 32], 300).unwrap(), "and nothing else");
}

#[test]
fn of_many_who_spend_a_token_at_once_one_may() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("bridge.db");
    let (one, other) = (
        SqliteStore::open(&file, 10).unwrap(),
        SqliteStore::open(&file, 10).unwrap(),
    );
    let got: usize = std::thread::scope(|scope| {
        let each = [&one, &other, &one, &other].map(|store| {
            scope.spawn(move || {
                (0..50_u8)
                    .filter(|token| store.spend([*token; 32], 100).unwrap())
                    .count()
            })
        });
        each.into_iter().map(|spender| spender.join().unwrap()).sum()
    });
    assert_eq!(got, 50, "each token by one of them");
}
