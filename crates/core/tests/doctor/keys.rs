//! Keys that do not fit, key stores in trouble, browsers that are gone, a directory without profile.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gatehouse_core::app_lock::{Cause, Limits};
use gatehouse_core::clock::SystemClock;
use gatehouse_core::database;
use gatehouse_core::doctor::DoctorState;
use gatehouse_core::fill_random;
use gatehouse_core::key_store::{ItemName, KeyStore, KeyStoreError, KeyStoreKind, SecretBytes};
use gatehouse_core::policy::BrowserChoice;
use gatehouse_core::profile::secrets;
use gatehouse_core::signing_key::SoftwareKey;

use crate::world::{empty, open_at, ready, still};
use crate::{bad, line, names};

#[test]
fn a_certificate_for_another_key_is_named() {
    let (world, profile) = ready();
    let mut held = secrets::load(world.keys.as_ref(), profile.id).unwrap();
    held.jwt.current = Some(SoftwareKey::make(&mut |bytes| fill_random(bytes)).unwrap());
    secrets::save(world.keys.as_ref(), profile.id, &held).unwrap();
    let lines = world.gatehouse.doctor(Some(&profile));
    names(&lines, "JWT_SIGNING certificate", "another key", "signing request");
    names(&lines, "signature", "another key", "signing request");
    assert_eq!(bad(&lines).len(), 2, "nothing else is wrong: {lines:#?}");
}

/// A keyring in trouble.
struct Troubled(fn() -> KeyStoreError);

impl KeyStore for Troubled {
    fn get(&self, _item: &ItemName) -> Result<Option<SecretBytes>, KeyStoreError> {
        Err((self.0)())
    }

    fn set(&self, _item: &ItemName, _secret: &SecretBytes) -> Result<(), KeyStoreError> {
        Err((self.0)())
    }

    fn remove(&self, _item: &ItemName) -> Result<bool, KeyStoreError> {
        Err((self.0)())
    }

    fn kind(&self) -> KeyStoreKind {
        KeyStoreKind::Keyring
    }
}

#[test]
fn a_keyring_in_trouble_is_named_and_the_network_is_looked_at_all_the_same() {
    let (world, profile) = ready();
    let dir = world.dir.path().join("data");
    for (trouble, cause) in [
        (
            (|| KeyStoreError::Absent) as fn() -> KeyStoreError,
            "no keyring that answers",
        ),
        (|| KeyStoreError::Locked, "locked"),
        (|| KeyStoreError::Slow, "has not answered"),
        (|| KeyStoreError::Crashed("x".into()), "failed"),
    ] {
        let keys = Arc::new(Troubled(trouble));
        let gatehouse = open_at(&dir, keys, &world.address, Arc::new(SystemClock::new()), still());
        let lines = gatehouse.doctor(Some(&profile));
        names(&lines, "key store", cause, "");
        assert_eq!(bad(&lines), ["key store"], "one cause, one bad line: {lines:#?}");
        assert_eq!(
            line(&lines, "audit log").state,
            DoctorState::Skipped,
            "it needs the anchor"
        );
        assert_eq!(
            line(&lines, "TLS").state,
            DoctorState::Ok,
            "the network needs no key: {lines:#?}"
        );
        assert_eq!(
            line(&lines, "API key").state,
            DoctorState::Skipped,
            "the key could not be read"
        );
    }
}

#[test]
fn a_lost_item_of_the_keyring_is_told_apart_from_a_first_start() {
    let (world, profile) = ready();
    world.keys.remove(&secrets::item(profile.id)).unwrap();
    let lines = world.gatehouse.doctor(Some(&profile));
    names(&lines, "keys", "not in the key store", "bring its old state back");
}

#[test]
fn a_locked_app_is_no_missing_certificate() {
    let (world, profile) = ready();
    let pass = SecretBytes::from_slice(b"a lock of nine horses");
    world.gatehouse.set_lock(&pass, Limits::STANDARD).unwrap();
    world.gatehouse.lock_now(Cause::Asked);
    for mode in ["reporting", "enforced"] {
        world.settings(&serde_json::json!({ "mtls.mode": mode }));
        let lines = world.gatehouse.doctor(Some(&profile));
        let mtls = line(&lines, "mTLS");
        assert_eq!(
            mtls.state,
            DoctorState::Skipped,
            "its key could not be read, which says nothing of the certificate: {mtls:?}"
        );
        assert_eq!(bad(&lines), Vec::<&str>::new(), "nothing is wrong: {lines:#?}");
    }
}

#[test]
fn a_signing_key_on_a_token_is_not_missed_in_the_key_store() {
    let (world, profile) = ready();
    let mut held = secrets::load(world.keys.as_ref(), profile.id).unwrap();
    held.jwt.current = None;
    secrets::save(world.keys.as_ref(), profile.id, &held).unwrap();
    let lines = world.gatehouse.doctor(Some(&profile));
    assert_eq!(
        line(&lines, "keys").state,
        DoctorState::Warn,
        "here it is missing: {lines:#?}"
    );
    let place = "pkcs11:token=klarna;serial=1234?module-path=/nowhere/module.so";
    let own = database::open(&world.dir.path().join("data")).unwrap();
    own.execute("UPDATE profile_key SET place = ?1 WHERE usage = 'JWT_SIGNING'", [place])
        .unwrap();
    let lines = world.gatehouse.doctor(Some(&profile));
    let keys = line(&lines, "keys");
    assert_eq!(keys.state, DoctorState::Ok, "all is where it belongs: {keys:?}");
    assert!(keys.message.contains("on its token"), "and it says where: {keys:?}");
}

#[test]
fn a_browser_that_is_gone_is_named() {
    let (world, mut profile) = ready();
    profile.policy.browser = BrowserChoice::Program("/nowhere/firefox".into());
    let lines = world.gatehouse.doctor(Some(&profile));
    names(&lines, "browser", "/nowhere/firefox", "Choose another browser");
    assert_eq!(bad(&lines), ["browser"], "one cause, one bad line: {lines:#?}");
}

#[test]
fn without_a_profile_the_rest_is_looked_at_and_the_reason_is_told() {
    let began = Instant::now();
    let lines = empty().gatehouse.doctor(None);
    assert!(began.elapsed() < Duration::from_secs(5), "nothing is waited for");
    assert_eq!(line(&lines, "profile").state, DoctorState::Warn, "{lines:#?}");
    assert!(
        line(&lines, "profile").message.contains("network were not looked at"),
        "with the reason"
    );
    assert!(lines.iter().all(|line| line.part != "DNS"), "the network is left out");
    assert_eq!(bad(&lines), Vec::<&str>::new(), "a first start is well");
}

#[cfg(unix)]
#[test]
fn a_directory_that_others_can_reach_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let (world, profile) = ready();
    let dir = world.dir.path().join("data");
    std::fs::set_permissions(&dir, std::fs::Permissions::from_mode(0o755)).unwrap();
    let lines = world.gatehouse.doctor(Some(&profile));
    let place = line(&lines, "data directory");
    assert_eq!(place.state, DoctorState::Warn, "{place:?}");
    assert!(place.hint.text.contains("chmod"), "{place:?}");
}
