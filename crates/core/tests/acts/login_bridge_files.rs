//! A bridge's files edited: what nobody touched stays byte for byte, and what somebody else changed is never overwritten.

use std::fs;
use std::path::PathBuf;

use gatehouse_core::ErrorCode;
use gatehouse_core::login_bridge::people::{People, PeopleTable};
use gatehouse_core::login_bridge::{Draft, RowState, RowsWanted, WhichPeople};
use serde_json::json;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::world::ready;

pub const CONFIG: &str = "# The bridge of Acme.\npublic_url = \"http://127.0.0.1:1\" # behind nginx\nacquirer = 'Acme'\n\n[provider]\nissuer = 'https://id.example'\nclient_id = \"c\"\nclient_secret = { file = 'secret.txt' }\n\n[people] # who may enter\ntable = 'people.csv' # from HR\nroles_claim = 'groups'   # not the team\nroles.boss = ['merchant:admin'] # one\n\n[klarna]\nsession_token = 'redirect_query'\n";
pub const TABLE: &str = "email,name,merchant,roles\nana@bakery.example,\"Ana \"\"A\"\"\",SE-00417,merchant:admin\nben@x.example, Ben ,SE-00417,\n";

/// A configuration with a table beside it.
pub fn files(config: &str, table: &str) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("bridge.toml");
    fs::write(&file, config).unwrap();
    fs::write(dir.path().join("people.csv"), table).unwrap();
    (dir, file)
}

/// E-mail, merchant, roles.
pub fn cells(email: &str, merchant: &str, roles: &str) -> [String; 3] {
    [email, merchant, roles].map(str::to_owned)
}

fn all() -> RowsWanted {
    RowsWanted {
        count: 200,
        ..RowsWanted::default()
    }
}

fn table_of(dir: &TempDir) -> String {
    fs::read_to_string(dir.path().join("people.csv")).unwrap()
}

#[test]
fn only_what_was_changed_is_written_into_the_configuration() {
    let (world, profile) = ready();
    let (_dir, file) = files(CONFIG, TABLE);
    let mut draft = world.gatehouse.choose_login_bridge(&profile, &file).unwrap();
    let mut rules: People = draft.people().clone();
    rules.roles_claim = Some("teams".into());
    rules.merchants_claim = Some("shops".into());
    rules.roles.insert("a.dev".into(), vec!["merchant:developer".into()]);
    draft.set_rules(rules).unwrap();
    assert!(draft.is_changed(), "a draft knows that it differs from the file");
    assert_eq!(
        fs::read_to_string(&file).unwrap(),
        CONFIG,
        "nothing is written before it is saved"
    );
    let saved = world.gatehouse.save_login_bridge(&profile, &draft).unwrap();
    let expected = CONFIG
        .replace("roles_claim = 'groups'", "roles_claim = \"teams\"")
        .replace(
            "['merchant:admin'] # one\n",
            "['merchant:admin'] # one\nroles.\"a.dev\" = [\"merchant:developer\"]\nmerchants_claim = \"shops\"\n",
        );
    assert_eq!(
        fs::read_to_string(&file).unwrap(),
        expected,
        "comments, quotes and order stay"
    );
    assert!(!saved.is_changed(), "what was saved is what there is");
    assert_eq!(saved.people().roles.len(), 2, "and reads as it was meant");
}

#[test]
fn rows_that_nobody_touched_stay_byte_for_byte() {
    let (world, profile) = ready();
    for newline in ["\n", "\r\n"] {
        let (dir, file) = files(CONFIG, &format!("\u{feff}{}", TABLE.replace('\n', newline)));
        let mut draft = Draft::open(&file).unwrap();
        let page = draft.rows(&all());
        assert_eq!(
            (page.total, page.flawed, page.rows[1].line),
            (2, 0, Some(3)),
            "two good rows"
        );
        draft
            .set_row(Some(1), cells("Ben@X.example", "DE-1", "merchant:developer"))
            .unwrap();
        draft.set_row(None, cells("cid@x.example", "a \"b\", c", "")).unwrap();
        world.gatehouse.save_login_bridge(&profile, &draft).unwrap();
        let expected = "\u{feff}email,name,merchant,roles\nana@bakery.example,\"Ana \"\"A\"\"\",SE-00417,merchant:admin\nben@x.example, Ben ,DE-1,merchant:developer\ncid@x.example,,\"a \"\"b\"\", c\",\n";
        assert_eq!(
            table_of(&dir),
            expected.replace('\n', newline),
            "other columns, marks and line ends stay"
        );
        assert_eq!(
            PeopleTable::read(table_of(&dir).as_bytes()).unwrap().people(),
            3,
            "the bridge takes it"
        );
        assert_eq!(
            fs::read_to_string(&file).unwrap(),
            CONFIG,
            "the configuration was not touched"
        );
    }
}

