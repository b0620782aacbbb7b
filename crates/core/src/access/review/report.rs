//! The lines of a signed review for people: rows of the CSV, rows and cover of the PDF.

use std::collections::BTreeMap;

use super::csv::{Csv, Row};
use super::document::text;
use super::package::Evidence;
use super::pdf::{self, Report, ReportRow};
use super::{Decision, GrantFacts, Verdict, store, store_package};
use crate::facade::Core;
use crate::problem::Problem;
use crate::signature;

/// Above so many lines the PDF holds only those that somebody should look at.
const MOST_ROWS: usize = 5_000;

/// A review's lines with their decisions.
pub struct Lines {
    rows: Vec<(GrantFacts, Vec<Decision>, Option<Verdict>)>,
    names: BTreeMap<String, String>,
    after: Option<(u32, u32)>,
}

/// Reads what a package tells people.
///
/// # Errors
/// What the database says; `review_file_damaged` for a line that was tampered with.
pub fn lines(core: &Core, evidence: &Evidence) -> Result<Lines, Problem> {
    let database = core.database();
    let mut decisions: BTreeMap<u32, Vec<Decision>> = BTreeMap::new();
    for decision in store::decisions(&database, evidence.review.id)? {
        decisions.entry(decision.line).or_default().push(decision);
    }
    let mut rows = Vec::new();
    store::each_line(&database, evidence.review.id, |line, body, verdict| {
        rows.push((
            GrantFacts::read(body)?,
            decisions.remove(&line).unwrap_or_default(),
            verdict,
        ));
        Ok(())
    })?;
    let after = match evidence.after_taken_ms {
        Some(_) => Some(store_package::after_counts(&database, evidence.review.id)?),
        None => None,
    };
    let names = evidence
        .persons
        .iter()
        .map(|person| (person.key_id(), person.name.clone()));
    Ok(Lines {
        rows,
        names: names.collect(),
        after,
    })
}

impl Lines {
    /// As CSV.
    pub fn csv(&self) -> Vec<u8> {
        let mut csv = Csv::new();
        for (facts, decisions, verdict) in &self.rows {
            let notes: Vec<&str> = decisions
                .iter()
                .filter_map(|decision| decision.note.as_deref())
                .collect();
            csv.row(&Row {
                facts,
                verdict: verdict.unwrap_or(Verdict::Revoke),
                notes: notes.join(" / "),
            });
        }
        csv.finish()
    }

    /// As PDF.
    ///
    /// # Errors
    /// `internal`.
    pub fn pdf(&self, evidence: &Evidence, evidence_sha256: &str) -> Result<Vec<u8>, Problem> {
        let review = &evidence.review;
        let all = self.rows.len() <= MOST_ROWS;
        let worth = |row: &&(GrantFacts, Vec<Decision>, Option<Verdict>)| {
            all || row.2 != Some(Verdict::Keep)
                || row
                    .1
                    .iter()
                    .any(|decision| decision.self_review || decision.note.is_some())
        };
        let rows: Vec<ReportRow> = self
            .rows
            .iter()
            .filter(worth)
            .take(MOST_ROWS)
            .map(|row| self.row(row))
            .collect();
        pdf::write(&Report {
            name: review.name.clone(),
            environment: evidence.profile.environment,
            facts: self.facts(evidence),
            progress: review.progress,
            after: self.after,
            undecided: u32::try_from(self.rows.iter().filter(|(_, by, _)| by.is_empty()).count()).unwrap_or(u32::MAX),
            proofs: proofs(evidence, evidence_sha256),
            checkpoint: evidence.proof.note.clone(),
            rows_note: (!all).then(|| {
                format!(
                    "Of {} lines, these are revoked, self-reviewed or noted ({} at most); decisions.csv holds all.",
                    self.rows.len(),
                    MOST_ROWS
                )
            }),
            rows,
            made_at: jiff::Timestamp::from_millisecond(evidence.now_ms).unwrap_or_default(),
        })
    }

    fn name<'a>(&'a self, key_id: &'a str) -> &'a str {
        self.names.get(key_id).map_or(key_id, String::as_str)
    }

