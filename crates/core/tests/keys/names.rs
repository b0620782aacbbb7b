//! Names of stored items: stable, distinct, and free of anything a person typed.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use gatehouse_core::key_store::{DirectoryItem, ItemName, ProfileItem, directory_hash};
use uuid::Uuid;

const PROFILE: Uuid = Uuid::from_u128(0x0f8f_ad5b_d9cb_469f_a165_7086_7728_950e);

#[test]
fn accounts_never_change_their_form() {
    let directory = Path::new("/home/ada/.local/share/gatehouse");
    assert_eq!(
        directory_hash(directory),
        "e9707194c0a49333",
        "the start of SHA-256 over the path"
    );
    let anchor = ItemName::for_directory(directory, DirectoryItem::Anchor);
    assert_eq!(
        anchor.account(),
        "dir/e9707194c0a49333/anchor",
        "items stored by an older version are found again"
    );
    let key = ItemName::for_profile_item(PROFILE, ProfileItem::SigningKey);
    assert_eq!(
        key.account(),
        "profile/0f8fad5b-d9cb-469f-a165-70867728950e/signing-key",
        "likewise"
    );
    assert_eq!(
        ItemName::for_profile(PROFILE).account(),
        "profile/0f8fad5b-d9cb-469f-a165-70867728950e",
        "likewise"
    );
    assert_eq!(key.service(), "gatehouse", "one service for all");
}

#[test]
fn labels_tell_a_person_what_the_item_is() {
    let anchor = ItemName::for_directory(Path::new("/data"), DirectoryItem::Anchor);
    assert_eq!(
        anchor.label(),
        "Gatehouse: audit log anchor of /data",
        "which directory"
    );
    let key = ItemName::for_profile_item(PROFILE, ProfileItem::ApiKey);
    assert_eq!(
        key.label(),
        "Gatehouse: API key of profile 70867728950e",
        "which profile"
    );
}

#[test]
fn every_item_has_its_own_account() {
    use DirectoryItem::{Anchor, CheckpointKey, PersonKey, VaultKey};
    use ProfileItem::{ApiKey, MtlsKey, NextMtlsKey, NextSigningKey, PaymentsUser, SigningKey};
    let of_directory =
        [Anchor, CheckpointKey, PersonKey, VaultKey].map(|item| ItemName::for_directory(Path::new("/data"), item));
    let of_profile = [SigningKey, NextSigningKey, MtlsKey, NextMtlsKey, ApiKey, PaymentsUser]
        .map(|item| ItemName::for_profile_item(PROFILE, item));
    let accounts: std::collections::BTreeSet<_> =
        of_directory.iter().chain(&of_profile).map(ItemName::account).collect();
    assert_eq!(accounts.len(), 10, "no two secrets share an item");
}

#[test]
fn odd_accounts_are_refused_and_odd_labels_tamed() {
    for account in ["", "Grüße", "a b", "A", "a\0", &"a".repeat(129)] {
        assert!(ItemName::new(account, "x").is_err(), "{account:?} is no account");
    }
    let tamed = ItemName::new("bridge/saml-key", "two\nlines").unwrap();
    assert_eq!(tamed.label(), "Gatehouse: twolines", "a label is one line");
}
