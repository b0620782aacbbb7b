//! The private session bus with an unlocked gnome-keyring on it.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{ChildStdout, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::failure::{Doing, Failure, Outcome};
use crate::process::{self, Background};

/// Guards nothing: the keyring holds throw-away secrets, and has to open again without a person.
const PASSWORD: &[u8] = b"throw-away";

/// The bus and its keyring.
#[derive(Debug)]
pub struct Bus {
    address: String,
    _keyring: Background,
    _bus: Background,
    _output: BufReader<ChildStdout>,
}

impl Bus {
    /// Starts both; `enter` puts a command into the session's folders and display.
    pub fn start(folder: &Path, enter: impl Fn(&mut Command) -> &mut Command) -> Outcome<Self> {
        let log = folder.join("dbus.log");
        let mut command = process::tied("dbus-daemon");
        command.args(["--session", "--nofork", "--nopidfile", "--print-address=1"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut bus = Background::start(enter(&mut command), &log)?;
        let mut output = BufReader::new(bus.0.stdout.take().expect("stdout was asked for as a pipe"));
        let mut address = String::new();
        output.read_line(&mut address).doing("read the session bus's address")?;
        let address = address.trim().to_owned();
        if address.is_empty() {
            return Err(Failure::new(format!(
                "the session bus did not start; {} says why.",
                log.display()
            )));
        }
        let in_session = |command: &mut Command| {
            enter(command).env("DBUS_SESSION_BUS_ADDRESS", &address);
        };
        let keyring = start_keyring(folder, in_session)?;
        Ok(Self {
            address,
            _keyring: keyring,
            _bus: bus,
            _output: output,
        })
    }

    /// Returns what DBUS_SESSION_BUS_ADDRESS has to be.
    pub fn address(&self) -> &str {
        &self.address
    }
}

fn start_keyring(folder: &Path, in_session: impl Fn(&mut Command)) -> Outcome<Background> {
    let log = folder.join("gnome-keyring.log");
    let mut command = process::tied("gnome-keyring-daemon");
    command.args(["--foreground", "--unlock", "--components=secrets"]);
    in_session(&mut command);
    command.stdin(Stdio::piped()).stdout(Stdio::null());
    let mut keyring = Background::start(&mut command, &log)?;
    // The daemon reads the password up to the end of its input, so the pipe is closed at once.
    let mut stdin = keyring.0.stdin.take().expect("stdin was asked for as a pipe");
    stdin.write_all(PASSWORD).doing("unlock the private keyring")?;
    drop(stdin);
    wait_for_login_collection(&in_session, &log)?;
    Ok(keyring)
}

fn wait_for_login_collection(in_session: &impl Fn(&mut Command), log: &Path) -> Outcome {
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(10) {
        // A question to the service itself would make the bus start a second, locked keyring; so first
        // the bus is asked whether ours is there yet.
        let there = ask(
            in_session,
            "org.freedesktop.DBus",
            &[
                "/",
                "org.freedesktop.DBus.NameHasOwner",
                "string:org.freedesktop.secrets",
            ],
        );
        if there.contains("boolean true")
            && ask(
                in_session,
                "org.freedesktop.secrets",
                &[
                    "/org/freedesktop/secrets/collection/login",
                    "org.freedesktop.DBus.Properties.Get",
                    "string:org.freedesktop.Secret.Collection",
                    "string:Locked",
                ],
            )
            .contains("boolean false")
        {
            return Ok(());
        }
        sleep(Duration::from_millis(50));
    }
    Err(Failure::new(format!(
        "the private keyring did not unlock within 10 s; {} may say why.",
        log.display()
    )))
}

fn ask(in_session: &impl Fn(&mut Command), whom: &str, question: &[&str]) -> String {
    let mut command = Command::new("dbus-send");
    command.args(["--session", "--print-reply", &format!("--dest={whom}")]);
    in_session(command.args(question));
    process::output(&mut command).unwrap_or_default()
}
