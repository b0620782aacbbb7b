//! CSV and lists of ids: every dialect that spreadsheets write.

use gatehouse_core::merchants::NewMerchant;
use gatehouse_core::merchants::import::{Encoding, ImportFailure};

use crate::support::{HEADER, full, good, krn, merchant, read};

fn acme() -> NewMerchant {
    full("LYABCDEI", "Acme, \"Größe\"", "M-1", "SE", &["vip", "north"])
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
            assert_eq!(good(file), [acme()], "delimiter {delimiter:?}, line end {end:?}");
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
    let file = format!("partner_account_name,merchant_id\nAcme,{}\n", krn("LYABCDEI"));
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
    assert_eq!(bad[0].line, 12, "lines are counted as an editor does: {bad:?}");
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
        [merchant("AAAA", ""), merchant("BBBB", ""), merchant("CCCC", "")],
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
    let twice = format!("name,partner_account_name,partner_account_id\na,b,{}\n", krn("AAAA"));
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
    assert_eq!((reading.rows.len(), reading.bad_total), (200_000, 0), "no row is lost");
    assert_eq!(reading.rows[199_999].name, "Shop 199999", "up to the last");
}
