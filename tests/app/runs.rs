//! `app.start` and `app.stop`: written by a run of the app that has a log, and by nobody's leave held up.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use gatehouse_core::KeysChoice;
use gatehouse_core::key_store::{ItemName, KeyStore, KeyStoreError, KeyStoreKind, MemoryKeyStore, SecretBytes};
use gatehouse_shell::shell::Shell;
use serde_json::json;
use tauri::Manager;

use crate::desk::Desk;

/// A store that can be locked, and can hang.
#[derive(Default)]
struct Moody {
    items: MemoryKeyStore,
    locked: AtomicBool,
    hangs: Mutex<bool>,
    wakes: Condvar,
}

impl Moody {
    fn hang(&self, hangs: bool) {
        *self.hangs.lock().unwrap() = hangs;
        self.wakes.notify_all();
    }

    fn wait(&self) {
        let hangs = self.hangs.lock().unwrap();
        drop(self.wakes.wait_while(hangs, |hangs| *hangs).unwrap());
    }
}

impl KeyStore for Moody {
    fn get(&self, item: &ItemName) -> Result<Option<SecretBytes>, KeyStoreError> {
        self.wait();
        self.items.get(item)
    }

    fn set(&self, item: &ItemName, secret: &SecretBytes) -> Result<(), KeyStoreError> {
        self.wait();
        self.items.set(item, secret)
    }

    fn remove(&self, item: &ItemName) -> Result<bool, KeyStoreError> {
        self.items.remove(item)
    }

    fn kind(&self) -> KeyStoreKind {
        KeyStoreKind::Memory
    }

    fn answers_unasked(&self) -> bool {
        !self.locked.load(Ordering::SeqCst)
    }
}

fn moody() -> (Arc<Moody>, Desk) {
    let keys = Arc::new(Moody::default());
    let given = || KeysChoice::Given(Arc::clone(&keys) as Arc<dyn KeyStore>);
    let desk = Desk::with_sandbox_and(given()).again(given());
    (keys, desk)
}

/// How often each of the two stands in the log.
fn told(desk: &Desk) -> [usize; 2] {
    let asked = json!({ "request": { "before": null, "limit": 50, "query": "" } });
    let acts = desk.ask("audit_acts", asked).unwrap();
    let rows = acts["rows"].as_array().unwrap();
    ["app.start", "app.stop"].map(|kind| rows.iter().filter(|row| row["kind"] == json!(kind)).count())
}

fn painted(desk: &Desk) {
    desk.ask("app_painted", json!({})).unwrap();
}

fn wait_until(what: &str, there: impl Fn() -> bool) {
    let begin = Instant::now();
    while !there() {
        assert!(begin.elapsed() < Duration::from_secs(10), "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn end(desk: &Desk) {
    desk.app.state::<Shell>().ended(Duration::from_secs(1));
}

#[test]
fn a_run_is_recorded_from_its_first_picture_to_its_end() {
    let (_, desk) = moody();
    assert_eq!(
        told(&desk),
        [0, 0],
        "before the first picture nothing is asked and nothing recorded"
    );
    painted(&desk);
    wait_until("the start is recorded", || told(&desk) == [1, 0]);
    painted(&desk);
    end(&desk);
    assert_eq!(told(&desk), [1, 1], "a page that is loaded again is no second start");
    end(&desk);
    assert_eq!(told(&desk), [1, 1], "and an end comes once");
    let verified = desk.ask("audit_verify", json!({})).unwrap();
    assert_eq!(verified["verdict"], json!("intact"), "every entry is what was written");
}

#[test]
fn the_run_that_made_the_log_has_neither() {
    let desk = Desk::with_sandbox();
    painted(&desk);
    std::thread::sleep(Duration::from_millis(200));
    end(&desk);
    assert_eq!(told(&desk), [0, 0], "its first entry says when the log began");
}

#[test]
fn a_log_is_not_born_by_looking() {
    let desk = Desk::bare();
    painted(&desk);
    end(&desk);
    assert!(
        !desk.dir.path().join("audit.db").exists(),
        "neither start nor end makes a log"
    );
}

#[test]
fn a_run_whose_start_is_not_recorded_has_no_end_either() {
    let (_, desk) = moody();
    end(&desk);
    assert_eq!(
        told(&desk),
        [0, 0],
        "an end without its start would tell nobody anything"
    );
}

#[test]
fn a_locked_keyring_is_not_asked_and_the_start_comes_with_the_first_act() {
    let (keys, desk) = moody();
    keys.locked.store(true, Ordering::SeqCst);
    painted(&desk);
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(told(&desk), [0, 0], "nobody is disturbed for it");
    desk.ask("settings_save", json!({ "change": { "reasonRequired": true } }))
        .unwrap();
    assert_eq!(
        told(&desk),
        [1, 0],
        "an act opens the log, and the start stands before it"
    );
}

#[test]
fn a_keyring_that_hangs_does_not_hold_the_exit_back() {
    let (keys, desk) = moody();
    painted(&desk);
    wait_until("the start is recorded", || told(&desk) == [1, 0]);
    keys.hang(true);
    let begin = Instant::now();
    end(&desk);
    let took = begin.elapsed();
    keys.hang(false);
    assert!(
        took < Duration::from_secs(3),
        "the exit waits a second and goes: {took:?}"
    );
}

#[test]
fn lists_are_read_while_the_keyring_hangs() {
    let (keys, desk) = moody();
    end(&desk);
    keys.hang(true);
    painted(&desk);
    std::thread::sleep(Duration::from_millis(100));
    let begin = Instant::now();
    desk.ask("sessions_list", json!({})).unwrap();
    let took = begin.elapsed();
    keys.hang(false);
    assert!(
        took < Duration::from_secs(2),
        "the database is not held meanwhile: {took:?}"
    );
}
