//! The vault: what is kept comes back to its own row alone, and nobody reads it from the disk.

use std::path::PathBuf;

use gatehouse_core::key_store::{DirectoryItem, ItemName, KeyStore, SecretBytes};
use gatehouse_core::profile::Profile;
use gatehouse_core::tokens::{NewToken, TokenQuery, TokenState, TokenView};
use gatehouse_core::{ErrorCode, Gatehouse};
use rusqlite::Connection;

use super::world::{BAKERY, World, ready, sandbox};

pub const PAYMENT: &str = "krn:customer-token:eu1:0f0e0d0c-1111-4222-8333-a1b2c3d4e5f6";
pub const LINKING: &str = "krn:partner:eu1:test:identity:customer-token:Ab0Cd1Ef2Gh3Ij4Kl5Mn6Op7Qr8St9Uv";
pub const CLASSIC: &str = "0b1bf98e-c1b2-4d7b-9d2a-0123456789ab";

pub fn secret(text: &str) -> SecretBytes {
    SecretBytes::from_slice(text.as_bytes())
}

fn told(reference: &str) -> NewToken {
    NewToken {
        merchant: Some(BAKERY.into()),
        reference: Some(reference.into()),
        scopes: vec!["payment:customer_not_present".into()],
        customer: Some("c-17".into()),
        ..NewToken::default()
    }
}

fn vault_item(world: &World) -> ItemName {
    let real = std::fs::canonicalize(data(world)).unwrap();
    ItemName::for_directory(&real, DirectoryItem::VaultKey)
}

fn data(world: &World) -> PathBuf {
    world.dir.path().join("data")
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test changes the file behind the program's back"
)]
pub fn behind(world: &World) -> Connection {
    Connection::open(data(world).join("gatehouse.db")).unwrap()
}

fn copied(gatehouse: &Gatehouse, profile: &Profile, needle: &str) -> Result<String, ErrorCode> {
    let token = gatehouse.copy_token(profile, needle, None);
    token
        .map(|token| token.expose().to_owned())
        .map_err(|problem| problem.code)
}

#[test]
fn a_token_of_each_shape_comes_back_as_it_was_kept() {
    let (world, profile) = ready();
    for (at, text) in [PAYMENT, LINKING, CLASSIC, "some-opaque-thing-of-tomorrow"]
        .iter()
        .enumerate()
    {
        let kept = world
            .gatehouse
            .add_token(&profile, &secret(text), &told(&format!("ref-{at}")))
            .unwrap();
        assert_eq!(kept.state, TokenState::Unknown, "nobody asked Klarna yet");
        assert!(!kept.hint.contains(text), "the hint is not the token");
        assert_eq!(
            copied(&world.gatehouse, &profile, &format!("ref-{at}")).as_deref(),
            Ok(*text),
            "it comes back"
        );
        assert_eq!(
            copied(&world.again(), &profile, &kept.id.to_string()).as_deref(),
            Ok(*text),
            "to another process too"
        );
    }
    let kinds = ["token.add note succeeded", "token.copy note succeeded"];
    assert_eq!(world.entries(3)[0], kinds[0], "keeping is recorded");
    assert_eq!(world.entries(3)[2], kinds[1], "and so is each copy");
}

#[test]
fn a_token_is_kept_once_and_more_is_learned_of_it() {
    let (world, profile) = ready();
    let first = world
        .gatehouse
        .add_token(&profile, &secret(CLASSIC), &NewToken::default())
        .unwrap();
    let again = world
        .gatehouse
        .add_token(&profile, &secret(&CLASSIC.to_uppercase()), &told("ref-9"))
        .unwrap();
    assert_eq!(again.id, first.id, "both spellings of a UUID are one token");
    assert_eq!(again.reference.as_deref(), Some("ref-9"), "what was not known is added");
    let other = world
        .gatehouse
        .add_token(&profile, &secret(CLASSIC), &told("another"))
        .unwrap();
    assert_eq!(
        other.reference.as_deref(),
        Some("ref-9"),
        "what is known is not written over"
    );
}

