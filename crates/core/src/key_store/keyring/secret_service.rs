//! Linux: the Secret Service over D-Bus (gnome-keyring, KWallet, KeePassXC).
//!
//! Items go through `keyring-core`'s store. Beside it stands a connection of our own that never carries a secret: it asks, before a
//! row of operations, whether there is a default collection, and unlocks it with a time limit, which the store itself does not
//! have. The store's connection is made meanwhile. What each broken state answers was tried out: machine.md section 5.

use std::collections::HashMap;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use dbus::blocking::stdintf::org_freedesktop_dbus::Properties;
use dbus::blocking::{Connection, Proxy};
use dbus_secret_service::{EncryptionType, Error as ServiceError, Path, SecretService};
use dbus_secret_service_keyring_store::Store;
use keyring_core::{CredentialStore, Error};

use super::LONGEST_WAIT;
use super::backend::{Backend, explain_common};
use crate::key_store::{ItemName, KeyStoreError};

/// A dialog that ends sooner was never seen by a person: no prompt could be shown. (With no display it takes 30 ms.)
const SHORTEST_DIALOG: Duration = Duration::from_millis(700);

/// How long an open collection is taken to be open still.
const STILL_READY: Duration = Duration::from_millis(250);

/// How long that needs no second look even before "no such item" is believed: no person takes a collection away in that time.
const STILL_CERTAIN: Duration = Duration::from_millis(50);

/// How long a D-Bus call waits for an answer, here and in the client library.
const CALL_LIMIT: Duration = Duration::from_secs(2);

/// A call that took this long ended because nobody answered.
const UNANSWERED: Duration = Duration::from_millis(1900);

/// What the service says instead of a path where there is none (Secret Service specification 0.2, `ReadAlias`).
const NO_COLLECTION: &str = "/";

/// The Secret Service of the session bus.
#[derive(Default)]
pub(super) struct SecretServiceBackend {
    bus: Option<Connection>,
    coming: Option<JoinHandle<Result<Arc<CredentialStore>, Error>>>,
    ready: Option<Instant>,
}

impl SecretServiceBackend {
    /// The connection for questions; a session with the service is not needed to ask them.
    fn bus(&mut self) -> Result<&Connection, ServiceError> {
        let bus = match self.bus.take() {
            Some(bus) => bus,
            None => Connection::new_session()?,
        };
        Ok(self.bus.insert(bus))
    }

    /// Whether the default collection is locked; a missing one is `NoResult`.
    fn is_locked(&mut self) -> Result<bool, ServiceError> {
        let bus = self.bus()?;
        let service = proxy(bus, Path::from("/org/freedesktop/secrets"));
        let (collection,): (Path<'static>,) =
            service.method_call("org.freedesktop.Secret.Service", "ReadAlias", ("default",))?;
        if &*collection == NO_COLLECTION {
            return Err(ServiceError::NoResult);
        }
        Ok(proxy(bus, collection).get("org.freedesktop.Secret.Collection", "Locked")?)
    }

    /// Begins the store's own connection on a thread: its key exchange takes longer than all else before the first item.
    fn begin_store(&mut self) {
        if self.coming.is_none() {
            self.coming = thread::Builder::new()
                .name("gatehouse-keyring-store".to_owned())
                .spawn(store)
                .ok();
        }
    }

    /// Unlocks the default collection if need be; a missing one is `NoResult`.
    fn unlock_default(&mut self) -> Result<(), ServiceError> {
        if !self.is_locked()? {
            return Ok(());
        }
        let session = SecretService::connect_with_max_prompt_timeout(EncryptionType::Plain, LONGEST_WAIT.as_secs())?;
        session.get_default_collection()?.ensure_unlocked()
    }
}

fn proxy<'a>(bus: &'a Connection, path: Path<'a>) -> Proxy<'a, &'a Connection> {
    bus.with_proxy("org.freedesktop.secrets", path, CALL_LIMIT)
}

fn store() -> Result<Arc<CredentialStore>, Error> {
    #[expect(clippy::disallowed_methods, reason = "this is the place behind the KeyStore port")]
    let store = Store::new()?;
    Ok(store)
}

impl Backend for SecretServiceBackend {
    fn connect(&mut self) -> Result<Arc<CredentialStore>, Error> {
        let Some(coming) = self.coming.take() else {
            return store();
        };
        coming.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }

    /// An act asks for several items in a row; what was seen at the first still holds at the next.
    fn make_ready(&mut self) -> Result<(), KeyStoreError> {
        if self.ready.is_some_and(|seen| seen.elapsed() < STILL_READY) {
            return Ok(());
        }
        if self.bus.is_none() {
            self.begin_store();
        }
        let started = Instant::now();
        self.unlock_default()
            .map_err(|error| explain_service(&error, started.elapsed()))?;
        self.ready = Some(Instant::now());
        Ok(())
    }

    fn make_certain(&mut self) -> Result<bool, KeyStoreError> {
        if self.ready.is_some_and(|seen| seen.elapsed() < STILL_CERTAIN) {
            return Ok(false);
        }
        self.ready = None;
        self.make_ready().map(|()| true)
    }

    fn is_open(&mut self) -> Result<bool, KeyStoreError> {
        let started = Instant::now();
        self.is_locked()
            .map(|locked| !locked)
            .map_err(|error| explain_service(&error, started.elapsed()))
    }

