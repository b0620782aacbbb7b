//! Every way in which a row of a table can be bad: it is reported, and the others are kept.

use gatehouse_core::merchants::BadRow;

use crate::support::{HEADER, good, krn, merchant, read};

/// The one bad row of a file, whose other row is good.
fn bad(line: &str) -> BadRow {
    let reading = read(format!("{HEADER}\n{line}\n{},,Good,,\n", krn("GOOD"))).unwrap();
    assert_eq!(reading.rows, [merchant("GOOD", "Good")], "the good row is kept");
    assert_eq!(
        (reading.bad.len(), reading.bad_total),
        (1, 1),
        "the bad row is reported once"
    );
    assert_eq!(reading.bad[0].line, 2, "by its line");
    reading.bad[0].clone()
}

#[test]
fn one_damaged_byte_in_utf_8_spoils_one_row_only() {
    let mut file = format!("{HEADER}\n{},,Größe,,\n{},,Bad ", krn("AAAA"), krn("BBBB")).into_bytes();
    file.extend(b"\xff,,\n");
    let reading = read(file).unwrap();
    assert_eq!(
        reading.rows,
        [merchant("AAAA", "Größe")],
        "the other names keep their letters"
    );
    assert!(
        reading.bad[0].message.contains("UTF-8"),
        "and the report says what to do"
    );
}

#[test]
fn a_wrong_krn_is_reported() {
    for id in [
        "LYABCDEI",
        "krn:partner:global:account:live:ABC",
        "krn:partner:global:account:prod:LYABCDEI",
        "krn:partner:global:account:live:LY_BCDEI",
    ] {
        let row = bad(&format!("{id},,Acme,,"));
        assert_eq!(
            (row.column, row.value.as_str()),
            ("partner_account_id", id),
            "the value is shown"
        );
        assert!(row.message.ends_with('.'), "in a full sentence: {}", row.message);
    }
    assert!(bad(",,Acme,,").message.contains("missing"), "a missing id is named so");
}

#[test]
fn an_account_of_the_other_environment_is_reported() {
    let row = bad(&format!("{},,Acme,,", krn("LYABCDEI").replace("live", "test")));
    assert_eq!(row.column, "partner_account_id", "the id tells the environment");
    assert!(
        row.message.contains("test") && row.message.contains("live"),
        "both are named: {}",
        row.message
    );
}

#[test]
fn the_first_of_two_rows_with_one_id_wins() {
    let id = krn("LYABCDEI");
    let reading = read(format!(
        "{HEADER}\n{id},bad ref \u{1},First,,\n{id},,Second,,\n{id},,Third,,\n"
    ))
    .unwrap();
    assert_eq!(
        reading.rows,
        [merchant("LYABCDEI", "Second")],
        "the first good one is taken"
    );
    assert_eq!(reading.bad_total, 2, "the bad one and the later one are reported");
    assert!(
        reading.bad[1].message.contains("Line 3"),
        "with the line that was taken: {}",
        reading.bad[1].message
    );
    assert_eq!(reading.bad[1].line, 4, "and its own");
}

#[test]
fn too_long_values_are_reported_shortened() {
    let name = "ö".repeat(255);
    assert_eq!(
        good(format!("{HEADER}\n{},,{name},,\n", krn("LYABCDEI"))),
        [merchant("LYABCDEI", &name)],
        "255 characters are kept"
    );
    let row = bad(&format!("{},,{name}x,,", krn("LYABCDEI")));
    assert_eq!(row.column, "name", "256 are not");
    assert!(
        row.value.chars().count() <= 61 && row.value.ends_with('…'),
        "the report stays readable"
    );
    assert!(row.message.contains("256"), "it says how long the value is");
}

#[test]
fn control_characters_are_reported_and_shown_harmless() {
    let row = bad(&format!("{},,Ac\u{1b}[31mm\u{85}e\u{7},,", krn("LYABCDEI")));
    assert_eq!(
        (row.column, row.value.as_str()),
        ("name", "Ac␛[31mm�e␇"),
        "a terminal is not painted by a file"
    );
    let hidden = good(format!("{HEADER}\n{},,Ac\u{202e}me\u{200b},,\n", krn("LYABCDEI")));
    assert_eq!(
        hidden,
        [merchant("LYABCDEI", "Acme")],
        "invisible characters that mislead are dropped"
    );
}

#[test]
fn countries_tags_and_rounded_references_are_checked() {
    assert_eq!(
        bad(&format!("{},,Acme,Sweden,", krn("LYABCDEI"))).column,
        "country",
        "two letters are asked for"
    );
    let tags = bad(&format!("{},,Acme,,{}", krn("LYABCDEI"), "x".repeat(41)));
    assert_eq!(tags.column, "tags", "a tag is a short word");
    let rounded = bad(&format!("{},1.23457E+11,Acme,,", krn("LYABCDEI")));
    assert_eq!(
        rounded.column, "partner_account_reference",
        "a rounded number is no reference"
    );
    let fine = good(format!("{HEADER}\n{},1E+ 5,Acme,,a;b|c\n", krn("LYABCDEI")));
    assert_eq!(fine[0].tags, ["a", "b", "c"], "tags may be parted as people part them");
}

#[test]
fn a_row_with_too_many_values_is_reported_and_a_short_one_is_kept() {
    let row = bad(&format!("{},M-1,Acme, Inc,SE,vip", krn("LYABCDEI")));
    assert_eq!(
        (row.column, row.value.as_str()),
        ("", "vip"),
        "an unquoted comma shifts the values"
    );
    assert_eq!(
        good(format!("{HEADER}\n{}\n", krn("LYABCDEI"))),
        [merchant("LYABCDEI", "")],
        "missing values say nothing"
    );
    assert_eq!(
        good(format!("{HEADER}\n{},,,,,,,\n", krn("LYABCDEI"))).len(),
        1,
        "a spreadsheet's empty columns do not count"
    );
}

#[test]
fn an_unclosed_quotation_mark_spoils_its_own_row_only() {
    let ids = ["AAAA", "BBBB", "CCCC", "DDDD"].map(krn);
    let lines = [
        format!("{},,Alpha,,", ids[0]),
        format!("{},,\"Beta,,", ids[1]),
        format!("{},,\"Ceta\",,", ids[2]),
        format!("{},,Deta,,", ids[3]),
    ];
    let reading = read(format!("{HEADER}\n{}\n", lines.join("\n"))).unwrap();
    let names: Vec<&str> = reading.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["Alpha", "Ceta", "Deta"], "the rows behind it are not swallowed");
    assert_eq!(
        (reading.bad_total, reading.bad[0].line),
        (1, 3),
        "the row itself is reported"
    );
    assert!(reading.bad[0].message.contains("quotation mark"), "with its cause");
}

#[test]
fn bad_rows_are_counted_beyond_those_that_are_kept() {
    let reading = read(format!("{HEADER}\n{}", "wrong,,,,\n".repeat(3000))).unwrap();
    assert_eq!(
        (reading.bad.len(), reading.bad_total),
        (1000, 3000),
        "the report has an end, the count has none"
    );
}
