//! The keyring's thread over keyring-core's mock store: errors by variant, the soft limit, one connection, no write behind one's back.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use gatehouse_core::key_store::{
    Backend, ItemName, KeyStore, KeyStoreError, KeyStoreKind, KeyStoreState, Keyring, LONGEST_WAIT, MAX_SECRET_LEN,
    SOFT_LIMIT, SecretBytes,
};
use keyring_core::mock::{Cred, Store};
use keyring_core::{CredentialStore, Error};

use crate::fixtures::secret;

const BRIEF: Duration = Duration::from_millis(60);

/// A mock store, and what the tests can do to the backend around it.
#[derive(Clone)]
struct Rig {
    store: Arc<Store>,
    connects: Arc<AtomicUsize>,
    refusals: Arc<Mutex<VecDeque<Error>>>,
    unready: Arc<Mutex<VecDeque<KeyStoreError>>>,
    panics: Arc<AtomicBool>,
    text_only: bool,
    gate: Arc<(Mutex<bool>, Condvar)>,
    arrived: Arc<AtomicUsize>,
}

impl Rig {
    fn new() -> Self {
        Self {
            store: Store::new().unwrap(),
            connects: Arc::default(),
            refusals: Arc::default(),
            unready: Arc::default(),
            panics: Arc::default(),
            text_only: false,
            gate: Arc::new((Mutex::new(true), Condvar::new())),
            arrived: Arc::default(),
        }
    }

    fn keyring(&self) -> Keyring {
        Keyring::over(self.clone())
    }

    fn connects(&self) -> usize {
        self.connects.load(Ordering::SeqCst)
    }

    /// Makes every operation hang, as behind an unlock dialog, until `open_gate`.
    fn close_gate(&self) {
        *self.gate.0.lock().unwrap() = false;
    }

    fn open_gate(&self) {
        *self.gate.0.lock().unwrap() = true;
        self.gate.1.notify_all();
    }

