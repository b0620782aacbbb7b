//! The app locks before the computer sleeps: a session manager on a bus of the test's own announces it, and is kept waiting meanwhile.
//!
//! The address of the system's bus is a variable of the environment, so the test runs again in a process of its own.

use std::io::{PipeReader, PipeWriter, Read};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::json;
use zbus::blocking::connection::Builder;
use zbus::blocking::{Connection, object_server::InterfaceRef};
use zbus::interface;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::OwnedFd;

use crate::desk::Desk;

const PATIENCE: Duration = Duration::from_secs(20);
const PATH: &str = "/org/freedesktop/login1";
const BUS: &str = "DBUS_SYSTEM_BUS_ADDRESS";

/// Stands for logind; keeps the reading end of each delay that it hands out.
#[derive(Clone, Default)]
struct Manager {
    delays: Arc<Mutex<Vec<(String, PipeReader)>>>,
}

#[interface(name = "org.freedesktop.login1.Manager")]
impl Manager {
    #[expect(clippy::needless_pass_by_value, reason = "the form that the interface's macro takes")]
    fn inhibit(&self, what: String, _who: String, _why: String, mode: String) -> OwnedFd {
        let (ours, theirs): (PipeReader, PipeWriter) = std::io::pipe().unwrap();
        self.delays.lock().unwrap().push((format!("{what} {mode}"), ours));
        OwnedFd::from(std::os::fd::OwnedFd::from(theirs))
    }

    #[zbus(signal)]
    async fn prepare_for_sleep(emitter: &SignalEmitter<'_>, start: bool) -> zbus::Result<()>;
}

fn until(what: &str, holds: impl Fn() -> bool) {
    let begin = Instant::now();
    while !holds() {
        assert!(begin.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// A bus of our own, ended with the test.
struct Bus(Child, String);

impl Bus {
    fn start() -> Self {
        let mut bus = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon is installed");
        let mut address = String::new();
        let mut said = std::io::BufReader::new(bus.stdout.take().unwrap());
        std::io::BufRead::read_line(&mut said, &mut address).unwrap();
        Self(bus, address.trim().to_owned())
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_app_locks_before_the_computer_sleeps_and_the_system_waits_for_it() {
    let bus = Bus::start();
    let inside = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "sleep::inside", "--ignored", "--nocapture"])
        .env(BUS, &bus.1)
        .output()
        .unwrap();
    assert!(inside.status.success(), "{}", String::from_utf8_lossy(&inside.stderr));
}

#[expect(
    clippy::disallowed_methods,
    reason = "the address of this test's own bus, set by its starter"
)]
fn served(manager: &Manager) -> Connection {
    let address = std::env::var(BUS).expect("this test runs in a process of its own only");
    let builder = Builder::address(address.as_str()).unwrap();
    let named = builder.name("org.freedesktop.login1").unwrap();
    named.serve_at(PATH, manager.clone()).unwrap().build().unwrap()
}

#[test]
#[ignore = "runs in a process of its own"]
fn inside() {
    let manager = Manager::default();
    let bus = served(&manager);
    let desk = Desk::with_sandbox();
    let given = || manager.delays.lock().unwrap().len();
    until("a delay is taken at start", || given() == 1);
    let set = json!({ "passphrase": "a lock of nine horses", "idleMinutes": 10, "absoluteHours": 12 });
    desk.ask("secret_lock_set", set).unwrap();
    let (kind, mut held) = manager.delays.lock().unwrap().remove(0);
    assert_eq!(kind, "sleep delay", "it holds back a sleep, and forbids none");
    let announced: InterfaceRef<Manager> = bus.object_server().interface(PATH).unwrap();
    let announce = |start| zbus::block_on(Manager::prepare_for_sleep(announced.signal_emitter(), start)).unwrap();
    announce(true);
    let mut end = Vec::new();
    held.read_to_end(&mut end).unwrap();
    let locked = desk.ask("app_state", json!({})).unwrap()["lock"]["locked"].clone();
    assert_eq!(locked, json!("sleep"), "when the system may go on, the app is locked");
    announce(false);
    until("the next sleep is held back too", || given() == 1);
}