#[test]
fn rows_are_removed_put_back_and_found() {
    let (dir, file) = files(
        CONFIG,
        "merchant,email\none,a@x.example\n\ntwo,b@x.example\nthree,C@x.example",
    );
    let mut draft = Draft::open(&file).unwrap();
    draft.remove_row(0).unwrap();
    draft.remove_row(1).unwrap();
    draft.restore_row(1).unwrap();
    let added = draft
        .set_row(None, cells("d@x.example", "four", "merchant:admin"))
        .unwrap();
    let found = |query: &str, which| {
        let wanted = RowsWanted {
            query: query.into(),
            which,
            ..all()
        };
        draft
            .rows(&wanted)
            .rows
            .into_iter()
            .map(|row| (row.merchant, row.state))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        found("C@X", WhichPeople::All),
        [("three".into(), RowState::Kept)],
        "letters of any case"
    );
    assert_eq!(
        found("", WhichPeople::Changed),
        [("one".into(), RowState::Removed), ("four".into(), RowState::Added)],
        "what was done so far"
    );
    let (world, profile) = ready();
    world.gatehouse.save_login_bridge(&profile, &draft).unwrap();
    assert_eq!(
        table_of(&dir),
        "merchant,email,roles\ntwo,b@x.example\nthree,C@x.example\nfour,d@x.example,merchant:admin\n",
        "a column for roles comes with the first role"
    );
    draft.remove_row(added).unwrap();
    assert!(draft.row(added).is_none(), "a new row that is taken out is gone");
}

#[test]
fn what_somebody_else_changed_is_told_and_not_overwritten() {
    let (world, profile) = ready();
    let (dir, file) = files(CONFIG, TABLE);
    let mut draft = Draft::open(&file).unwrap();
    draft.remove_row(0).unwrap();
    let theirs = format!("{TABLE}eve@x.example,,one,\n");
    fs::write(dir.path().join("people.csv"), &theirs).unwrap();
    let refused = world.gatehouse.save_login_bridge(&profile, &draft).unwrap_err();
    assert_eq!(refused.code, ErrorCode::BridgeFileChanged, "told");
    assert_eq!(table_of(&dir), theirs, "not overwritten");
    let mut draft = Draft::open(&file).unwrap();
    draft.remove_row(0).unwrap();
    fs::write(&file, format!("{CONFIG}# new\n")).unwrap();
    let refused = world.gatehouse.save_login_bridge(&profile, &draft).unwrap_err();
    assert_eq!(
        refused.code,
        ErrorCode::BridgeFileChanged,
        "the configuration counts as well"
    );
    assert_eq!(table_of(&dir), theirs, "neither file is written");
    assert_eq!(
        fs::read_dir(dir.path()).unwrap().count(),
        2,
        "and nothing is left beside them"
    );
}

#[test]
fn what_the_bridge_would_refuse_is_not_saved() {
    let (world, profile) = ready();
    let (dir, file) = files(CONFIG, "email,merchant,roles\nana,one,\nb@x.example,two,\n");
    let mut draft = Draft::open(&file).unwrap();
    let flawed = draft.rows(&RowsWanted {
        which: WhichPeople::Flawed,
        ..all()
    });
    assert_eq!(
        (flawed.found, flawed.rows[0].line),
        (1, Some(2)),
        "the flawed row is found"
    );
    draft.remove_row(1).unwrap();
    let refused = world.gatehouse.save_login_bridge(&profile, &draft).unwrap_err();
    assert_eq!(
        refused.code,
        ErrorCode::BridgeRulesInvalid,
        "the other row would shut everybody out"
    );
    for bad in [
        cells("ana", "one", ""),
        cells("a@x.example", " ", ""),
        cells("a@x.example", "one", "no role!"),
    ] {
        let refused = draft.set_row(Some(0), bad).unwrap_err();
        assert_eq!(refused.code, ErrorCode::BridgeRulesInvalid, "no bad row is taken");
    }
    let nobody = People {
        roles_claim: None,
        ..draft.people().clone()
    };
    let refused = draft.set_rules(nobody).unwrap_err();
    assert!(
        refused.message.contains("people.roles"),
        "the place is named: {}",
        refused.message
    );
    draft.set_row(Some(0), cells("ana@x.example", "one", "")).unwrap();
    world.gatehouse.save_login_bridge(&profile, &draft).unwrap();
    assert_eq!(
        table_of(&dir),
        "email,merchant,roles\nana@x.example,one,\n",
        "corrected, it is saved"
    );
}

