//! Checks an evidence package with nothing but its files: no data directory, no profile, no key store.
//!
//! The same questions as `check.py`, which was written for whoever does not trust us (docs/review-format.md). What comes in is
//! hostile. Whose keys they are, only people can tell, so the fingerprints are answered.

use std::collections::{BTreeMap, BTreeSet};

use gatehouse_audit::canonical;
use serde_json::Value;

use super::check_lines::{ByReviewer, Line, decisions, same_decisions};
use super::check_log::{Log, demand, failed, hash};
use super::document::{self, Members, number, text};
use super::package::FORMAT;
use super::{Verdict, conclude, exchange, plan_told, seal, sign_off, snapshot};
use crate::problem::Problem;
use crate::signature::{self, sha256};

/// What a package that is in order tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The review's name.
    pub name: String,
    /// `live`, `test` or `sandbox`.
    pub environment: String,
    /// Lines of the snapshot.
    pub lines: u32,
    /// Of these, revoked.
    pub revoked: u32,
    /// The checkpoint's size.
    pub log_size: u64,
    /// SHA-256 of `evidence.json`, which the PDF carries too.
    pub evidence_sha256: String,
    /// Who signed off: name as the package gives it, and fingerprint.
    pub signed_by: (String, String),
    /// Who exported the package, likewise.
    pub exported_by: (String, String),
    /// Everybody who decided: name and fingerprint.
    pub reviewers: Vec<(String, String)>,
}

/// Reads files of a package by name; nothing for one that is not there.
pub type Files<'a> = dyn Fn(&str) -> Option<Vec<u8>> + 'a;

/// Checks a package.
///
/// # Errors
/// `verification_failed` with the first thing that is not in order.
pub fn check(files: &Files<'_>) -> Result<Checked, Problem> {
    let bytes = files("evidence.json").ok_or_else(|| failed("evidence.json is missing"))?;
    let evidence = canonical::parse(bytes.strip_suffix(b"\n").unwrap_or_default(), seal::MAX_SEALED)
        .map_err(|fault| failed(&format!("in evidence.json, {fault}")))?;
    let exporter = seal::open(&evidence, FORMAT).map_err(|problem| failed(&problem.message))?;
    let package = Package::read(files, &evidence)?;
    let log = Log::read(&evidence)?;
    let lines = package.lines()?;
    let by = decisions(&lines)?;
    package.sign_off(&log)?;
    let mut handed = package.hand_ins(&log, &by)?;
    handed.insert(signature::key_id_of_hex(
        text(&package.head, "starter").unwrap_or_default(),
    ));
    demand(
        by.keys().all(|reviewer| handed.contains(reviewer)),
        "somebody decided who handed nothing in",
    )?;
    package.after(&log)?;
    package.plan(&evidence)?;
    let persons = persons(&evidence)?;
    let person = |key_id: &str| {
        let found = persons.get(key_id).cloned();
        found.ok_or_else(|| failed("nothing is said of a key that signed"))
    };
    let signer = signature::key_id_of_hex(text(&package.seal, "signer").unwrap_or_default());
    let owned = |name: &str| text(&evidence, name).unwrap_or_default().to_owned();
    Ok(Checked {
        name: owned("name"),
        environment: owned("environment"),
        lines: u32::try_from(lines.len()).unwrap_or(u32::MAX),
        revoked: package.totals(&evidence, &lines)?,
        log_size: log.size,
        evidence_sha256: sha256(&bytes),
        signed_by: person(&signer)?,
        exported_by: person(&signature::key_id(&exporter))?,
        reviewers: handed.iter().map(|key_id| person(key_id)).collect::<Result<_, _>>()?,
    })
}

/// The package's files, each as `evidence.json` hashed it.
struct Package {
    review: String,
    seal: Members,
    head: Members,
    files: BTreeMap<String, Vec<u8>>,
}

