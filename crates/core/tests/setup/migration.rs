//! A database of the first release: its certificates become keys in use, and its profiles stay ready.

use gatehouse_core::database;
use gatehouse_core::profile::key_rows::{self, KeyState};
use gatehouse_core::profile::{Method, facts, store};
use uuid::Uuid;

use super::certificates::{issue, klarna_like, known_key};
use super::place::ACCOUNT;

const FIRST: &str = include_str!("../../src/database/migrations/0001_first.sql");

#[test]
fn certificates_of_the_first_release_are_keys_in_use() {
    let dir = tempfile::tempdir().unwrap();
    let (key, pair) = known_key();
    let (pem, _) = issue(&klarna_like(|_| ()), &pair);
    let id = Uuid::new_v4();
    {
        #[expect(clippy::disallowed_methods, reason = "a file as the first release left it")]
        let old = rusqlite::Connection::open(dir.path().join(database::FILE)).unwrap();
        old.execute_batch(FIRST).unwrap();
        old.execute_batch("PRAGMA user_version = 1").unwrap();
        old.execute(
            "INSERT INTO profile VALUES (?1,'sandbox','sandbox',?2,'Acme','me@acquirer.example','embedded',NULL,'',?3,7)",
            rusqlite::params![id.to_string(), ACCOUNT, gatehouse_core::policy::Policy::new().to_json()],
        )
        .unwrap();
        old.execute(
            "INSERT INTO certificate VALUES (?1,'JWT_SIGNING',?2,?3,'krn:c:1',?4,9)",
            rusqlite::params![id.to_string(), key.key_id(), key.spki_der(), pem],
        )
        .unwrap();
    }
    let migrated = database::open(dir.path()).unwrap();
    let rows = key_rows::all(&migrated, id).unwrap();
    let [row] = rows.as_slice() else {
        panic!("one certificate, one key: {rows:?}")
    };
    assert_eq!(
        (row.key_id.as_str(), row.state, row.active_at_ms),
        (key.key_id().as_str(), KeyState::Active, Some(9))
    );
    assert_eq!(
        row.credential_id.as_deref(),
        Some("krn:c:1"),
        "Klarna's id is kept, for revoking"
    );
    assert_eq!(
        row.certificate().unwrap().unwrap().spki_der(),
        key.spki_der(),
        "the certificate is whole"
    );
    let profile = store::by_name(&migrated, "sandbox").unwrap().unwrap();
    assert_eq!(
        profile.method,
        Some(Method::DeepLink),
        "it opened portals by deep links"
    );
    let fact = facts::get(&migrated, id, facts::API_KEY).unwrap();
    assert_eq!(
        fact,
        Some(("proved".into(), 7)),
        "its API key is in the key store, and got it its certificates"
    );
}
