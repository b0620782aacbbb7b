//! A lost keyring item is told apart from a first start, and never mended by making a new key silently.

use std::sync::Arc;

use gatehouse_core::ErrorCode;
use gatehouse_core::key_store::{KeyStoreError, MemoryKeyStore};
use gatehouse_core::profile::secrets;
use gatehouse_core::profile::steps::{Step, StepState};
use gatehouse_core::signing_key::CertificateUsage;
use zeroize::Zeroizing;

use super::place::{Place, secret};

const SIGN: CertificateUsage = CertificateUsage::JwtSigning;

#[test]
fn a_lost_item_stops_set_up_until_somebody_says_so() {
    use gatehouse_core::key_store::KeyStore;
    let place = Place::new();
    let profile = place.begun();
    place.gatehouse.create_key(&profile, SIGN).unwrap();
    assert!(
        place.keys.remove(&secrets::item(profile.id)).unwrap(),
        "the item was there"
    );
    for usage in [SIGN, CertificateUsage::Mtls] {
        let problem = place.gatehouse.signing_request(&profile, usage).unwrap_err();
        let code = if usage == SIGN {
            ErrorCode::KeyringItemMissing
        } else {
            ErrorCode::KeyMissing
        };
        assert_eq!(problem.code, code, "{problem}");
    }
    let problem = place
        .gatehouse
        .create_key(&profile, CertificateUsage::Mtls)
        .unwrap_err();
    assert_eq!(
        problem.code,
        ErrorCode::KeyringItemMissing,
        "no key is made beside a loss: {problem}"
    );
    let lost = place.gatehouse.declare_keys_lost(&profile).unwrap();
    assert_eq!(lost.len(), 1, "the key is recorded as lost");
    assert_eq!(
        place.kinds().last().map(String::as_str),
        Some("key.destroy"),
        "in the log too"
    );
    assert_eq!(
        place.state(&profile, Step::SigningKey),
        StepState::Ready,
        "set-up begins again there"
    );
    place.gatehouse.create_key(&profile, SIGN).unwrap();
    let problem = place.gatehouse.declare_keys_lost(&profile).unwrap_err();
    assert_eq!(
        problem.code,
        ErrorCode::InputInvalid,
        "what is there is not lost: {problem}"
    );
}

#[test]
fn a_locked_keyring_is_no_loss() {
    let place = Place::new();
    let profile = place.begun();
    place.gatehouse.create_key(&profile, SIGN).unwrap();
    place.keys.always(|| KeyStoreError::Locked);
    let problem = place.gatehouse.declare_keys_lost(&profile).unwrap_err();
    assert_eq!(problem.code, ErrorCode::KeyringLocked, "{problem}");
    place.keys.heal();
    place
        .gatehouse
        .signing_request(&profile, SIGN)
        .expect("nothing was given up");
}

#[test]
fn another_keyring_does_not_start_a_new_log() {
    let place = Place::new();
    let profile = place.begun();
    let other = place.with_keys(&Arc::new(MemoryKeyStore::new()));
    let problem = other.create_key(&profile, SIGN).unwrap_err();
    assert_eq!(problem.code, ErrorCode::KeyringItemMissing, "{problem}");
}

#[test]
fn a_key_that_the_store_refuses_leaves_no_row_and_says_so_in_the_log() {
    let place = Place::new();
    let profile = place.begun();
    place.gatehouse.signing_request(&profile, SIGN).unwrap_err();
    let calls = place.keys.calls();
    place.gatehouse.create_key(&profile, SIGN).unwrap();
    let used = usize::try_from(place.keys.calls() - calls).unwrap();
    place.keys.fail_after(used - 1, KeyStoreError::Denied);
    let problem = place
        .gatehouse
        .create_key(&profile, CertificateUsage::Mtls)
        .unwrap_err();
    assert_eq!(problem.code, ErrorCode::KeyringDenied, "{problem}");
    place.keys.heal();
    assert_eq!(
        place.gatehouse.keys(&profile).unwrap().len(),
        1,
        "there is no row without a key"
    );
    place
        .gatehouse
        .create_key(&profile, CertificateUsage::Mtls)
        .expect("the next try succeeds");
    assert!(place.gatehouse.audit_verify().unwrap().is_intact(), "and the log holds");
}

#[test]
fn the_old_form_of_the_item_is_read() {
    use gatehouse_core::key_store::KeyStore;
    let store = MemoryKeyStore::new();
    let (key, _) = super::certificates::known_key();
    let profile = uuid::Uuid::new_v4();
    use base64::Engine;
    let text = base64::engine::general_purpose::STANDARD.encode(key.to_pkcs8_der().expose());
    let old = format!(r#"{{"v":"1","api_key":"klarna_test_api_a\\b\"c","jwt_key":"{text}","mtls_key":"{text}"}}"#);
    store.set(&secrets::item(profile), &secret(&old)).unwrap();
    let read = secrets::load(&store, profile).unwrap();
    let api_key = |secrets: &secrets::ProfileSecrets| secrets.api_key.as_ref().unwrap().expose().to_owned();
    assert_eq!(
        read.jwt.current.as_ref().unwrap().key_id(),
        key.key_id(),
        "the signing key is there"
    );
    secrets::save(&store, profile, &read).unwrap();
    let again = secrets::load(&store, profile).unwrap();
    assert_eq!(
        again.mtls.current.as_ref().unwrap().key_id(),
        key.key_id(),
        "and in the new form"
    );
    assert_eq!(api_key(&again), api_key(&read), "also a key with odd letters");
}

#[test]
fn six_keys_of_two_rotations_fit_every_store() {
    use gatehouse_core::key_store::KeyStore;
    let store = MemoryKeyStore::new();
    let profile = uuid::Uuid::new_v4();
    let key = || Some(super::certificates::known_key().0);
    let usage = || secrets::UsageKeys {
        current: key(),
        next: key(),
        old: key(),
    };
    let api_key = gatehouse_klarna::ApiKey::parse(format!("klarna_test_api_{}", "k".repeat(200))).unwrap();
    let full = secrets::ProfileSecrets {
        api_key: Some(api_key),
        jwt: usage(),
        mtls: usage(),
        payments: Some(secrets::PaymentsSecret {
            region: gatehouse_klarna::Region::NorthAmerica,
            user: format!("K{}_{}", "0".repeat(7), "a".repeat(12)),
            password: gatehouse_klarna::PaymentsPassword::parse("p".repeat(40)).unwrap(),
        }),
        seal: Some(Zeroizing::new([7; 32])),
    };
    secrets::save(&store, profile, &full).expect("it is under the limit that every system's store takes");
    let size = store.get(&secrets::item(profile)).unwrap().unwrap().expose().len();
    assert!(size < 2000, "{size} bytes");
}

#[test]
fn two_processes_that_change_keys_at_once_lose_none() {
    let place = Place::new();
    let profile = place.begun();
    let other = place.with_keys(&place.keys);
    place.keys.delay(std::time::Duration::from_millis(20));
    std::thread::scope(|scope| {
        let second = scope.spawn(|| other.create_key(&profile, CertificateUsage::Mtls));
        place.gatehouse.create_key(&profile, SIGN).unwrap();
        second.join().unwrap().unwrap();
    });
    let held = secrets::load(place.keys.as_ref(), profile.id).unwrap();
    assert!(
        held.jwt.next.is_some() && held.mtls.next.is_some(),
        "both keys are in the item"
    );
}