impl Package {
    fn read(files: &Files<'_>, evidence: &Members) -> Result<Self, Problem> {
        let mut read = BTreeMap::new();
        for told in evidence.get("files").and_then(Value::as_array).into_iter().flatten() {
            let told = told
                .as_object()
                .ok_or_else(|| failed("its list of files cannot be read"))?;
            let name = text(told, "name").unwrap_or_default();
            demand(
                !name.contains(['/', '\\']) && !name.is_empty(),
                "a file has no plain name",
            )?;
            let bytes = files(name).ok_or_else(|| failed(&format!("{name} is missing")))?;
            demand(
                text(told, "sha256") == Some(&sha256(&bytes)),
                &format!("{name} was changed"),
            )?;
            read.insert(name.to_owned(), bytes);
        }
        let seal = evidence.get("sign_off").and_then(Value::as_object).cloned();
        let seal = seal.ok_or_else(|| failed("the sign-off is missing"))?;
        seal::open(&seal, sign_off::FORMAT).map_err(|problem| failed(&problem.message))?;
        let review = text(evidence, "review").unwrap_or_default().to_owned();
        demand(
            text(&seal, "review") == Some(&review),
            "the sign-off is another review's",
        )?;
        let mut package = Self {
            review,
            seal,
            head: Members::new(),
            files: read,
        };
        package.head = package.document("snapshot.jsonl", snapshot::FORMAT)?.0;
        for name in ["environment", "account", "name"] {
            demand(
                text(&package.head, name) == text(evidence, name),
                &format!("the snapshot has another {name}"),
            )?;
        }
        Ok(package)
    }

    fn file(&self, name: &str) -> Result<&[u8], Problem> {
        let found = self.files.get(name).map(Vec::as_slice);
        found.ok_or_else(|| failed(&format!("{name} is missing")))
    }

    fn signed(&self, name: &str) -> &str {
        text(&self.seal, name).unwrap_or_default()
    }

    /// A document's head and lines.
    fn document(&self, name: &str, format: &str) -> Result<(Members, Vec<Members>), Problem> {
        let bytes = self.file(name)?;
        let body = bytes
            .strip_suffix(b"\n")
            .ok_or_else(|| failed(&format!("{name} was cut")))?;
        let lines = body.split(|byte| *byte == b'\n').map(document::read);
        let mut lines: Vec<Members> = lines
            .collect::<Result<_, _>>()
            .map_err(|problem| failed(&problem.message))?;
        let head = lines.remove(0);
        self.about(&head, format, lines.len(), name)?;
        Ok((head, lines))
    }

    fn about(&self, head: &Members, format: &str, lines: usize, name: &str) -> Result<(), Problem> {
        let fits = text(head, "format") == Some(format)
            && text(head, "review") == Some(&self.review)
            && number(head, "lines").and_then(|count| usize::try_from(count).ok()) == Some(lines);
        demand(fits, &format!("{name} is another document, or not whole"))
    }

    fn lines(&self) -> Result<Vec<Line>, Problem> {
        let (_, grants) = self.document("snapshot.jsonl", snapshot::FORMAT)?;
        let (head, outcome) = self.document("decisions.jsonl", sign_off::OUTCOME)?;
        let snapshot = self.signed("snapshot_sha256");
        demand(
            sha256(self.file("snapshot.jsonl")?) == snapshot,
            "another snapshot was signed",
        )?;
        let hash = sha256(self.file("decisions.jsonl")?);
        demand(hash == self.signed("decisions_sha256"), "other decisions were signed")?;
        demand(
            text(&head, "snapshot_sha256") == Some(snapshot),
            "the decisions are another snapshot's",
        )?;
        demand(
            grants.len() == outcome.len(),
            "there are not as many decisions as lines",
        )?;
        let lines = (1_u32..).zip(grants.iter().zip(outcome)).map(|(at, (grant, outcome))| {
            let numbered = number(grant, "line") == Some(at) && number(&outcome, "line") == Some(at);
            demand(numbered, "its lines are not in order")?;
            Ok(Line {
                granted_by: text(grant, "granted_by").unwrap_or_default().to_owned(),
                outcome,
            })
        });
        lines.collect()
    }

