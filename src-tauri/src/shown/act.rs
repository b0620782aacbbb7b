//! One act as a row: what it was, who did it, how it ended; and the gaps between rows.
//!
//! Everything shown here came from the log and is shown as text. Deliberately absent: the exact bytes; one entry has them.

use std::collections::HashMap;

use gatehouse_audit as audit;
use gatehouse_audit::Phase;
use gatehouse_core::Gatehouse;

use crate::views::audit::{ActRow, Missing, OutcomeView, PhaseView};
use crate::views::number::{Millis, Seq};

/// Rows of acts, with the merchants' names where the directory knows them.
pub fn rows(core: &Gatehouse, acts: Vec<audit::ActRow>) -> Vec<ActRow> {
    let mut names = Names { core, known: HashMap::new() };
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
        let look_up = || core.merchant(&core.profile(None).ok()?, id).ok().map(|merchant| merchant.name);
        self.known.entry(id.to_owned()).or_insert_with(look_up).clone()
    }
}

fn row(act: &audit::ActRow, names: &mut Names<'_>) -> ActRow {
    let first = &act.first.body;
    let result = act.outcome.as_ref().map_or(&first.result, |outcome| &outcome.body.result);
    let text = |name: &str| result.get(name).and_then(serde_json::Value::as_str).map(str::to_owned);
    ActRow {
        seq: Seq(act.seq),
        outcome_seq: act.outcome.as_ref().map(|outcome| Seq(outcome.seq)),
        act_id: act.act.to_string(),
        kind: act.kind().to_owned(),
        phase: if first.phase == Phase::Note { PhaseView::Note } else { PhaseView::Act },
        time: Millis(first.unix_ms()),
        outcome: outcome(act),
        environment: first.env.clone().unwrap_or_default(),
        profile: first.profile.clone().unwrap_or_default(),
        merchant_name: first.merchant.as_deref().and_then(|id| names.of(id)),
        merchant_id: first.merchant.clone(),
        actor: first.actor.as_ref().map(|actor| actor.key_id.clone()).unwrap_or_default(),
        summary: summary(act.kind(), private(&act.first, "sub")),
        code: text("code"),
        http: result.get("http").and_then(serde_json::Value::as_u64).and_then(|status| u16::try_from(status).ok()),
        missing: None,
    }
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
    let words = words(kind);
    principal.map_or_else(|| words.to_owned(), |who| format!("{words} as {who}"))
}

/// What a kind is called (docs/audit-format.md); a kind of another version is shown as it is.
fn words(kind: &str) -> &str {
    match kind {
        "log.genesis" => "The log begins",
        "log.reanchored" => "The log was anchored anew",
        "app.start" => "Gatehouse was started",
        "app.stop" => "Gatehouse was closed",
        "profile.create" => "Profile made",
        "profile.use" => "Profile chosen",
        "profile.remove" => "Profile removed",
        "key.create" => "Key made",
        "key.csr" => "Certificate requested",
        "key.install" => "Certificate installed",
        "credential.issue" => "Certificate issued",
        "merchants.import" => "Merchants imported",
        "portal.open" => "Portal opened",
        "portal.copy" => "Portal link copied",
        "portal.revoke" => "Portal session revoked",
        "act.reconcile" => "Act settled",
        "audit.verify" => "Log verified",
        "audit.view" => "Log viewed",
        "audit.export" => "Log exported",
        "clock.skew" => "Clock differs from Klarna's",
        "policy.change" => "Policy changed",
        "private.erased" => "Private details erased",
        other => other,
    }
}

fn runs(missing: &[u64]) -> Vec<Missing> {
    let mut sorted = missing.to_vec();
    sorted.sort_unstable();
    let mut runs: Vec<Missing> = Vec::new();
    for seq in sorted {
        match runs.last_mut() {
            Some(run) if run.to.0 + 1 == seq => run.to = Seq(seq),
            _ => runs.push(Missing { from: Seq(seq), to: Seq(seq) }),
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
        let runs: Vec<_> = rows.iter().filter_map(|row| row.missing).map(|run| (run.from.0, run.to.0)).collect();
        assert_eq!(runs, [(7, 7), (3, 5)], "a gap is a row of its own, newest first");
    }

    #[test]
    fn a_kind_of_another_version_is_shown_as_it_is() {
        assert_eq!(summary("access.grant", None), "access.grant", "nothing is hidden because it is not known");
        assert_eq!(summary("portal.open", Some("a@b.example")), "Portal opened as a@b.example", "who, where it is known");
    }
}
