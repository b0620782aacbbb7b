//! One act as a row: what it was, who did it, how it ended; and the gaps between rows.
//!
//! Everything shown here came from the log and is shown as text. Deliberately absent: the exact bytes; one entry has them.

use std::collections::HashMap;

use gatehouse_audit as audit;
use gatehouse_audit::Phase;
use gatehouse_core::Gatehouse;

use crate::shown::kinds;
use crate::views::audit::{ActRow, Missing, OutcomeView, PhaseView};
use crate::views::number::{Millis, Seq};

/// Rows of acts, with the merchants' names where the directory knows them.
pub fn rows(core: &Gatehouse, acts: Vec<audit::ActRow>) -> Vec<ActRow> {
    let mut names = Names {
        core,
        known: HashMap::new(),
    };
    acts.into_iter().map(|act| row(&act, &mut names)).collect()
}

/// Puts a row for each run of missing numbers between the others, newest first.
pub fn with_gaps(rows: Vec<ActRow>, missing: &[u64]) -> Vec<ActRow> {
    let mut all: Vec<ActRow> = rows.into_iter().chain(runs(missing).into_iter().map(gap)).collect();
    all.sort_by_key(|row| std::cmp::Reverse(row.seq));
    all
}

struct Names<'a> {
    core: &'a Gatehouse,
    known: HashMap<String, Option<String>>,
}

impl Names<'_> {
    fn of(&mut self, id: &str) -> Option<String> {
        let core = self.core;
        let look_up = || {
            core.merchant(&core.profile(None).ok()?, id)
                .ok()
                .map(|merchant| merchant.name)
        };
        self.known.entry(id.to_owned()).or_insert_with(look_up).clone()
    }
}

fn row(act: &audit::ActRow, names: &mut Names<'_>) -> ActRow {
    let first = &act.first.body;
    let last = act.outcome.as_ref().map_or(first, |outcome| &outcome.body);
    ActRow {
        seq: Seq(act.seq),
        outcome_seq: act.outcome.as_ref().map(|outcome| Seq(outcome.seq)),
        act_id: act.act.to_string(),
        kind: act.kind().to_owned(),
        phase: phase(first.phase),
        time: Millis(first.unix_ms()),
        outcome: outcome(act),
        environment: first.env.clone().unwrap_or_default(),
        profile: first.profile.clone().unwrap_or_default(),
        merchant_name: first.merchant.as_deref().and_then(|id| names.of(id)),
        merchant_id: first.merchant.clone(),
        actor: actor(first),
        summary: summary(act.kind(), private(&act.first, "sub")),
        code: last.result_text("code").map(str::to_owned),
        http: http(last),
        missing: None,
    }
}

fn phase(phase: Phase) -> PhaseView {
    match phase {
        Phase::Intent | Phase::Outcome => PhaseView::Act,
        Phase::Note => PhaseView::Note,
    }
}

fn actor(body: &audit::Body) -> String {
    let actor = body.actor.as_ref();
    actor.map_or_else(String::new, |actor| actor.key_id.clone())
}

fn http(body: &audit::Body) -> Option<u16> {
    u16::try_from(body.result.get("http")?.as_u64()?).ok()
}

fn outcome(act: &audit::ActRow) -> Option<OutcomeView> {
    if act.is_pending() {
        return Some(OutcomeView::Open);
    }
    act.outcome_word().map(|word| match word {
        "succeeded" => OutcomeView::Succeeded,
        "refused" => OutcomeView::Refused,
        _ => OutcomeView::Unknown,
    })
}

fn private<'a>(entry: &'a audit::Entry, name: &str) -> Option<&'a str> {
    entry.private.as_ref()?.get(name)?.as_str()
}

fn summary(kind: &str, principal: Option<&str>) -> String {
    let words = kinds::words(kind);
    match principal {
        Some(who) if kind.starts_with("portal.") => format!("{words} as {who}"),
        Some(_) | None => words.to_owned(),
    }
}

fn runs(missing: &[u64]) -> Vec<Missing> {
    let mut sorted = missing.to_vec();
    sorted.sort_unstable();
    let mut runs: Vec<Missing> = Vec::new();
    for seq in sorted {
        match runs.last_mut() {
            Some(run) if run.to.0 + 1 == seq => run.to = Seq(seq),
            _ => runs.push(Missing {
                from: Seq(seq),
                to: Seq(seq),
            }),
        }
    }
    runs
}

fn gap(missing: Missing) -> ActRow {
    ActRow {
        seq: missing.to,
        outcome_seq: None,
        act_id: String::new(),
        kind: String::new(),
        phase: PhaseView::Note,
        time: Millis(0),
        outcome: None,
        environment: String::new(),
        profile: String::new(),
        merchant_id: None,
        merchant_name: None,
        actor: String::new(),
        summary: format!("Entries {} to {} are missing", missing.from.0, missing.to.0),
        code: None,
        http: None,
        missing: Some(missing),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_numbers_become_one_row_for_each_run() {
        let rows = with_gaps(Vec::new(), &[7, 3, 4, 5]);
        let runs: Vec<_> = rows
            .iter()
            .filter_map(|row| row.missing)
            .map(|run| (run.from.0, run.to.0))
            .collect();
        assert_eq!(runs, [(7, 7), (3, 5)], "a gap is a row of its own, newest first");
    }

    #[test]
    fn a_kind_of_another_version_is_shown_as_it_is() {
        assert_eq!(
            summary("later.kind", None),
            "later.kind",
            "nothing is hidden because it is not known"
        );
        assert_eq!(
            summary("policy.change", Some("a@b.example")),
            "Policy changed",
            "only a portal is opened as somebody"
        );
        assert_eq!(
            summary("portal.open", Some("a@b.example")),
            "Portal opened as a@b.example",
            "who, where it is known"
        );
    }
}
