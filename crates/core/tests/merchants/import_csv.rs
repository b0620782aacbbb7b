//! CSV and lists of ids: every dialect that spreadsheets write, and every way in which a row can be bad.

use gatehouse_core::merchants::import::{Encoding, ImportFailure};
use gatehouse_core::merchants::{BadRow, NewMerchant};

use crate::support::{full, krn, merchant, read};

const HEADER: &str = "partner_account_id,partner_account_reference,name,country,tags";

fn good(file: impl AsRef<[u8]>) -> Vec<NewMerchant> {
    let reading = read(file).unwrap();
    assert_eq!(reading.bad, [], "every row of this file is good");
    reading.rows
}

/// The one bad row of a file, whose other row is good.
fn bad(line: &str) -> BadRow {
    let reading = read(format!("{HEADER}\n{line}\n{},,Good,,\n", krn("GOOD"))).unwrap();
    assert_eq!(
        reading.rows,
        [merchant("GOOD", "Good")],
        "the good row is kept"
    );
    assert_eq!(
        (reading.bad.len(), reading.bad_total),
        (1, 1),
        "the bad row is reported once"
    );
    assert_eq!(reading.bad[0].line, 2, "by its line");
    reading.bad[0].clone()
}

fn acme() -> NewMerchant {
    full(
        "LYABCDEI",
        "Acme, \"Größe\"",
        "M-1",
        "SE",
        &["vip", "north"],
    )
}

#[test]
fn commas_semicolons_tabs_and_bars_are_all_understood() {
    for delimiter in [",", ";", "\t", "|"] {
        let header = HEADER.replace(',', delimiter);
        let row = [
            krn("LYABCDEI").as_str(),
            "M-1",
            "\"Acme, \"\"Größe\"\"\"",
            "se",
            "vip north",
        ]
        .join(delimiter);
        for end in ["\n", "\r\n", "\r"] {
            let file = format!("{header}{end}{row}{end}{end}");
            assert_eq!(
                good(file),
                [acme()],
                "delimiter {delimiter:?}, line end {end:?}"
            );
        }
    }
}

#[test]
fn byte_order_marks_and_utf_16_are_understood() {
    let text = format!(
        "{HEADER}\r\n{},M-1,\"Acme, \"\"Größe\"\"\",SE,vip north\r\n",
        krn("LYABCDEI")
    );
    let utf16 = |mark: [u8; 2], bytes: fn(u16) -> [u8; 2]| {
        mark.into_iter()
            .chain(text.encode_utf16().flat_map(bytes))
            .collect::<Vec<u8>>()
    };
    let with_mark = format!("\u{feff}{text}").into_bytes();
    for (file, encoding) in [
        (with_mark, Encoding::Utf8),
        (utf16([0xff, 0xfe], u16::to_le_bytes), Encoding::Utf16),
        (utf16([0xfe, 0xff], u16::to_be_bytes), Encoding::Utf16),
    ] {
        let reading = read(file).unwrap();
        assert_eq!(
            (reading.rows, reading.encoding),
            (vec![acme()], encoding),
            "the mark tells the encoding"
        );
    }
}

#[test]
fn windows_1252_is_read_where_utf_8_does_not_fit() {
    let mut file = format!("{HEADER}\n{},M-1,Gr", krn("LYABCDEI")).into_bytes();
    file.extend(b"\xf6\xdfe \x80\n");
    let reading = read(file).unwrap();
    assert_eq!(
        (reading.rows[0].name.as_str(), reading.encoding.as_str()),
        ("Größe €", "Windows-1252"),
        "older Excel writes so"
    );
}