#[test]
fn a_whole_token_is_found_in_vault_and_log_and_a_part_of_it_is_not() {
    let (world, profile) = ready();
    let kept = world
        .gatehouse
        .add_token(&profile, &secret(PAYMENT), &told("ref-1"))
        .unwrap();
    let found = world
        .gatehouse
        .find_customer_token(&profile, &secret(&format!("  {PAYMENT}\n")))
        .unwrap();
    assert_eq!(found.kept.as_ref(), Some(&kept), "the vault knows it");
    assert_eq!(found.fingerprint, kept.fingerprint, "by the same fingerprint");
    assert_eq!(
        found.entries.len(),
        1,
        "and the log has the entry of its coming: {:?}",
        found.entries
    );
    let part = world
        .gatehouse
        .find_customer_token(&profile, &secret(PAYMENT.get(..40).unwrap()))
        .unwrap();
    assert!(
        part.kept.is_none() && part.entries.is_empty(),
        "a part of it is another token"
    );
    let refused = world
        .gatehouse
        .find_customer_token(&profile, &secret("two words"))
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::TokenInvalid, "what can be no token is refused");
    assert!(!refused.to_string().contains("words"), "and never quoted");
}

#[test]
fn what_belongs_elsewhere_is_refused_at_the_door() {
    let (world, profile) = ready();
    let live = LINKING.replace(":test:", ":live:");
    let refused = world
        .gatehouse
        .add_token(&profile, &secret(&live), &NewToken::default())
        .unwrap_err();
    assert_eq!(
        refused.code,
        ErrorCode::EnvironmentMixed,
        "a live token in a sandbox profile"
    );
    for other in [
        profile.account.as_str(),
        "klarna_test_api_abcdef",
        "krn:payment:eu1:request:1",
    ] {
        let refused = world
            .gatehouse
            .add_token(&profile, &secret(other), &NewToken::default())
            .unwrap_err();
        assert_eq!(refused.code, ErrorCode::TokenInvalid, "{other} is no token");
    }
    assert!(
        world
            .gatehouse
            .tokens(&profile, &TokenQuery::default())
            .unwrap()
            .tokens
            .is_empty(),
        "nothing was kept"
    );
}

#[test]
fn a_row_that_was_moved_or_changed_does_not_open() {
    let (world, profile) = ready();
    for (at, text) in [PAYMENT, CLASSIC].iter().enumerate() {
        world
            .gatehouse
            .add_token(&profile, &secret(text), &told(&format!("ref-{at}")))
            .unwrap();
    }
    let file = behind(&world);
    let original: Vec<u8> = file
        .query_row("SELECT sealed FROM token WHERE id = 1", [], |row| row.get(0))
        .unwrap();
    let put = |sealed: &[u8]| {
        file.execute("UPDATE token SET sealed = ?1 WHERE id = 1", [sealed])
            .unwrap()
    };
    file.execute(
        "UPDATE token SET sealed = (SELECT sealed FROM token WHERE id = 2) WHERE id = 1",
        [],
    )
    .unwrap();
    let moved = copied(&world.gatehouse, &profile, "1");
    assert_eq!(
        moved,
        Err(ErrorCode::VaultDamaged),
        "a row's seal does not open in another row"
    );
    for at in [0, 23, 24, original.len() - 1] {
        let mut other = original.clone();
        other[at] ^= 1;
        put(&other);
        assert_eq!(
            copied(&world.gatehouse, &profile, "1"),
            Err(ErrorCode::VaultDamaged),
            "byte {at} was changed"
        );
    }
    put(&original);
    let other = world.gatehouse.create_sandbox(&sandbox("another"), &|_| ()).unwrap();
    file.execute(
        "UPDATE profile SET environment = 'test' WHERE id = ?1",
        [other.id.to_string()],
    )
    .unwrap();
    file.execute("UPDATE token SET profile = ?1 WHERE id = 1", [other.id.to_string()])
        .unwrap();
    let other = world.again().profile(Some("another")).unwrap();
    assert_eq!(
        copied(&world.again(), &other, "1"),
        Err(ErrorCode::VaultDamaged),
        "nor in another environment's profile"
    );
    file.execute("UPDATE token SET profile = ?1 WHERE id = 1", [profile.id.to_string()])
        .unwrap();
    assert_eq!(
        copied(&world.gatehouse, &profile, "1").as_deref(),
        Ok(PAYMENT),
        "put back, it opens"
    );
    assert_eq!(
        world.entries(1),
        ["token.copy note succeeded"],
        "only that was recorded as a copy"
    );
}

