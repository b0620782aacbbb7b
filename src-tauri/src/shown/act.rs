//! One act as a row: what it was, who did it, how it ended; and the gaps between rows.
//!
//! Everything shown here came from the log and is shown as text. Deliberately absent: the exact bytes; one entry has them.

use std::collections::HashMap;

use gatehouse_audit as audit;
use gatehouse_audit::Phase;
use gatehouse_core::Gatehouse;
use gatehouse_core::profile::Profile;

use crate::shown::kinds;
use crate::views::audit::{ActRow, Missing, OutcomeView, PhaseView};
use crate::views::number::{Millis, Seq};

/// Rows of acts, with the names of merchants and persons where they are known.
pub fn rows(core: &Gatehouse, acts: Vec<audit::ActRow>) -> Vec<ActRow> {
    let mut names = Names::of(core);
    acts.into_iter().map(|act| row(&act, &mut names)).collect()
}

/// Puts a row for each gap between the others, newest first.
pub fn with_gaps(rows: Vec<ActRow>, gaps: &[(u64, u64)]) -> Vec<ActRow> {
    let gaps = gaps.iter().map(|(from, to)| {
        gap(Missing {
            from: Seq(*from),
            to: Seq(*to),
        })
    });
    let mut all: Vec<ActRow> = rows.into_iter().chain(gaps).collect();
    all.sort_by_key(|row| std::cmp::Reverse(row.seq));
    all
}

/// What merchants and persons of the active profile are called.
pub struct Names<'a> {
    core: &'a Gatehouse,
    profile: Option<Profile>,
    merchants: HashMap<String, Option<String>>,
    persons: Option<HashMap<String, String>>,
}

impl<'a> Names<'a> {
    /// Nothing is looked up before it is asked for.
    pub fn of(core: &'a Gatehouse) -> Self {
        Self {
            core,
            profile: core.profile(None).ok(),
            merchants: HashMap::new(),
            persons: None,
        }
    }

    /// A merchant's name, by its account.
    pub fn merchant(&mut self, id: &str) -> Option<String> {
        let (core, profile) = (self.core, self.profile.as_ref());
        let look_up = || Some(core.merchant(profile?, id).ok()?.name);
        self.merchants.entry(id.to_owned()).or_insert_with(look_up).clone()
    }

    /// A person's name, by the id of the person key.
    pub fn person(&mut self, key_id: &str) -> Option<String> {
        let (core, profile) = (self.core, self.profile.as_ref());
        let read = || {
            let persons = profile.and_then(|profile| core.persons(profile).ok());
            let persons = persons.into_iter().flat_map(|persons| persons.persons);
            persons.map(|person| (person.key_id(), person.name)).collect()
        };
        self.persons.get_or_insert_with(read).get(key_id).cloned()
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
        merchant_name: first.merchant.as_deref().and_then(|id| names.merchant(id)),
        merchant_id: first.merchant.clone(),
        actor_name: names.person(&actor(first)),
        actor: actor(first),
        person: private(&act.first, "sub").map(str::to_owned),
        plan: first.plan_sha256.clone(),
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
        actor_name: None,
        person: None,
        plan: None,
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
    fn each_gap_is_a_row_of_its_own_newest_first() {
        let rows = with_gaps(Vec::new(), &[(3, 5), (7, 7)]);
        let gaps: Vec<_> = rows
            .iter()
            .filter_map(|row| row.missing)
            .map(|gap| (gap.from.0, gap.to.0))
            .collect();
        assert_eq!(gaps, [(7, 7), (3, 5)], "a gap is never hidden");
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