#[test]
fn a_file_that_is_none_is_refused_without_its_text() {
    let (_dir, file) = files("client_secret = 'hunter2\n", TABLE);
    let refused = Draft::open(&file).unwrap_err();
    assert_eq!(refused.code, ErrorCode::BridgeFileUnreadable, "no TOML");
    assert!(
        !refused.to_string().contains("hunter2"),
        "nothing of it is quoted: {refused}"
    );
    let (_dir, file) = files(CONFIG, "who,what\n");
    let draft = Draft::open(&file).unwrap();
    assert!(
        draft.table_problem().is_some() && !draft.has_table(),
        "a table without the columns is told"
    );
    let gone = Draft::open("/nowhere/bridge.toml".as_ref()).unwrap_err();
    assert_eq!(
        gone.code,
        ErrorCode::BridgeFileUnreadable,
        "nor is one that is not there"
    );
}

#[test]
fn a_table_is_begun_beside_the_configuration() {
    let (world, profile) = ready();
    let (dir, file) = files("[people]\nmerchants_claim = 'shops'\n", TABLE);
    fs::remove_file(dir.path().join("people.csv")).unwrap();
    let mut draft = Draft::open(&file).unwrap();
    draft.begin_table().unwrap();
    draft.set_row(None, cells("ana@bakery.example", "one", "")).unwrap();
    world.gatehouse.save_login_bridge(&profile, &draft).unwrap();
    assert_eq!(
        table_of(&dir),
        "email,merchant,roles\nana@bakery.example,one,\n",
        "with its head"
    );
    let config = fs::read_to_string(&file).unwrap();
    assert_eq!(
        config, "[people]\nmerchants_claim = 'shops'\ntable = \"people.csv\"\n",
        "and is named"
    );
}

#[cfg(unix)]
#[test]
fn links_and_rights_of_the_files_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let (world, profile) = ready();
    let (dir, file) = files(CONFIG, TABLE);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    let link = dir.path().join("link.toml");
    symlink(&file, &link).unwrap();
    let mut draft = Draft::open(&link).unwrap();
    let rules = People {
        verified: false,
        ..draft.people().clone()
    };
    draft.set_rules(rules).unwrap();
    world.gatehouse.save_login_bridge(&profile, &draft).unwrap();
    let mode = fs::metadata(&file).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o640, "the service goes on reading it");
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink(), "a link stays a link");
    assert!(
        fs::read_to_string(&file)
            .unwrap()
            .contains("require_verified_email = false"),
        "saved behind it"
    );
}

#[test]
fn a_save_that_was_cut_off_is_told_recorded_and_cleared_away() {
    let (world, profile) = ready();
    let (dir, file) = files(CONFIG, TABLE);
    let part = |name: &str| {
        dir.path()
            .join(format!(".{name}.0198f0c2b8b74c0f8d5f5a2f6c1d2e3f.part"))
    };
    fs::write(part("people.csv"), "email,mer").unwrap();
    fs::write(part("bridge.toml"), "[people").unwrap();
    fs::write(dir.path().join(".people.csv.notes.part"), "a person's own").unwrap();
    let at_work = fs::File::create(dir.path().join(".people.csv.0298f0c2b8b74c0f8d5f5a2f6c1d2e3f.part")).unwrap();
    at_work.lock().unwrap();

    let draft = Draft::open(&file).unwrap();
    assert!(
        draft.was_cut_off() && draft.is_changed(),
        "it is told, and there is something to save"
    );
    assert_eq!(draft.rows(&all()).total, 2, "what was left is no part of the table");
    let saved = world.gatehouse.save_login_bridge(&profile, &draft).unwrap();
    assert!(!saved.was_cut_off() && !saved.is_changed(), "once, and then it is over");
    assert_eq!(
        (fs::read_to_string(&file).unwrap(), table_of(&dir)),
        (CONFIG.to_owned(), TABLE.to_owned()),
        "neither file was touched"
    );
    assert!(
        !part("people.csv").exists() && !part("bridge.toml").exists(),
        "what was left is gone"
    );
    assert_eq!(
        fs::read_dir(dir.path()).unwrap().count(),
        4,
        "a file of somebody's own and one that somebody is at work on stay"
    );
    let reader = world.gatehouse.audit_reader().unwrap();
    let note = reader.entry(reader.size().unwrap()).unwrap().unwrap().body.request;
    assert_eq!(note.get("cut_off"), Some(&json!(true)), "the log knows: {note:?}");
    for (member, text) in [("config_sha256", CONFIG), ("table_sha256", TABLE)] {
        let held = json!(hex::encode(Sha256::digest(text)));
        assert_eq!(note.get(member), Some(&held), "and says what {member} holds");
    }
}
