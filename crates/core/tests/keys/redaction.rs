//! No secret in any debug output of these modules (design.md section 3, invariant 2).
#![allow(clippy::unwrap_used, reason = "tests")]

use gatehouse_core::key_store::{ItemName, KeyStore, Keyring, MemoryKeyStore, SealedFile, SealingCost, SecretBytes};
use gatehouse_core::signing_key::{SigningIdentity, SoftwareKey};

use crate::fixtures::{RFC7517_D, certificate_with, fill, key, secret};

const CANARY: &str = "canary-5c1f0e77";

fn says_nothing(what: &str, shown: &str) {
    let scalar = hex::encode(RFC7517_D);
    let list = RFC7517_D.map(|byte| byte.to_string()).join(", ");
    let canary_list = CANARY
        .bytes()
        .map(|byte| byte.to_string())
        .collect::<Vec<_>>()
        .join(", ");
    for leak in [
        CANARY,
        &hex::encode(CANARY),
        &canary_list,
        &scalar,
        &list,
        "870MB6gfuTJ4",
    ] {
        assert!(
            !shown.to_lowercase().contains(&leak.to_lowercase()),
            "{what} shows a secret: {shown}"
        );
    }
}

#[test]
fn debug_output_shows_no_secret() {
    says_nothing(
        "SecretBytes",
        &format!("{:?} {:#?}", secret(CANARY), Some(secret(CANARY))),
    );
    assert_eq!(
        format!("{:?}", secret(CANARY)),
        "<redacted>",
        "and says that it is hidden"
    );
    says_nothing("SoftwareKey", &format!("{:?} {:#?}", key(), key()));
    says_nothing(
        "SigningIdentity",
        &format!("{:#?}", SigningIdentity::new(key(), certificate_with(|_| {})).unwrap()),
    );
    let item = ItemName::new("test/canary", "canary").unwrap();
    let memory = MemoryKeyStore::new();
    memory.set(&item, &secret(CANARY)).unwrap();
    says_nothing("MemoryKeyStore", &format!("{memory:#?}"));
    says_nothing("Keyring", &format!("{:#?}", Keyring::system()));
}

#[test]
fn the_sealed_file_shows_nothing_and_holds_nothing_in_clear() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.sealed");
    let store = SealedFile::create_at_cost(&path, &secret(CANARY), SealingCost::for_tests(), fill).unwrap();
    let item = ItemName::new("test/readable-name", "name").unwrap();
    store.set(&item, &secret(CANARY)).unwrap();
    says_nothing("SealedFile", &format!("{store:#?}"));
    let bytes = std::fs::read(&path).unwrap();
    for hidden in [CANARY, "readable-name"] {
        let found = bytes.windows(hidden.len()).any(|window| window == hidden.as_bytes());
        assert!(!found, "{hidden:?} does not stand in the file");
    }
}

#[test]
fn refusals_do_not_quote_what_they_refuse() {
    let refused = SoftwareKey::from_pkcs8_der(CANARY.as_bytes()).unwrap_err();
    says_nothing("UnusableKey", &format!("{refused} {refused:?}"));
    let too_large = MemoryKeyStore::new().set(
        &ItemName::new("a", "a").unwrap(),
        &SecretBytes::new(CANARY.repeat(200).into_bytes()),
    );
    let refused = too_large.unwrap_err();
    says_nothing("KeyStoreError", &format!("{refused} {refused:?} {}", refused.hint()));
}
