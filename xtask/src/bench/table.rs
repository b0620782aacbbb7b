//! The table as a person reads it: plain columns, one row a line.

use super::row::Row;

const HEAD: [&str; 8] = ["row", "n", "median", "p95", "beside", "median", "ratio", "limit"];

/// Writes the table.
pub fn write(rows: &[Row]) -> String {
    let mut lines = vec![HEAD.map(str::to_owned)];
    lines.extend(rows.iter().map(cells));
    let widths: Vec<usize> = (0..HEAD.len())
        .map(|column| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0))
        .collect();
    let written = lines.iter().map(|line| {
        let padded = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    });
    written.collect::<Vec<_>>().join("\n")
}

fn cells(row: &Row) -> [String; 8] {
    let value = |value: f64| format!("{value:.2} {}", row.unit);
    let (peer, peer_median) = row
        .peer
        .as_ref()
        .map_or(("–", "–".to_owned()), |(name, peer)| (*name, value(peer.median())));
    let verdict = if row.holds() { "" } else { "  MISSED" };
    [
        row.name.to_owned(),
        row.ours.count().to_string(),
        value(row.ours.median()),
        value(row.ours.p95()),
        peer.to_owned(),
        peer_median,
        row.ratio().map_or("–".to_owned(), |ratio| format!("{ratio:.2}")),
        format!("{}{verdict}", row.limit_text()),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::row::Limit;
    use super::super::samples::Samples;
    use super::*;

    #[test]
    fn a_missed_limit_is_said_on_its_line() {
        let ours = Samples::new(vec![3.0]);
        let row = Row {
            name: "open",
            unit: "ms",
            ours,
            peer: None,
            limit: Limit::P95AtMost(2.0),
        };
        let table = write(&[row]);
        assert!(
            table.lines().nth(1).is_some_and(|line| line.ends_with("MISSED")),
            "the reader sees which row: {table}"
        );
    }
}
