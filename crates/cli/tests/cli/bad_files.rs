//! Files from outside that are not as they should be: each with a clear error, and nothing lost.

use std::fmt::Write;
use std::fs;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::world::{World, number, rows, text};

const HEAD: &str = "partner_account_id,partner_account_reference,name,country,tags\n";
const A: &str = "krn:partner:global:account:test:AAAA1111";
const B: &str = "krn:partner:global:account:test:AAAA2222";

/// Imports a text; answers the exit code and the report.
fn import(world: &World, content: impl AsRef<[u8]>) -> (i32, Value) {
    let file = world.place.file("import.csv", content);
    let answer = world.run(&["merchants", "import", &file]);
    (answer.code, answer.document())
}

fn counts(report: &Value) -> (i64, i64, i64) {
    (
        number(report, "added"),
        number(report, "updated"),
        number(report, "bad_total"),
    )
}

#[test]
fn a_byte_order_mark_semicolons_and_quotes_are_understood() {
    let world = World::ready();
    let semicolons = format!(
        "\u{feff}{}{A};R-1;\"Müller; \"\"Söhne\"\"\";DE;\"a b\"\r\n",
        HEAD.replace(',', ";")
    );
    let (code, report) = import(&world, semicolons);
    assert_eq!(
        (code, counts(&report)),
        (0, (1, 0, 0)),
        "a spreadsheet's file is taken: {report}"
    );
    assert_eq!(
        text(&world.run(&["merchants", "show", "R-1"]).json(), "name"),
        "Müller; \"Söhne\"",
        "with its quotes"
    );
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(
            format!("{HEAD}{B},R-2,Łódź,PL,\n")
                .encode_utf16()
                .flat_map(u16::to_le_bytes),
        )
        .collect();
    let file = world.place.file("utf16.csv", utf16);
    let answer = world.run(&["merchants", "import", &file]);
    assert!(
        answer.code == 0 || answer.code == 3,
        "another encoding is read, or refused as a whole: {answer:?}"
    );
}

#[test]
fn bad_rows_are_reported_by_line_and_column_and_good_ones_kept() {
    let world = World::ready();
    let rows_of_file = [
        format!("{A},R-1,Good,SE,"),
        "krn:partner:global:product:test:AAAA4444,R-2,Wrong KRN,SE,".to_owned(),
        "LYABCDEI,R-3,No KRN,SE,".to_owned(),
        "krn:partner:global:account:live:AAAA3333,R-4,Other environment,SE,".to_owned(),
        format!("{B},R-5,Good too,SE,"),
        format!("{B},R-6,The same again,SE,"),
    ];
    let (code, report) = import(&world, format!("{HEAD}{}\n", rows_of_file.join("\n")));
    assert_eq!(code, 9, "a part is done");
    let bad: Vec<(i64, String)> = rows(&report, "bad")
        .iter()
        .map(|row| (number(row, "line"), text(row, "column").to_owned()))
        .collect();
    let id = "partner_account_id".to_owned();
    for line in [3, 4, 5] {
        assert!(
            bad.contains(&(line, id.clone())),
            "line {line} is named with its column: {report}"
        );
    }
    assert!(
        bad.iter().any(|(line, _)| *line == 6 || *line == 7),
        "so is the id that came twice: {report}"
    );
    assert!(
        rows(&report, "bad")
            .iter()
            .all(|row| text(row, "message").ends_with('.') || text(row, "message").len() > 10),
        "in words: {report}"
    );
    assert_eq!(
        text(&world.run(&["merchants", "show", A]).json(), "name"),
        "Good",
        "the good row is kept"
    );
    let again = world.run(&["merchants", "list", "--query", "Other environment"]).json();
    assert_eq!(
        number(&again, "total"),
        0,
        "another environment's merchant does not get in"
    );
}

