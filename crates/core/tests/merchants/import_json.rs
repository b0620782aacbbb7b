//! JSON: a list, one object per line, and what the command line prints.

use gatehouse_core::merchants::import::ImportFailure;

use crate::support::{full, good, krn, merchant, read};

fn object(suffix: &str, more: &str) -> String {
    format!("{{\"partner_account_id\": \"{}\"{more}}}", krn(suffix))
}

#[test]
fn a_list_and_lines_of_objects_bring_the_same() {
    let more = ", \"name\": \"Größe\", \"partner_account_reference\": 1001, \"country\": \"se\", \"tags\": [\"vip\", \"north\"], \"other\": {\"a\": []}";
    let (one, two) = (
        object("AAAA", more),
        object("BBBB", ", \"partner_account_name\": null, \"tags\": \"a b\""),
    );
    let expected = [
        full("AAAA", "Größe", "1001", "SE", &["vip", "north"]),
        full("BBBB", "", "", "", &["a", "b"]),
    ];
    let files = [
        format!("[{one},\n{two}]"),
        format!("\u{feff}\n[\n  {one}\n, {two} ]\n"),
        format!("{one}\n{two}"),
        format!("{one}\r\n\r\n{two}\r\n"),
        format!("{{\"merchants\": [{one}, {two}], \"total\": 2}}"),
    ];
    for file in files {
        assert_eq!(good(&file), expected, "{file}");
    }
    assert_eq!(good(&one), &expected[..1], "a single object is a file too");
}

#[test]
fn a_list_of_ids_is_enough() {
    let file = format!("[\"{}\", \"{}\"]", krn("AAAA"), krn("BBBB"));
    assert_eq!(
        good(&file),
        [merchant("AAAA", ""), merchant("BBBB", "")],
        "each text is an id"
    );
}

#[test]
fn bad_elements_are_reported_by_line_and_member() {
    let file = format!(
        "[\n{},\n{},\n{},\n17,\n{},\n{{\"name\": \"x\"}},\n{},\n{}\n]",
        object("AAAA", ""),
        object("BBBB", ", \"name\": 1.5"),
        object("CCCC", ", \"country\": [\"SE\"]"),
        object("DDDD", ", \"tags\": [1]"),
        object("EEEE", ", \"name\": \"broken"),
        object("FFFF", ""),
    );
    let reading = read(&file).unwrap();
    let found: Vec<(u32, &str)> = reading.bad.iter().map(|row| (row.line, row.column)).collect();
    let expected = [
        (3, "name"),
        (4, "country"),
        (5, ""),
        (6, "tags"),
        (7, "partner_account_id"),
        (8, ""),
        (10, ""),
    ];
    assert_eq!(
        found, expected,
        "each in its place, and the open text swallows what is behind it"
    );
    assert_eq!(reading.rows, [merchant("AAAA", "")], "the good row is kept");
}

#[test]
fn a_damaged_element_spoils_no_other() {
    let file = format!("[{},\n{{oops}},\n{}]", object("AAAA", ""), object("BBBB", ""));
    let reading = read(&file).unwrap();
    assert_eq!(reading.rows.len(), 2, "the elements around it are kept");
    assert_eq!(
        (reading.bad[0].line, reading.bad[0].value.as_str()),
        (2, "{oops}"),
        "the damaged one is shown"
    );
}

#[test]
fn a_list_that_is_cut_off_keeps_what_is_whole_and_says_so() {
    let file = format!("[\n{},\n{},\n{{\"partner_acc", object("AAAA", ""), object("BBBB", ""));
    let reading = read(&file).unwrap();
    assert_eq!(reading.rows.len(), 2, "whole elements are kept");
    assert!(
        reading.bad.iter().any(|row| row.message.contains("cut off")),
        "the end is reported: {:?}",
        reading.bad
    );
}

#[test]
fn a_damaged_line_spoils_no_other() {
    let file = format!("{}\n{{oops\n[]\n{}\n", object("AAAA", ""), object("BBBB", ""));
    let reading = read(&file).unwrap();
    assert_eq!(reading.rows.len(), 2, "the lines around it are kept");
    let lines: Vec<u32> = reading.bad.iter().map(|row| row.line).collect();
    assert_eq!(lines, [2, 3], "and each bad one is reported");
}

#[test]
fn a_broken_document_is_told_by_its_place() {
    let file = "{\n  \"merchants\": [\n    oops\n  ]\n}";
    assert_eq!(
        read(file),
        Err(ImportFailure::BrokenJson { line: 3, column: 5 }),
        "it is not one object per line"
    );
}

#[test]
fn nothing_but_brackets_brings_nothing() {
    for file in ["[]", "[ ,, ]", "{\"merchants\": []}"] {
        let reading = read(file).unwrap();
        assert_eq!((reading.rows.len(), reading.bad_total), (0, 0), "{file} holds no row");
    }
}

#[test]
fn deep_nesting_is_a_bad_row_and_not_a_fall() {
    let file = format!("[{}]", "[".repeat(100_000));
    let reading = read(file).unwrap();
    assert!(reading.rows.is_empty() && reading.bad_total > 0, "it is reported");
}
