//! A database in a folder of its own, and short ways to say a merchant.

use gatehouse_core::merchants::import::{self, ImportFailure};
use gatehouse_core::merchants::{Directory, NewMerchant, Page, Reading, upsert};
use gatehouse_klarna::{AccountKrn, Environment};
use rusqlite::Connection;
use tempfile::TempDir;

pub const PROFILE: &str = "profile-1";
pub const HEAD: &str = "krn:partner:global:account:live:";
/// The header line that the documentation gives.
pub const HEADER: &str = "partner_account_id,partner_account_reference,name,country,tags";

/// A migrated database that vanishes with its folder.
pub struct Base {
    pub conn: Connection,
    _dir: TempDir,
}

pub fn base() -> Base {
    let dir = tempfile::tempdir().unwrap();
    Base {
        conn: gatehouse_core::database::open(dir.path()).unwrap(),
        _dir: dir,
    }
}

pub fn krn(suffix: &str) -> String {
    format!("{HEAD}{suffix}")
}

pub fn merchant(suffix: &str, name: &str) -> NewMerchant {
    NewMerchant {
        name: name.to_owned(),
        ..NewMerchant::of(AccountKrn::parse(&krn(suffix)).unwrap())
    }
}

pub fn full(suffix: &str, name: &str, reference: &str, country: &str, tags: &[&str]) -> NewMerchant {
    NewMerchant {
        reference: reference.to_owned(),
        country: country.to_owned(),
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        ..merchant(suffix, name)
    }
}

/// A base with these merchants in it.
pub fn base_with(rows: &[NewMerchant]) -> Base {
    let base = base();
    upsert(&base.conn, PROFILE, rows, 1).unwrap();
    base
}

/// A directory with these merchants in it.
pub fn directory(rows: &[NewMerchant]) -> Directory {
    Directory::load(&base_with(rows).conn, PROFILE).unwrap()
}

pub fn names(page: &Page) -> Vec<&str> {
    page.rows.iter().map(|row| row.name.as_str()).collect()
}

pub fn read(file: impl AsRef<[u8]>) -> Result<Reading, ImportFailure> {
    import::read(file.as_ref(), Environment::Live)
}

/// The rows of a file that has no bad ones.
pub fn good(file: impl AsRef<[u8]>) -> Vec<NewMerchant> {
    let reading = read(file).unwrap();
    assert_eq!(reading.bad, [], "every row of this file is good");
    reading.rows
}