    fn sign_off(&self, log: &Log) -> Result<(), Problem> {
        let snapshot = self.signed("snapshot_sha256");
        let started = log.tells(&self.review, "review.start", &[("snapshot_sha256", snapshot)]);
        demand(started, "the log knows no such start")?;
        let names = ["snapshot_sha256", "decisions_sha256", "signer", "signature"];
        let signed: Vec<(&str, &str)> = names.iter().map(|name| (*name, self.signed(name))).collect();
        demand(
            log.tells(&self.review, "review.sign_off", &signed),
            "the log knows no such sign-off",
        )?;
        let checkpoint = log.opened(self.signed("checkpoint"))?;
        demand(checkpoint.size < log.size, "the sign-off names a later checkpoint")
    }

    /// Checks what colleagues handed in; answers their key ids.
    fn hand_ins(&self, log: &Log, by: &ByReviewer) -> Result<BTreeSet<String>, Problem> {
        let mut handed = BTreeSet::new();
        for (name, bytes) in self.files.iter().filter(|(name, _)| name.starts_with("hand-in-")) {
            let file = document::split(bytes).map_err(|problem| failed(&problem.message))?;
            let public = seal::open(&file.seal, exchange::HAND_IN).map_err(|problem| failed(&problem.message))?;
            let reviewer = signature::key_id(&public);
            let fits = text(&file.seal, "document_sha256") == Some(&file.sha256)
                && *name == format!("hand-in-{reviewer}.jsonl")
                && text(&file.head, "snapshot_sha256") == Some(self.signed("snapshot_sha256"));
            demand(fits, &format!("{name} is another document's"))?;
            self.about(&file.head, exchange::DECISIONS, file.lines.len(), name)?;
            same_decisions(name, &file, by.get(&reviewer))?;
            let told = log.tells(&self.review, "review.import", &[("decisions_sha256", &file.sha256)]);
            demand(told, &format!("{name} is not in the log"))?;
            handed.insert(reviewer);
        }
        Ok(handed)
    }

    fn after(&self, log: &Log) -> Result<(), Problem> {
        if !self.files.contains_key("after.jsonl") {
            return Ok(());
        }
        self.document("after.jsonl", conclude::FORMAT)?;
        let hash = sha256(self.file("after.jsonl")?);
        let told = log.tells(&self.review, "review.conclude", &[("after_sha256", &hash)]);
        demand(told, "another after-list was recorded")
    }

    fn plan(&self, evidence: &Members) -> Result<(), Problem> {
        let Some(bytes) = self.files.get("plan.json") else {
            return Ok(());
        };
        let (head, _) = self.document("plan-outcome.jsonl", plan_told::FORMAT)?;
        let hash = sha256(bytes);
        let named = [text(evidence, "plan_sha256"), text(&head, "plan_sha256")];
        demand(named == [Some(hash.as_str()); 2], "another plan is named")
    }

    fn totals(&self, evidence: &Members, lines: &[Line]) -> Result<u32, Problem> {
        let revoke = Some(Verdict::Revoke.word());
        let revoked = lines
            .iter()
            .filter(|line| text(&line.outcome, "verdict") == revoke)
            .count();
        let kept = lines.len() - revoked;
        let told = serde_json::json!({ "lines": lines.len(), "kept": kept, "revoked": revoked });
        demand(evidence.get("totals") == Some(&told), "the totals are others")?;
        Ok(u32::try_from(revoked).unwrap_or(u32::MAX))
    }
}

/// Names and fingerprints by key id; each fingerprint is computed from the key.
fn persons(evidence: &Members) -> Result<BTreeMap<String, (String, String)>, Problem> {
    let mut persons = BTreeMap::new();
    for person in evidence.get("persons").and_then(Value::as_array).into_iter().flatten() {
        let person = person.as_object();
        let key = person.and_then(|person| hash(text(person, "public_key")));
        let key = key.ok_or_else(|| failed("a person's key cannot be read"))?;
        let name = person.and_then(|person| text(person, "name")).unwrap_or_default();
        let fingerprint = signature::fingerprint(&key);
        persons.insert(signature::key_id(&key), (name.to_owned(), fingerprint));
    }
    Ok(persons)
}