    /// Waits until the actor stands before the closed gate for the `n`th time.
    fn wait_for_arrival(&self, n: usize) {
        while self.arrived.load(Ordering::SeqCst) < n {
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Makes the store's next call on the item fail.
    fn break_item(&self, error: Error) {
        self.with_cred(|cred| cred.set_error(error));
    }

    fn with_cred<T>(&self, look: impl FnOnce(&Cred) -> T) -> T {
        let entry =
            keyring_core::api::CredentialStoreApi::build(&*self.store, "gatehouse", item().account(), None).unwrap();
        look(entry.as_any().downcast_ref::<Cred>().unwrap())
    }
}

impl Backend for Rig {
    fn connect(&mut self) -> Result<Arc<CredentialStore>, Error> {
        self.connects.fetch_add(1, Ordering::SeqCst);
        match self.refusals.lock().unwrap().pop_front() {
            Some(error) => Err(error),
            None => Ok(Arc::clone(&self.store) as Arc<CredentialStore>),
        }
    }

    fn make_ready(&mut self) -> Result<(), KeyStoreError> {
        assert!(
            !self.panics.swap(false, Ordering::SeqCst),
            "a client library broke down, as the test asked"
        );
        self.arrived.fetch_add(1, Ordering::SeqCst);
        let open = self.gate.0.lock().unwrap();
        drop(self.gate.1.wait_while(open, |open| !*open).unwrap());
        self.unready.lock().unwrap().pop_front().map_or(Ok(()), Err)
    }

    fn text_only(&self) -> bool {
        self.text_only
    }
}

fn item() -> ItemName {
    ItemName::new("test/item", "test item").unwrap()
}

fn io_error(text: &str) -> Box<std::io::Error> {
    Box::new(std::io::Error::other(text.to_owned()))
}

#[test]
fn it_keeps_replaces_and_removes() {
    let keyring = Rig::new().keyring();
    assert!(keyring.get(&item()).unwrap().is_none(), "nothing is there at first");
    keyring.set(&item(), &secret("one")).unwrap();
    keyring.set(&item(), &secret("two")).unwrap();
    assert_eq!(
        keyring.get(&item()).unwrap().unwrap().expose(),
        b"two",
        "the last write counts"
    );
    assert!(keyring.remove(&item()).unwrap(), "there was one");
    assert!(!keyring.remove(&item()).unwrap(), "and now there is none");
    assert_eq!(keyring.kind(), KeyStoreKind::Keyring, "it says what it is");
}

#[test]
fn nothing_is_asked_before_the_first_call() {
    let rig = Rig::new();
    let keyring = rig.keyring();
    thread::sleep(Duration::from_millis(20));
    assert_eq!(
        (rig.connects(), keyring.state()),
        (0, KeyStoreState::Untried),
        "no keyring call before first paint"
    );
    keyring.get(&item()).unwrap();
    assert_eq!(
        (rig.connects(), keyring.state()),
        (1, KeyStoreState::Ready),
        "the first call connects"
    );
}

#[test]
fn clones_share_one_connection() {
    let rig = Rig::new();
    let keyring = rig.keyring();
    let callers: Vec<_> = (0..8)
        .map(|_| keyring.clone())
        .map(|keyring| thread::spawn(move || keyring.get(&item()).unwrap().is_none()))
        .collect();
    assert!(
        callers.into_iter().all(|caller| caller.join().unwrap()),
        "all are answered"
    );
    assert_eq!(rig.connects(), 1, "over one connection");
}

#[test]
fn the_connection_is_made_again_after_a_failure() {
    let rig = Rig::new();
    rig.refusals
        .lock()
        .unwrap()
        .push_back(Error::PlatformFailure(io_error("no bus yet")));
    let keyring = rig.keyring();
    assert!(
        matches!(keyring.get(&item()), Err(KeyStoreError::Crashed(text)) if text == "no bus yet"),
        "the service is not there yet"
    );
    assert_eq!(keyring.state().as_str(), "crashed", "which the state says");
    keyring.get(&item()).expect("and later it is");
    assert_eq!(
        (rig.connects(), keyring.state()),
        (2, KeyStoreState::Ready),
        "without starting the program again"
    );
}

#[test]
fn a_connection_gone_stale_is_replaced_within_the_call() {
    let rig = Rig::new();
    let keyring = rig.keyring();
    keyring.set(&item(), &secret("one")).unwrap();
    rig.break_item(Error::PlatformFailure(io_error("the daemon was restarted")));
    assert_eq!(
        keyring.get(&item()).unwrap().unwrap().expose(),
        b"one",
        "the caller does not notice"
    );
    assert_eq!(rig.connects(), 2, "there was a second connection");
}

#[test]
fn a_failure_that_stays_is_told_after_one_more_try() {
    let rig = Rig::new();
    let keyring = rig.keyring();
    keyring.get(&item()).unwrap();
    rig.unready
        .lock()
        .unwrap()
        .extend([KeyStoreError::Absent, KeyStoreError::Absent]);
    assert!(matches!(keyring.get(&item()), Err(KeyStoreError::Absent)), "it is gone");
    assert!(rig.unready.lock().unwrap().is_empty(), "two tries, not more");
    rig.unready.lock().unwrap().push_back(KeyStoreError::Denied);
    assert!(
        matches!(keyring.get(&item()), Err(KeyStoreError::Denied)),
        "a person's no is not asked about twice"
    );
}

#[test]
fn errors_are_told_apart_by_variant() {
    let cases: [(Error, &str); 8] = [
        (Error::BadEncoding(b"canary".to_vec()), "damaged"),
        (Error::BadDataFormat(b"canary".to_vec(), io_error("canary")), "damaged"),
        (Error::BadStoreFormat("canary".to_owned()), "damaged"),
        (Error::Ambiguous(Vec::new()), "damaged"),
        (Error::NoDefaultStore, "absent"),
        (Error::NotSupportedByStore("canary".to_owned()), "absent"),
        (Error::TooLong("user".to_owned(), 3), "crashed"),
        (Error::Invalid("label".to_owned(), "canary".to_owned()), "crashed"),
    ];
    for (error, state) in cases {
        let rig = Rig::new();
        rig.break_item(error);
        let keyring = rig.keyring();
        let told = keyring.get(&item()).unwrap_err();
        assert_eq!(told.state_word(), state, "{told}");
        assert_eq!(keyring.state().as_str(), state, "the state says the same");
        assert!(
            !format!("{told} {told:?}").contains("canary"),
            "and what may be a secret is not quoted: {told:?}"
        );
    }
}

#[test]
fn a_hanging_keyring_is_slow_and_the_result_is_there_later() {
    let rig = Rig::new();
    let keyring = rig.keyring();
    keyring.set(&item(), &secret("one")).unwrap();
    rig.close_gate();
    let started = Instant::now();
    assert!(
        matches!(keyring.with_patience(BRIEF).get(&item()), Err(KeyStoreError::Slow)),
        "nobody answers the dialog yet"
    );
    assert!(
        started.elapsed() < SOFT_LIMIT,
        "the caller waits no longer than its patience"
    );
    assert_eq!(
        keyring.state(),
        KeyStoreState::Waiting,
        "the screen can say: waiting for your keyring"
    );
    rig.open_gate();
    assert_eq!(
        keyring.get(&item()).unwrap().unwrap().expose(),
        b"one",
        "the dialog was answered"
    );
    assert_eq!(keyring.state(), KeyStoreState::Ready, "and the state says so");
}

#[test]
fn the_soft_limit_is_three_seconds() {
    let rig = Rig::new();
    rig.close_gate();
    let started = Instant::now();
    assert!(
        matches!(rig.keyring().get(&item()), Err(KeyStoreError::Slow)),
        "it hangs"
    );
    let took = started.elapsed();
    assert!(
        took >= SOFT_LIMIT && took < SOFT_LIMIT + Duration::from_secs(2),
        "the limit of the design, took {took:?}"
    );
    assert_eq!(SOFT_LIMIT, Duration::from_secs(3), "design.md section 3, invariant 10");
    rig.open_gate();
}

#[test]
fn a_write_that_was_given_up_before_its_turn_never_happens() {
    let rig = Rig::new();
    let keyring = rig.keyring();
    rig.close_gate();
    let first = keyring.clone();
    let reader = thread::spawn(move || first.get(&item()).map(|found| found.is_none()));
    rig.wait_for_arrival(1);
    assert!(
        matches!(
            keyring.with_patience(BRIEF).set(&item(), &secret("late")),
            Err(KeyStoreError::Slow)
        ),
        "it waits behind the reader"
    );
    rig.open_gate();
    assert!(reader.join().unwrap().unwrap(), "the reader is answered");
    assert!(
        keyring.get(&item()).unwrap().is_none(),
        "the write does not happen behind the caller's back"
    );
}

#[test]
fn a_write_that_had_begun_is_seen_by_later_calls() {
    let rig = Rig::new();
    let keyring = rig.keyring();
    rig.close_gate();
    assert!(
        matches!(
            keyring.with_patience(BRIEF).set(&item(), &secret("one")),
            Err(KeyStoreError::Slow)
        ),
        "the dialog is open"
    );
    rig.open_gate();
    assert_eq!(
        keyring.get(&item()).unwrap().unwrap().expose(),
        b"one",
        "in order: the write, then the read"
    );
}

#[test]
fn patience_has_an_end() {
    let keyring = Rig::new().keyring();
    let patient = keyring.with_patience(Duration::from_secs(9999));
    assert!(
        format!("{patient:?}").contains(&format!("{LONGEST_WAIT:?}")),
        "at most {LONGEST_WAIT:?}: {patient:?}"
    );
}

#[test]
fn a_panic_in_the_client_library_is_a_crash_and_not_the_end() {
    let rig = Rig::new();
    let keyring = rig.keyring();
    rig.panics.store(true, Ordering::SeqCst);
    assert!(
        matches!(keyring.get(&item()), Err(KeyStoreError::Crashed(_))),
        "told as a crash"
    );
    keyring.get(&item()).expect("the thread lives on");
}

#[test]
fn a_secret_too_large_is_refused_before_the_keyring_is_touched() {
    let rig = Rig::new();
    let keyring = rig.keyring();
    let over = SecretBytes::new(vec![7; MAX_SECRET_LEN + 1]);
    assert!(
        matches!(keyring.set(&item(), &over), Err(KeyStoreError::TooLarge { .. })),
        "one byte more than fits"
    );
    assert_eq!(keyring.state(), KeyStoreState::Untried, "nothing was asked");
    keyring
        .set(&item(), &SecretBytes::new(vec![7; MAX_SECRET_LEN]))
        .expect("the limit itself fits");
}

#[test]
fn where_only_text_is_safe_only_text_is_stored() {
    let mut rig = Rig::new();
    rig.text_only = true;
    let keyring = rig.keyring();
    let binary = SecretBytes::new((0..=255).collect());
    keyring.set(&item(), &binary).unwrap();
    let stored = rig.with_cred(|cred| cred.inner.lock().unwrap().borrow().secret.clone().unwrap());
    assert!(
        String::from_utf8(stored).unwrap().starts_with("base64:"),
        "the store is given text"
    );
    assert_eq!(
        keyring.get(&item()).unwrap().unwrap().expose(),
        binary.expose(),
        "and the caller gets bytes"
    );
    let marked = secret("base64:not really");
    rig.text_only = false;
    let other = Rig {
        store: Store::new().unwrap(),
        ..rig
    }
    .keyring();
    other.set(&item(), &marked).unwrap();
    assert_eq!(
        other.get(&item()).unwrap().unwrap().expose(),
        marked.expose(),
        "elsewhere bytes are left alone"
    );
}

#[test]
fn the_thread_ends_with_its_last_handle() {
    struct Farewell(Arc<AtomicBool>);
    impl Drop for Farewell {
        fn drop(&mut self) {
            self.0.store(true, Ordering::SeqCst);
        }
    }
    impl Backend for Farewell {
        fn connect(&mut self) -> Result<Arc<CredentialStore>, Error> {
            Ok(Store::new().unwrap())
        }
    }
    let gone = Arc::new(AtomicBool::new(false));
    let keyring = Keyring::over(Farewell(Arc::clone(&gone)));
    let other = keyring.clone();
    drop(keyring);
    other.get(&item()).expect("one handle is left");
    drop(other);
    let deadline = Instant::now() + Duration::from_secs(5);
    while !gone.load(Ordering::SeqCst) {
        assert!(Instant::now() < deadline, "the thread and its connection end");
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_look_asks_for_no_item_and_leaves_the_state_as_it_was() {
    let rig = Rig::new();
    let keyring = rig.keyring();
    assert!(keyring.answers_unasked(), "the mock's collection is open");
    assert_eq!(rig.connects(), 0, "no item was asked for");
    assert_eq!(
        keyring.state(),
        KeyStoreState::Untried,
        "how an act would fare is not known by that"
    );
}
