//! Importing as a whole: from the file on disk to the rows in the table.

use gatehouse_core::ErrorCode;
use gatehouse_core::merchants::*;
use gatehouse_klarna::Environment;

use crate::support::{PROFILE, base, krn};

#[test]
fn an_import_writes_the_good_rows_and_reports_the_bad_ones() {
    let base = base();
    let file = format!(
        "partner_account_id,name\n{},Alpha\nwrong,Beta\n{},Ceta\n",
        krn("AAAA"),
        krn("CCCC")
    );
    let done = import::import(&base.conn, PROFILE, Environment::Live, file.as_bytes(), 7).unwrap();
    assert_eq!(
        (done.added, done.updated, done.unchanged, done.bad_total),
        (2, 0, 0, 1),
        "two rows and one report"
    );
    let again = import::import(&base.conn, PROFILE, Environment::Live, file.as_bytes(), 8).unwrap();
    assert_eq!(
        (again.added, again.updated, again.unchanged),
        (0, 0, 2),
        "the same file brings nothing new"
    );
    assert_eq!(count(&base.conn, PROFILE).unwrap(), 2, "the good rows are there");
}

#[test]
fn a_file_without_a_good_row_changes_nothing_and_says_why() {
    let base = base();
    let file = format!("partner_account_id\n{}\n", krn("AAAA"));
    let refusal = import::import(&base.conn, PROFILE, Environment::Test, file.as_bytes(), 7).unwrap_err();
    assert_eq!(
        refusal.code,
        ErrorCode::ImportNothingUsable,
        "all rows are of the other environment"
    );
    assert!(
        refusal.message.contains("Line 2"),
        "the first reason is told: {}",
        refusal.message
    );
    let refusal = import::import(&base.conn, PROFILE, Environment::Test, b"partner_account_id,name\n", 7).unwrap_err();
    assert_eq!(
        refusal.code,
        ErrorCode::ImportNothingUsable,
        "a header alone holds no merchant"
    );
    assert_eq!(count(&base.conn, PROFILE).unwrap(), 0, "nothing is written");
}

#[test]
fn files_that_cannot_be_read_are_told_in_full_sentences() {
    let base = base();
    for file in [&b""[..], b"a,b\n1,2\n", b"PK\x03\x04", b"\0", b"{\n oops\n}"] {
        let refusal = import::import(&base.conn, PROFILE, Environment::Live, file, 7).unwrap_err();
        assert_eq!(refusal.code, ErrorCode::ImportUnreadable, "{file:?}");
        assert!(
            refusal.message.ends_with('.') && refusal.hint.ends_with('.'),
            "what happened, then what to do: {refusal}"
        );
    }
}

#[test]
fn a_file_is_read_from_disk_and_a_missing_one_or_a_folder_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("merchants.csv");
    std::fs::write(&path, "partner_account_id\n").unwrap();
    assert_eq!(
        import::read_file(&path).unwrap(),
        b"partner_account_id\n",
        "its bytes as they are"
    );
    for path in [dir.path().join("missing.csv"), dir.path().to_owned()] {
        let refusal = import::read_file(&path).unwrap_err();
        assert_eq!(
            refusal.code,
            ErrorCode::ImportUnreadable,
            "{} is no file",
            path.display()
        );
    }
}