    fn disconnect(&mut self) {
        self.bus = None;
        self.coming = None;
        self.ready = None;
    }

    fn modifiers(&self, item: &ItemName) -> HashMap<&'static str, String> {
        HashMap::from([("label", item.label().to_owned())])
    }

    fn text_only(&self) -> bool {
        true
    }

    fn explain(&self, error: Error, took: Duration) -> KeyStoreError {
        explain_common(error, |cause| match cause.downcast::<ServiceError>() {
            Ok(error) => explain_service(&error, took),
            Err(cause) => KeyStoreError::Crashed(cause.to_string()),
        })
    }
}

fn explain_service(error: &ServiceError, took: Duration) -> KeyStoreError {
    match error {
        ServiceError::Dbus(error) => explain_bus(
            error.name().unwrap_or_default(),
            error.message().unwrap_or_default(),
            took,
        ),
        ServiceError::NoResult => KeyStoreError::NoCollection,
        ServiceError::Locked => KeyStoreError::Locked,
        ServiceError::Prompt => explain_prompt(took),
        ServiceError::Unavailable => KeyStoreError::Absent,
        ServiceError::UnsupportedSecretFormat => {
            KeyStoreError::Damaged("an item has a form that is not ours".to_owned())
        }
        ServiceError::Crypto(_) | ServiceError::Path(_) | ServiceError::Parse => {
            KeyStoreError::Crashed("its answer could not be read".to_owned())
        }
        _ => KeyStoreError::Crashed("it answered with an error that is new to Gatehouse".to_owned()),
    }
}

/// The service says only that the prompt ended without consent; how long it was open tells by whom.
fn explain_prompt(took: Duration) -> KeyStoreError {
    if took < SHORTEST_DIALOG {
        KeyStoreError::Locked
    } else if took < LONGEST_WAIT {
        KeyStoreError::Denied
    } else {
        KeyStoreError::Slow
    }
}

/// Reads the registered names of D-Bus errors (D-Bus specification, and Secret Service specification 0.2, part "Errors").
fn explain_bus(name: &str, message: &str, took: Duration) -> KeyStoreError {
    match name {
        "org.freedesktop.DBus.Error.ServiceUnknown"
        | "org.freedesktop.DBus.Error.NameHasNoOwner"
        | "org.freedesktop.DBus.Error.NoServer"
        | "org.freedesktop.DBus.Error.NotSupported"
        | "org.freedesktop.DBus.Error.FileNotFound"
        | "org.freedesktop.DBus.Error.BadAddress"
        | "org.freedesktop.DBus.Error.Spawn.ServiceNotFound"
        | "org.freedesktop.DBus.Error.Spawn.ExecFailed" => KeyStoreError::Absent,
        "org.freedesktop.DBus.Error.AccessDenied"
        | "org.freedesktop.DBus.Error.AuthFailed"
        | "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired" => KeyStoreError::Denied,
        "org.freedesktop.DBus.Error.NoReply"
        | "org.freedesktop.DBus.Error.Timeout"
        | "org.freedesktop.DBus.Error.TimedOut"
            if took >= UNANSWERED =>
        {
            KeyStoreError::Slow
        }
        "org.freedesktop.Secret.Error.IsLocked" => KeyStoreError::Locked,
        "org.freedesktop.Secret.Error.NoSuchObject" => KeyStoreError::NoCollection,
        _ => KeyStoreError::Crashed(format!("{message} ({name})")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_that_nobody_can_have_seen_means_locked() {
        assert_eq!(
            explain_prompt(Duration::from_millis(30)).state_word(),
            "locked",
            "no display: the prompter fails at once"
        );
        assert_eq!(
            explain_prompt(Duration::from_secs(5)).state_word(),
            "denied",
            "a person closed the dialog"
        );
        assert_eq!(
            explain_prompt(LONGEST_WAIT).state_word(),
            "slow",
            "nobody answered the dialog"
        );
    }

    #[test]
    fn registered_bus_errors_have_their_own_states() {
        let cases = [
            ("org.freedesktop.DBus.Error.NotSupported", 0, "absent"),
            ("org.freedesktop.DBus.Error.ServiceUnknown", 25, "absent"),
            ("org.freedesktop.DBus.Error.AccessDenied", 1, "denied"),
            ("org.freedesktop.DBus.Error.NoReply", 2000, "slow"),
            ("org.freedesktop.DBus.Error.NoReply", 10, "crashed"),
            ("org.freedesktop.DBus.Error.Disconnected", 10, "crashed"),
            ("org.freedesktop.Secret.Error.NoSession", 1, "crashed"),
            ("org.freedesktop.Secret.Error.IsLocked", 1, "locked"),
            ("org.freedesktop.Secret.Error.NoSuchObject", 1, "no_collection"),
        ];
        for (name, millis, state) in cases {
            let told = explain_bus(name, "text in any language", Duration::from_millis(millis));
            assert_eq!(told.state_word(), state, "{name} after {millis} ms");
        }
    }

    #[test]
    fn a_foreign_cause_is_a_crash_with_its_text() {
        let backend = SecretServiceBackend::default();
        let error = Error::PlatformFailure(Box::new(std::io::Error::other("pipe")));
        assert!(
            matches!(backend.explain(error, Duration::ZERO), KeyStoreError::Crashed(text) if text == "pipe"),
            "nothing is swallowed"
        );
    }
}
