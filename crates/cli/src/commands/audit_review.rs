//! `gatehouse audit review ...`: a day of the log with what is odd in it, the calendar, the sign-off.
//!
//! Deliberately absent: judging; the rules stand in the core.

use gatehouse_core::{DayReview, Gatehouse};
use serde_json::json;

use crate::args::AuditReviewCommand;
use crate::output::{Failure, Output, table};

const DAY_MS: i64 = 86_400_000;

pub fn run(gatehouse: &Gatehouse, command: AuditReviewCommand, output: &Output) -> Result<u8, Failure> {
    match command {
        AuditReviewCommand::Show { day } => show(gatehouse, &day.unwrap_or_else(|| ago(gatehouse, 1)), output),
        AuditReviewCommand::Days { since, until } => {
            let since = since.unwrap_or_else(|| ago(gatehouse, 365));
            days(gatehouse, &since, &until.unwrap_or_else(|| ago(gatehouse, 0)), output)
        }
        AuditReviewCommand::SignOff { day, note } => {
            let day = day.unwrap_or_else(|| ago(gatehouse, 1));
            let seq = gatehouse.sign_off_day(&day, note.as_deref())?;
            output.answer(&json!({ "day": day, "seq": seq }), || {
                vec![format!("The day {day} is signed off in entry {seq}.")]
            });
            Ok(0)
        }
    }
}

/// The day so many days ago, UTC.
fn ago(gatehouse: &Gatehouse, days: i64) -> String {
    let time = crate::output::time(gatehouse.now_ms() - days * DAY_MS);
    time.chars().take(10).collect()
}

fn show(gatehouse: &Gatehouse, day: &str, output: &Output) -> Result<u8, Failure> {
    let review = gatehouse.audit_day(day)?;
    let odd: Vec<_> = review
        .odd
        .iter()
        .map(|odd| json!({ "rule": odd.rule, "seq": odd.seq, "count": odd.count, "text": odd.text }))
        .collect();
    let signed = review
        .signed
        .as_ref()
        .map(|signed| json!({ "by": signed.by, "time": crate::output::time(signed.time_ms), "seq": signed.seq }));
    let document = json!({
        "day": review.day, "entries": review.entries, "acts": review.acts, "odd": odd, "signed": signed, "over": review.over,
        "zone": review.zone,
    });
    output.answer(&document, || lines(&review));
    Ok(0)
}

fn lines(review: &DayReview) -> Vec<String> {
    let mut lines = vec![format!(
        "{} UTC: {} entries, {} acts, {} new or odd (odd hours by {})",
        review.day,
        review.entries,
        review.acts,
        review.odd.len(),
        review.zone
    )];
    lines.extend(table(
        &review
            .odd
            .iter()
            .map(|odd| vec![format!("#{}", odd.seq), odd.rule.to_owned(), odd.text.clone()])
            .collect::<Vec<_>>(),
    ));
    lines.push(match &review.signed {
        Some(signed) => format!("signed off by {} in entry {}", signed.by, signed.seq),
        None if review.over => "not signed off".to_owned(),
        None => "not over yet".to_owned(),
    });
    lines
}

fn days(gatehouse: &Gatehouse, since: &str, until: &str, output: &Output) -> Result<u8, Failure> {
    let days = gatehouse.audit_days(since, until)?;
    let rows: Vec<_> = days
        .iter()
        .map(|day| json!({ "day": day.day, "entries": day.entries, "odd": day.odd, "signed": day.signed }))
        .collect();
    output.answer(&json!({ "days": rows }), || {
        let word = |signed| if signed { "signed off" } else { "open" };
        table(
            &days
                .iter()
                .map(|day| vec![day.day.clone(), day.entries.to_string(), word(day.signed).to_owned()])
                .collect::<Vec<_>>(),
        )
    });
    Ok(0)
}