    fn facts(&self, evidence: &Evidence) -> Vec<(String, String)> {
        let review = &evidence.review;
        let profile = &evidence.profile;
        let starter = signature::key_id_of_hex(&review.starter);
        let scope = match &review.scope {
            super::ReviewScope::All => "all access that was not revoked".to_owned(),
            super::ReviewScope::Admins => "access with the role merchant:admin".to_owned(),
            super::ReviewScope::Merchant(id) => format!("access to the merchant {id}"),
        };
        let day = |ms: i64| super::document::time(ms).replace('T', " ");
        let mut facts = vec![
            ("Environment".to_owned(), profile.environment.word().to_owned()),
            (
                "Account".to_owned(),
                format!("{} {}", profile.account_name, profile.account.as_str()),
            ),
            (
                "Scope".to_owned(),
                format!("{scope}, of the profile {} alone", profile.name),
            ),
            (
                "What is known".to_owned(),
                "what was granted or declared with Gatehouse; Klarna lists no access".to_owned(),
            ),
            ("Snapshot taken".to_owned(), day(review.started_ms)),
            ("Started by".to_owned(), self.name(&starter).to_owned()),
            ("Reviewers".to_owned(), self.reviewers()),
            (
                "Signed off".to_owned(),
                review.signed_off_ms.map(day).unwrap_or_default(),
            ),
        ];
        if let Some(reason) = text(&evidence.sign_off, "reason") {
            facts.push(("Said at sign-off".to_owned(), reason.to_owned()));
        }
        if let Some(due) = review.due {
            facts.insert(5, ("Due".to_owned(), due.to_string()));
        }
        let after = evidence.after_taken_ms.map_or_else(|| "not taken yet".to_owned(), day);
        facts.push(("After-list taken".to_owned(), after));
        facts
    }

    /// Who decided how many lines, and how many of their own.
    fn reviewers(&self) -> String {
        let mut counts: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
        for decision in self.rows.iter().flat_map(|(_, by, _)| by) {
            let count = counts.entry(&decision.reviewer).or_default();
            count.0 += 1;
            count.1 += u32::from(decision.self_review);
        }
        let told = counts.into_iter().map(|(reviewer, (lines, own))| {
            let lines = if lines == 1 {
                "1 line".to_owned()
            } else {
                format!("{lines} lines")
            };
            format!("{} ({lines}, {own} of their own)", self.name(reviewer))
        });
        told.collect::<Vec<_>>().join("; ")
    }

    fn row(&self, (facts, decisions, verdict): &(GrantFacts, Vec<Decision>, Option<Verdict>)) -> ReportRow {
        let revoked = *verdict != Some(Verdict::Keep);
        let self_review = decisions.iter().any(|decision| decision.self_review);
        let day = |ms: i64| crate::access::day_of(ms).map(|day| day.to_string()).unwrap_or_default();
        let seen = facts
            .seen_ms
            .map_or_else(|| "never seen".to_owned(), |ms| format!("seen {}", day(ms)));
        let end = facts
            .expires_on
            .as_ref()
            .map_or(seen.clone(), |end| format!("ends {end}, {seen}"));
        let by: Vec<String> = decisions
            .iter()
            .map(|decision| {
                let note = decision
                    .note
                    .as_ref()
                    .map(|note| format!(": {note}"))
                    .unwrap_or_default();
                format!("{}{note}", self.name(&decision.reviewer))
            })
            .collect();
        let by = if by.is_empty() {
            "nobody decided".to_owned()
        } else {
            by.join("; ")
        };
        let granter = facts.granted_by_name.as_deref().unwrap_or(&facts.granted_by);
        ReportRow {
            cells: [
                (facts.line.to_string(), String::new()),
                (
                    if facts.merchant_name.is_empty() {
                        facts.merchant_tail()
                    } else {
                        &facts.merchant_name
                    }
                    .to_owned(),
                    format!("{} {}", facts.reference, facts.merchant_tail())
                        .trim()
                        .to_owned(),
                ),
                (
                    facts.principal.clone(),
                    if facts.origin == "declared" { "declared" } else { "" }.to_owned(),
                ),
                (facts.roles.join(" "), String::new()),
                (facts.state.clone(), end),
                (
                    format!("{} {granter}", day(facts.granted_at_ms)),
                    facts.reason.clone().unwrap_or_else(|| "no reason given".to_owned()),
                ),
                (
                    format!(
                        "{}{}",
                        if revoked { "REVOKE" } else { "KEEP" },
                        if self_review { "  self-review" } else { "" }
                    ),
                    by,
                ),
            ],
            revoked,
            self_review,
        }
    }
}

fn proofs(evidence: &Evidence, evidence_sha256: &str) -> Vec<(String, String)> {
    let signed = |name: &str| text(&evidence.sign_off, name).unwrap_or_default().to_owned();
    let signer = signed("signer");
    let person = evidence.persons.iter().find(|person| person.public_key == signer);
    let mut proofs = vec![
        (
            "Signed by".to_owned(),
            person.map_or_else(|| signature::key_id_of_hex(&signer), |person| person.name.clone()),
        ),
        (
            "Key's fingerprint".to_owned(),
            person.map(crate::person::Person::fingerprint).unwrap_or_default(),
        ),
        ("Signature".to_owned(), signed("signature")),
        ("snapshot.jsonl".to_owned(), signed("snapshot_sha256")),
        ("decisions.jsonl".to_owned(), signed("decisions_sha256")),
        ("evidence.json".to_owned(), evidence_sha256.to_owned()),
    ];
    if let Some(plan) = &evidence.review.plan_sha256 {
        proofs.push(("Plan of revocations".to_owned(), plan.clone()));
    }
    proofs.push((
        "Audit log".to_owned(),
        format!("{} entries under the checkpoint below", evidence.proof.size),
    ));
    proofs
}
