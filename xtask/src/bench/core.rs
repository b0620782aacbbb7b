//! The core's rows: an open and its floor, the search, and what the disk alone takes.

use std::fs::OpenOptions;
use std::io::Write;
use std::process::Command;
use std::time::Instant;

use super::measure::{bounded, in_turns, ms};
use super::place::{MERCHANTS, Place};
use super::row::{Limit, Row};
use super::samples::Samples;
use crate::failure::{Doing, Failure, Outcome};
use crate::{paths, process, say};

/// How many opens are timed.
const OPENS: &str = "100";

/// As many grants as the largest acquirers have.
const GRANTS: &str = "200000";
/// How many keys go through the steps of set-up.
const STEPS: &str = "20";

/// Our own share of an open, and the whole act beside the floor of its parts.
pub fn opens(place: &Place<'_>) -> Outcome<Vec<Row>> {
    let said = speed(place, &["open", &place.data.to_string_lossy(), OPENS])?;
    Ok(vec![
        Row {
            name: "open: our own share",
            unit: "ms",
            ours: values(&said, "own_share")?,
            peer: None,
            limit: Limit::P95AtMost(5.0),
        },
        Row {
            name: "open: the whole act",
            unit: "ms",
            ours: values(&said, "open")?,
            peer: Some(("the floor of its parts", values(&said, "floor")?)),
            limit: Limit::AtMostTimes(2.0),
        },
    ])
}

/// Search by any part in 100,000 merchants.
pub fn search(place: &Place<'_>) -> Outcome<Vec<Row>> {
    let said = speed(place, &["search", &MERCHANTS.to_string()])?;
    say::note(format!(
        "the directory is loaded in {:.0} ms",
        values(&said, "load")?.median()
    ));
    Ok(vec![Row {
        name: "search: 100,000 merchants, in the core",
        unit: "ms",
        ours: values(&said, "search")?,
        peer: None,
        limit: Limit::P95AtMost(5.0),
    }])
}

/// Who has access to what, of 200,000 grants.
pub fn people(place: &Place<'_>) -> Outcome<Vec<Row>> {
    let said = speed(place, &["people", GRANTS])?;
    say::note(format!(
        "the inventory is loaded in {:.0} ms",
        values(&said, "load")?.median()
    ));
    let row = |name, quantity| {
        Ok(Row {
            name,
            unit: "ms",
            ours: values(&said, quantity)?,
            peer: None,
            limit: Limit::P95AtMost(50.0),
        })
    };
    Ok(vec![
        row("people: 200,000 grants, first page of a view", "views")?,
        row("people: the same while words are typed", "typed")?,
        row("people: the same right after a change", "change")?,
    ])
}

/// A table of 10,000 rows becomes a plan; 600 rows are carried out at the rate of an Acquiring Partner on live.
pub fn plans(place: &Place<'_>) -> Outcome<Vec<Row>> {
    place.limit_calls(true)?;
    let said = speed(place, &["plans", &place.data.to_string_lossy(), "10000", "600"]);
    place.limit_calls(false)?;
    let said = said?;
    let row = |name, unit, quantity, peer, limit| {
        Ok(Row {
            name,
            unit,
            ours: values(&said, quantity)?,
            peer,
            limit,
        })
    };
    let permitted = Some(("the permitted rate, exactly", values(&said, "permitted")?));
    Ok(vec![
        row(
            "plan: 10,000 rows checked and named",
            "ms",
            "check",
            None,
            Limit::P95AtMost(2000.0),
        )?,
        // 95 % of the permitted rate.
        row(
            "plan: 600 rows at 50 calls a second",
            "s",
            "run",
            permitted,
            Limit::AtMostTimes(1.0527),
        )?,
        row(
            "plan: memory grown from its tenth part to its end",
            "MiB",
            "grown",
            None,
            Limit::Reported,
        )?,
    ])
}