#[test]
fn a_row_of_another_database_does_not_open_here() {
    let (there, theirs) = ready();
    let (here, ours) = ready();
    for (world, profile, text) in [(&there, &theirs, PAYMENT), (&here, &ours, CLASSIC)] {
        world
            .gatehouse
            .add_token(profile, &secret(text), &told("ref-1"))
            .unwrap();
    }
    let (key_id, sealed): (String, Vec<u8>) = behind(&there)
        .query_row("SELECT key_id, sealed FROM token", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    behind(&here)
        .execute("UPDATE token SET sealed = ?1", [&sealed])
        .unwrap();
    assert_eq!(
        copied(&here.gatehouse, &ours, "1"),
        Err(ErrorCode::VaultDamaged),
        "with our key's id"
    );
    behind(&here)
        .execute("UPDATE token SET key_id = ?1", [&key_id])
        .unwrap();
    assert_eq!(
        copied(&here.gatehouse, &ours, "1"),
        Err(ErrorCode::VaultKeyMissing),
        "with theirs"
    );
}

#[test]
fn a_vault_without_its_key_is_a_loss_and_never_mended_with_a_new_key() {
    let (world, profile) = ready();
    world
        .gatehouse
        .add_token(&profile, &secret(PAYMENT), &told("ref-1"))
        .unwrap();
    let item = vault_item(&world);
    let key = world.keys.get(&item).unwrap().unwrap();
    world.keys.remove(&item).unwrap();
    let gone = world.again();
    let refused = gone.add_token(&profile, &secret(CLASSIC), &told("ref-2")).unwrap_err();
    assert_eq!(
        refused.code,
        ErrorCode::VaultKeyMissing,
        "no other key seals beside the lost one"
    );
    assert_eq!(
        copied(&gone, &profile, "ref-1"),
        Err(ErrorCode::VaultKeyMissing),
        "nothing opens"
    );
    assert_eq!(
        gone.tokens(&profile, &TokenQuery::default()).unwrap().tokens.len(),
        1,
        "the list is shown all the same"
    );
    assert!(world.keys.get(&item).unwrap().is_none(), "no new key was made");
    world
        .keys
        .set(&item, &SecretBytes::from_slice(&key.expose()[..20]))
        .unwrap();
    assert_eq!(
        copied(&world.again(), &profile, "ref-1"),
        Err(ErrorCode::KeyStoreDamaged),
        "a cut item is told apart"
    );
    world.keys.set(&item, &key).unwrap();
    assert_eq!(
        copied(&world.again(), &profile, "ref-1").as_deref(),
        Ok(PAYMENT),
        "the old state opens it"
    );
}

#[test]
fn a_rotation_goes_on_where_it_was_cut_off_and_the_log_still_answers() {
    let (world, profile) = ready();
    for number in 0..3 {
        let text = format!("{PAYMENT}{number}");
        world
            .gatehouse
            .add_token(&profile, &secret(&text), &told(&format!("ref-{number}")))
            .unwrap();
    }
    let before: String = behind(&world)
        .query_row("SELECT key_id FROM token LIMIT 1", [], |row| row.get(0))
        .unwrap();
    // A process that dies with the new key stored and one row sealed anew.
    let old = world.keys.get(&vault_item(&world)).unwrap().unwrap();
    assert_eq!(
        world.gatehouse.rotate_vault(&|_| ()).unwrap(),
        3,
        "every row is sealed anew"
    );
    let item = world.keys.get(&vault_item(&world)).unwrap().unwrap();
    // Magic and format, two masters: the new one, and the one that was there.
    let half = [&old.expose()[..9], &[2], &item.expose()[10..51], &old.expose()[10..51]].concat();
    world.keys.set(&vault_item(&world), &SecretBytes::new(half)).unwrap();
    let other = world.again();
    other.add_token(&profile, &secret(CLASSIC), &told("ref-9")).unwrap();
    assert_eq!(
        other.rotate_vault(&|_| ()).unwrap(),
        0,
        "going on finds nothing left to do, and makes no third key"
    );
    let keys: Vec<String> = behind(&world)
        .prepare("SELECT DISTINCT key_id FROM token")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert!(keys.len() == 1 && keys[0] != before, "one key, and not the old one");
    let text = format!("{PAYMENT}1");
    assert_eq!(
        copied(&world.again(), &profile, "ref-1").as_deref(),
        Ok(text.as_str()),
        "tokens open"
    );
    let found = world.again().find_customer_token(&profile, &secret(&text)).unwrap();
    assert_eq!(
        found.entries.len(),
        2,
        "the log answers for both names of the token: {:?}",
        found.entries
    );
}

#[test]
fn a_token_is_found_after_another_process_changed_the_key() {
    let (world, profile) = ready();
    let own = &world.gatehouse;
    own.add_token(&profile, &secret(PAYMENT), &told("ref-1")).unwrap();
    let kept = |gatehouse: &Gatehouse| {
        let found = gatehouse.find_customer_token(&profile, &secret(PAYMENT)).unwrap();
        (found.kept.and_then(|token| token.reference), found.entries.len())
    };
    assert_eq!(kept(own), (Some("ref-1".to_owned()), 1), "before");
    assert_eq!(
        world.again().rotate_vault(&|_| ()).unwrap(),
        1,
        "the other process seals the row anew"
    );
    assert_eq!(
        kept(own),
        (Some("ref-1".to_owned()), 1),
        "with a key that this one has not read yet"
    );
}

#[test]
fn no_token_rests_anywhere_in_clear() {
    let (world, profile) = ready();
    world
        .gatehouse
        .add_token(&profile, &secret(PAYMENT), &told("ref-1"))
        .unwrap();
    world.gatehouse.find_customer_token(&profile, &secret(PAYMENT)).unwrap();
    copied(&world.gatehouse, &profile, "ref-1").unwrap();
    let part = &PAYMENT.as_bytes()[24..50];
    for file in std::fs::read_dir(data(&world))
        .unwrap()
        .flatten()
        .filter(|file| file.path().is_file())
    {
        let bytes = std::fs::read(file.path()).unwrap();
        let there = bytes.windows(part.len()).any(|window| window == part);
        assert!(!there, "{:?} holds the token", file.path());
    }
}

#[test]
fn pages_follow_each_other_and_every_way_of_looking_finds_its_rows() {
    let (world, profile) = ready();
    for number in 0..25 {
        let told = NewToken {
            customer: Some(format!("c-{}", number % 5)),
            ..told(&format!("ref-{number:02}"))
        };
        world
            .gatehouse
            .add_token(&profile, &secret(&format!("{PAYMENT}{number:02}")), &told)
            .unwrap();
    }
    let ask = |query: &TokenQuery| world.gatehouse.tokens(&profile, query).unwrap();
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let page = ask(&TokenQuery {
            before,
            limit: 10,
            ..TokenQuery::default()
        });
        seen.extend(page.tokens.iter().map(|token| token.id));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(seen, (1..=25).rev().collect::<Vec<i64>>(), "newest first, each once");
    let by = |text: &str| {
        ask(&TokenQuery {
            text: text.into(),
            limit: 50,
            ..TokenQuery::default()
        })
        .tokens
    };
    assert_eq!(by("ref-0").len(), 10, "by the beginning of a reference");
    assert_eq!(by("c-3").len(), 5, "by customer");
    let one = by("ref-07").remove(0);
    assert_eq!(by(&one.fingerprint), std::slice::from_ref(&one), "by fingerprint");
    assert!(by("ef-07").is_empty(), "a beginning is a beginning");
    let unchecked = ask(&TokenQuery {
        view: TokenView::Unchecked,
        merchant: one.merchant.clone(),
        limit: 50,
        ..TokenQuery::default()
    });
    assert_eq!(unchecked.tokens.len(), 25, "a view at a merchant");
    assert_eq!(world.gatehouse.token_counts(&profile).unwrap().never, 25, "and counted");
    assert_eq!(
        world.gatehouse.token(&profile, "ref-07").unwrap(),
        one,
        "one by its reference"
    );
    let missing = world.gatehouse.token(&profile, "ref-99").unwrap_err().code;
    assert_eq!(missing, ErrorCode::TokenUnknown, "or none");
}