#[test]
fn one_damaged_byte_in_utf_8_spoils_one_row_only() {
    let mut file =
        format!("{HEADER}\n{},,Größe,,\n{},,Bad ", krn("AAAA"), krn("BBBB")).into_bytes();
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
fn header_names_overlook_case_blanks_and_order_and_unknown_columns() {
    let file = format!(
        " Name ;E-Mail;PARTNER ACCOUNT ID;Partner-Account-Reference\nAcme;x@y.z;{};M-1\n",
        krn("LYABCDEI")
    );
    assert_eq!(
        good(file),
        [full("LYABCDEI", "Acme", "M-1", "", &[])],
        "people's headers vary"
    );
    let file = format!(
        "partner_account_name,merchant_id\nAcme,{}\n",
        krn("LYABCDEI")
    );
    assert_eq!(
        good(file),
        [merchant("LYABCDEI", "Acme")],
        "Klarna's and our own names are known too"
    );
}

#[test]
fn excels_delimiter_line_and_text_marks_are_taken_away() {
    let file = format!(
        "sep=;\r\n{}\r\n{};=\"00123\";'=Acme;SE;\r\n",
        HEADER.replace(',', ";"),
        krn("LYABCDEI")
    );
    assert_eq!(
        good(&file),
        [full("LYABCDEI", "=Acme", "00123", "SE", &[])],
        "what they wrap is the value"
    );
    let shifted = read(file.replace("krn:", "knr:")).unwrap();
    assert_eq!(shifted.bad[0].line, 3, "and the line is still counted");
}

#[test]
fn blank_rows_and_white_space_do_not_count() {
    let file = format!(
        "\n\n{HEADER}\n\n ,,, ,\n  {} , M-1 ,\"Acme  \n AB\" ,,\n,,,,\n\n",
        krn("LYABCDEI")
    );
    let reading = read(&file).unwrap();
    assert_eq!(
        reading.rows,
        [full("LYABCDEI", "Acme AB", "M-1", "", &[])],
        "values are trimmed, a line break is a blank"
    );
    assert_eq!(reading.bad_total, 0, "a blank row is no row");
    let bad = read(format!("{file}\n\nwrong,,,,\n")).unwrap().bad;
    assert_eq!(
        bad[0].line, 12,
        "lines are counted as an editor does: {bad:?}"
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
        assert!(
            row.message.ends_with('.'),
            "in a full sentence: {}",
            row.message
        );
    }
    assert!(
        bad(",,Acme,,").message.contains("missing"),
        "a missing id is named so"
    );
}

#[test]
fn an_account_of_the_other_environment_is_reported() {
    let row = bad(&format!(
        "{},,Acme,,",
        krn("LYABCDEI").replace("live", "test")
    ));
    assert_eq!(
        row.column, "partner_account_id",
        "the id tells the environment"
    );
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
    assert_eq!(
        reading.bad_total, 2,
        "the bad one and the later one are reported"
    );
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
    let hidden = good(format!(
        "{HEADER}\n{},,Ac\u{202e}me\u{200b},,\n",
        krn("LYABCDEI")
    ));
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
    assert_eq!(
        fine[0].tags,
        ["a", "b", "c"],
        "tags may be parted as people part them"
    );
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
    assert_eq!(
        names,
        ["Alpha", "Ceta", "Deta"],
        "the rows behind it are not swallowed"
    );
    assert_eq!(
        (reading.bad_total, reading.bad[0].line),
        (1, 3),
        "the row itself is reported"
    );
    assert!(
        reading.bad[0].message.contains("quotation mark"),
        "with its cause"
    );
}

#[test]
fn a_quotation_mark_within_a_value_is_a_letter() {
    let file = format!("{HEADER}\n{},,Café \"Zur Post\",,\n", krn("LYABCDEI"));
    assert_eq!(
        good(file),
        [merchant("LYABCDEI", "Café \"Zur Post\"")],
        "only one that opens a value quotes it"
    );
}

#[test]
fn a_list_of_ids_needs_no_header() {
    let file = format!(
        "\n {} \n\"{}\",\n\nnonsense\n{};\n",
        krn("AAAA"),
        krn("BBBB"),
        krn("CCCC")
    );
    let reading = read(file).unwrap();
    assert_eq!(
        reading.rows,
        [
            merchant("AAAA", ""),
            merchant("BBBB", ""),
            merchant("CCCC", "")
        ],
        "one id per line"
    );
    assert_eq!(
        (reading.bad_total, reading.bad[0].line),
        (1, 5),
        "what is no id is reported"
    );
}

#[test]
fn a_missing_or_wrong_header_is_told_apart() {
    assert_eq!(
        read(format!("{},,Acme,,\n", krn("AAAA"))),
        Err(ImportFailure::NoHeader),
        "rows without a header"
    );
    assert_eq!(
        read("id;name\n1;Acme\n"),
        Err(ImportFailure::NoIdColumn("id;name".to_owned())),
        "a header without the id"
    );
    let twice = format!(
        "name,partner_account_name,partner_account_id\na,b,{}\n",
        krn("AAAA")
    );
    assert_eq!(
        read(twice),
        Err(ImportFailure::ColumnTwice("name")),
        "a header that says a thing twice"
    );
}

#[test]
fn what_is_no_text_file_is_refused_as_such() {
    assert_eq!(read(""), Err(ImportFailure::Empty), "nothing");
    assert_eq!(
        read("\u{feff} \r\n\t"),
        Err(ImportFailure::Empty),
        "nothing but white space"
    );
    assert_eq!(
        read(b"PK\x03\x04rest"),
        Err(ImportFailure::Workbook),
        "an Excel workbook"
    );
    assert_eq!(
        read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        Err(ImportFailure::Workbook),
        "an old Excel workbook"
    );
    assert_eq!(read(b"abc\0def"), Err(ImportFailure::NotText), "bytes");
}

#[test]
fn a_file_of_200_000_rows_is_read_whole() {
    let mut file = format!("{HEADER}\n");
    for number in 0..200_000 {
        file.push_str(&format!(
            "{},M-{number},Shop {number},SE,\n",
            krn(&format!("LY{number:06}"))
        ));
    }
    let reading = read(&file).unwrap();
    assert_eq!(
        (reading.rows.len(), reading.bad_total),
        (200_000, 0),
        "no row is lost"
    );
    assert_eq!(reading.rows[199_999].name, "Shop 199999", "up to the last");
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