/// A vault of 500,000 customer tokens.
pub fn tokens(place: &Place<'_>) -> Outcome<Vec<Row>> {
    let said = speed(place, &["tokens", &place.data.to_string_lossy(), "5"])?;
    let row = |name, unit, quantity, limit| {
        Ok(Row {
            name,
            unit,
            ours: values(&said, quantity)?,
            peer: None,
            limit: Limit::P95AtMost(limit),
        })
    };
    Ok(vec![
        row("tokens: 100,000 rows taken in", "s", "import", 30.0)?,
        row("tokens: one of 500,000 by the token", "ms", "by_token", 5.0)?,
        row("tokens: by a reference", "ms", "by_reference", 5.0)?,
        row("tokens: by a customer", "ms", "by_customer", 5.0)?,
        row("tokens: first page of a view", "ms", "views", 50.0)?,
    ])
}

/// The steps of set-up, a signature with the keyring's key, and the doctor.
pub fn steps(place: &Place<'_>) -> Outcome<Vec<Row>> {
    let said = speed(place, &["steps", &place.data.to_string_lossy(), STEPS])?;
    let row = |name, quantity, limit| {
        Ok(Row {
            name,
            unit: "ms",
            ours: values(&said, quantity)?,
            peer: None,
            limit,
        })
    };
    Ok(vec![
        row("set-up: a step", "step", Limit::P95AtMost(100.0))?,
        row("set-up: import 1,000 merchants", "import_1000", Limit::Reported)?,
        row("sign: with the keyring's key", "sign_keyring", Limit::P95AtMost(20.0))?,
        row("doctor: all well", "doctor", Limit::P95AtMost(3000.0))?,
    ])
}

/// One signature in software, and through SoftHSM where it is installed; where it is not, that is said.
pub fn signatures(place: &Place<'_>) -> Outcome<Vec<Row>> {
    let said = speed(place, &["sign", "200"])?;
    let row = |name, ours| Row {
        name,
        unit: "ms",
        ours,
        peer: None,
        limit: Limit::Reported,
    };
    let mut rows = vec![row("sign: the software key alone", values(&said, "sign_software")?)];
    match values(&said, "sign_softhsm") {
        Ok(ours) => rows.push(row("sign: through SoftHSM", ours)),
        Err(_) => say::note("a signature through SoftHSM was not measured: it is not installed (Debian: softhsm2)"),
    }
    Ok(rows)
}

/// What a durable write costs on this disk, to read the other rows by.
pub fn disk(place: &Place<'_>) -> Outcome<Vec<Row>> {
    let path = place.folder.join("floor");
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(&path)
        .doing("write to the disk")?;
    let append = || {
        let begin = Instant::now();
        file.write_all(&[0; 4096])
            .and_then(|()| file.sync_data())
            .doing("write to the disk")?;
        Ok(ms(begin))
    };
    let (ours, _) = in_turns(200, append, || Ok(0.0))?;
    Ok(vec![Row {
        name: "disk: append 4 KiB and fdatasync",
        unit: "ms",
        ours,
        peer: None,
        limit: Limit::Reported,
    }])
}

fn speed(place: &Place<'_>, words: &[&str]) -> Outcome<String> {
    speed_within(place, 120, words)
}

pub fn speed_within(place: &Place<'_>, seconds: u32, words: &[&str]) -> Outcome<String> {
    let program = paths::built("release", "examples/speed");
    let mut command: Command = bounded(&program.to_string_lossy(), seconds);
    process::output(place.session.enter(command.args(words)))
}

/// Reads the line `name value value ...`.
pub fn values(said: &str, name: &str) -> Outcome<Samples> {
    let line = said.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    let values: Option<Vec<f64>> = line.and_then(|line| line.split(' ').map(|value| value.parse().ok()).collect());
    values
        .filter(|values| !values.is_empty())
        .map(Samples::new)
        .ok_or_else(|| Failure::new(format!("`speed` said nothing of {name}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_is_read_by_its_whole_name() {
        let said = "open_all 9.0\nopen 1.5 2.5\n";
        assert_eq!(values(said, "open").unwrap().count(), 2, "open_all is another quantity");
        assert!(values(said, "floor").is_err(), "a missing line is no zero");
    }
}
