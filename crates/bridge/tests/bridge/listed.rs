//! The page that lists what is tried against the bridge, held against the tests themselves.

use std::path::Path;

const PAGE: &str = include_str!("../../../../docs/bridge-security-tests.md");

fn gather(dir: &Path, found: &mut String) {
    for entry in std::fs::read_dir(dir).unwrap().flatten() {
        if entry.path().is_dir() {
            gather(&entry.path(), found);
        } else if entry.path().extension().is_some_and(|end| end == "rs") {
            found.push_str(&std::fs::read_to_string(entry.path()).unwrap());
        }
    }
}

#[test]
fn every_test_of_the_list_is_there() {
    let mut sources = String::new();
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    for dir in [own.join("tests"), own.join("src"), own.join("../core/src/login_bridge")] {
        if dir.exists() {
            gather(&dir, &mut sources);
        }
    }
    let rows: Vec<&str> = PAGE.lines().filter(|line| line.starts_with("| ")).skip(2).collect();
    assert!(rows.len() > 30, "the list was read");
    for row in rows {
        let tests = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
        let names: Vec<&str> = tests.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "each row names a test: {row}");
        for name in names {
            assert!(sources.contains(&format!("fn {name}(")), "there is no test {name}");
        }
    }
}