#[test]
fn what_is_no_list_is_refused_as_a_whole() {
    let world = World::ready();
    for content in [
        &b""[..],
        b"\x89PNG\r\n\x1a\n\0\0\0",
        b"name\nonly names\n",
        b"<html><body>Sign in</body></html>",
        b"{\"a\":",
    ] {
        let file = world.place.file("no.csv", content);
        let answer = world.run(&["merchants", "import", &file]);
        assert_eq!(
            answer.code,
            3,
            "{:?} is refused: {answer:?}",
            String::from_utf8_lossy(content)
        );
        let code = text(&serde_json::from_str(&answer.stderr).unwrap(), "code").to_owned();
        assert!(code.starts_with("import_"), "with a code of its own: {code}");
    }
    let folder = world.place.beside("").to_str().unwrap().to_owned();
    let missing = world.place.beside("missing.csv").to_str().unwrap().to_owned();
    for path in [folder, missing] {
        assert_eq!(
            world.run(&["merchants", "import", &path]).code,
            3,
            "{path} cannot be read"
        );
    }
    assert_eq!(
        number(&world.run(&["merchants", "list"]).json(), "total"),
        60,
        "nothing was lost"
    );
}

#[test]
fn two_hundred_thousand_rows_are_taken_and_found() {
    let world = World::ready();
    let mut csv = HEAD.to_owned();
    for index in 0..200_000_u32 {
        writeln!(
            csv,
            "krn:partner:global:account:test:B{index:07},BULK-{index},Shop number {index},SE,bulk"
        )
        .unwrap();
    }
    let file = world.place.file("many.csv", csv);
    let began = Instant::now();
    let report = world.run(&["merchants", "import", &file]).json();
    assert_eq!(counts(&report), (200_000, 0, 0), "every row is taken");
    let found = world.run(&["merchants", "list", "--query", "number 199999"]).json();
    assert_eq!(number(&found, "total"), 1, "the last one is found");
    assert!(
        began.elapsed() < Duration::from_secs(60),
        "within a minute on a busy machine: {:?}",
        began.elapsed()
    );
    world
        .run(&["open", "BULK-7", "--no-browser"])
        .refused(5, "klarna_not_found");
}

#[test]
fn a_database_of_a_newer_version_is_refused_and_left_alone() {
    let world = World::ready();
    for (file, code) in [("gatehouse.db", "database_newer"), ("audit.db", "database_newer")] {
        let version = world.place.sqlite(file, "PRAGMA user_version");
        world.place.sqlite(file, "PRAGMA user_version = 99");
        let answer = world.open();
        let error: Value = serde_json::from_str(&answer.stderr).unwrap_or_default();
        assert!(
            answer.code == 3 || answer.code == 6,
            "{file}: nothing is done: {answer:?}"
        );
        assert_eq!(text(&error, "code"), code, "{file}: the cause is named");
        assert_eq!(
            world.place.sqlite(file, "PRAGMA user_version"),
            "99",
            "{file}: it is left as it is"
        );
        world.place.sqlite(file, &format!("PRAGMA user_version = {version}"));
    }
    assert_eq!(world.served.links().len(), 0, "no link was made");
    world.open().json();
}

#[test]
fn what_is_no_database_is_named_and_not_overwritten() {
    for file in ["gatehouse.db", "audit.db"] {
        let world = World::ready();
        for end in ["-wal", "-shm"] {
            let _ = fs::remove_file(world.place.data(&format!("{file}{end}")));
        }
        fs::write(
            world.place.data(file),
            b"this is a letter to my grandmother, and long enough to be read as a header of a database\n".repeat(50),
        )
        .unwrap();
        let answer = world.open();
        assert!(answer.code == 6 || answer.code == 3, "{file}: refused: {answer:?}");
        assert!(
            fs::read(world.place.data(file))
                .unwrap()
                .starts_with(b"this is a letter"),
            "{file}: it is left as it is"
        );
        assert_eq!(world.served.links().len(), 0, "{file}: no link was made");
    }
}
