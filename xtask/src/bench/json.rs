//! The table as `target/bench.json`, for whoever compares runs.
//!
//! Written by hand: names and units are fixed ASCII texts of this program, so no JSON library is worth its
//! compile time here.

use super::row::Row;

/// Writes all rows as one JSON document.
pub fn write(rows: &[Row]) -> String {
    let rows: Vec<_> = rows.iter().map(object).collect();
    format!("{{\"rows\":[\n{}\n]}}\n", rows.join(",\n"))
}

fn object(row: &Row) -> String {
    let peer = row.peer.as_ref().map_or("null".to_owned(), |(name, peer)| {
        format!(
            r#"{{"name":{},"count":{},"median":{},"p95":{}}}"#,
            text(name),
            peer.count(),
            number(peer.median()),
            number(peer.p95())
        )
    });
    format!(
        r#"{{"name":{},"unit":{},"count":{},"median":{},"p95":{},"peer":{peer},"ratio":{},"limit":{},"holds":{}}}"#,
        text(row.name),
        text(row.unit),
        row.ours.count(),
        number(row.ours.median()),
        number(row.ours.p95()),
        row.ratio().map_or("null".to_owned(), number),
        text(&row.limit_text()),
        row.holds(),
    )
}

fn number(value: f64) -> String {
    if value.is_finite() {
        format!("{value:.4}")
    } else {
        "null".to_owned()
    }
}

/// Writes a text with its quotes and escapes.
pub fn text(value: &str) -> String {
    let escaped: String = value
        .chars()
        .map(|c| match c {
            '"' | '\\' => format!("\\{c}"),
            c if c.is_control() => format!("\\u{:04x}", u32::from(c)),
            c => c.to_string(),
        })
        .collect();
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_backslashes_are_escaped() {
        assert_eq!(
            text("a \"b\" \\ c"),
            r#""a \"b\" \\ c""#,
            "a name may hold any character"
        );
    }

    #[test]
    fn a_value_that_json_cannot_hold_is_null() {
        assert_eq!(number(f64::NAN), "null", "JSON has no NaN");
    }
}
