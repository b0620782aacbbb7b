//! Properties of the import: it never falls, it loses no row, and it reads what we write.

use gatehouse_core::merchants::*;
use gatehouse_klarna::{AccountKrn, Environment};
use proptest::prelude::*;

use crate::support::{krn, read};

const HEADER: &str = "partner_account_id;partner_account_reference;name;country;tags";

fn cell() -> impl Strategy<Value = String> {
    const ODD: &[&str] = &[
        "=1+1",
        "'=x",
        "''+",
        "@a",
        "-",
        "\"",
        "a;b",
        "a,b",
        "x\ty",
        "é",
        "京",
        "🛒",
        "'t Hoekje",
        "[",
        "{",
        " ",
        "1.5E+9",
        "\u{200d}",
    ];
    let piece = prop_oneof![2 => "[a-zA-Z0-9 ]{1,6}", 2 => prop::sample::select(ODD).prop_map(str::to_owned)];
    prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

fn anything() -> impl Strategy<Value = String> {
    const PARTS: &[&str] = &[
        "\n",
        "\r\n",
        "\"",
        "\"\"",
        ";",
        ",",
        "\t",
        "sep=;",
        "[",
        "]",
        "{",
        "}",
        "{\"merchants\":[",
        "\"name\":",
        "\\",
        "\\\"",
        "=\"",
        "'",
        "\u{feff}",
        "\0",
        "krn:partner:global:account:live:AAAA",
        "krn:partner:global:account:test:BBBB",
        "partner_account_id",
        "name",
        "tags",
        "E+",
        "null",
        "1e999",
    ];
    let piece = prop_oneof![4 => prop::sample::select(PARTS).prop_map(str::to_owned), 1 => ".{0,4}"];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn stored(id: usize, (name, reference, country, tags): (String, String, String, Vec<String>)) -> Merchant {
    Merchant {
        id: krn(&format!("LY{id:04}")),
        name,
        reference,
        country,
        tags,
        state: MerchantState::Unknown,
        pinned: false,
        opened_at_ms: None,
        refreshed_at_ms: None,
        imported_at_ms: 0,
    }
}

/// Texts as the table holds them: what an import of the cell would keep, which is never a guarded formula.
fn kept() -> impl Strategy<Value = String> {
    cell().prop_map(|cell| cell.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn rows() -> impl Strategy<Value = Vec<Merchant>> {
    let reference = kept().prop_filter("a rounded number is refused by rule", |text| !text.contains("E+"));
    let tags = prop::collection::vec("[a-z=+'-]{1,5}", 0..3).prop_map(|tags| parse_tags(&tags.join(" ")).unwrap());
    let row = (kept(), reference, "([A-Z]{2})?", tags);
    prop::collection::vec(row, 1..12)
        .prop_map(|rows| rows.into_iter().enumerate().map(|(id, row)| stored(id, row)).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_the_import_fall(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for mark in [&b""[..], &[0xff, 0xfe], &[0xfe, 0xff], &[0xef, 0xbb, 0xbf], b"[", b"{", b"partner_account_id\n"] {
            let file: Vec<u8> = mark.iter().chain(&bytes).copied().collect();
            let _ = read(file);
        }
    }

    #[test]
    fn no_text_makes_the_import_fall_and_reports_are_harmless(text in anything()) {
        for head in ["", "[", "partner_account_id,name\n", "partner_account_id;name;tags\r\n"] {
            if let Ok(reading) = read(format!("{head}{text}")) {
                prop_assert_eq!(reading.bad.len(), reading.bad_total as usize, "few rows are all kept");
                for row in &reading.bad {
                    let is_clean = !row.value.contains(char::is_control) && !row.message.contains(char::is_control);
                    prop_assert!(is_clean && row.line > 0, "{:?} can be shown anywhere", row);
                }
                for row in &reading.rows {
                    prop_assert_eq!(row.id.environment(), Environment::Live, "no foreign account comes in");
                    prop_assert!(!row.name.contains(char::is_control), "no control character comes in");
                }
            }
        }
    }

    #[test]
    fn good_and_bad_rows_together_are_all_rows(cells in prop::collection::vec((0..6u8, cell(), cell()), 0..30)) {
        let mut file = format!("{HEADER}\n");
        for (number, (kind, name, reference)) in cells.iter().enumerate() {
            let id = match kind {
                0 => "wrong".to_owned(),
                1 => krn("TWICE"),
                2 => krn("LYTEST").replace("live", "test"),
                _ => krn(&format!("LY{number:04}")),
            };
            let quote = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
            file.push_str(&format!("{id};{};{};SE;\n", quote(reference), quote(name)));
        }
        let reading = read(&file).unwrap();
        prop_assert_eq!(reading.rows.len() + reading.bad_total as usize, cells.len(), "none is lost, none is made up");
        let mut lines: Vec<u32> = reading.bad.iter().map(|row| row.line).collect();
        lines.dedup();
        prop_assert_eq!(lines.len(), reading.bad.len(), "a row is reported once");
    }

    #[test]
    fn what_is_exported_comes_back_the_same(rows in rows()) {
        let reading = read(to_csv(&rows)).unwrap();
        prop_assert_eq!(&reading.bad, &[], "every exported row is good");
        let expected: Vec<NewMerchant> = rows
            .into_iter()
            .map(|row| NewMerchant {
                id: AccountKrn::parse(&row.id).unwrap(),
                name: row.name,
                reference: row.reference,
                country: row.country,
                tags: row.tags,
            })
            .collect();
        prop_assert_eq!(reading.rows, expected, "no value is changed on the way");
    }
}

#[test]
fn an_export_runs_no_formula() {
    let rows = [stored(
        1,
        (
            "=HYPERLINK(\"x\")".to_owned(),
            "+1".to_owned(),
            String::new(),
            vec!["@a".to_owned()],
        ),
    )];
    let csv = to_csv(&rows);
    let line = csv.lines().nth(1).unwrap();
    assert_eq!(
        line,
        format!("{},'+1,\"'=HYPERLINK(\"\"x\"\")\",,'@a", krn("LY0001")),
        "a spreadsheet shows them as text"
    );
}
