//! The evidence package: what a stranger needs to check a review, and nothing of the computer it was made on.
//!
//! Documents as they were hashed, the colleagues' files as they came, the log's entries with proofs, keys, a checker, and a PDF for people
//! (docs/review-format.md). `evidence.json` names the hash of each; the PDF carries the hash of `evidence.json`.

use std::path::Path;

use gatehouse_audit::{Proof, Reader, canonical};
use serde_json::{Value, json};

use super::document::{self, Members, Writer, text};
use super::notes::Note;
use super::plan_told;
use super::{Review, ReviewOrigin, ReviewState, refused, report, seal, sign_off, store, store_package};
use crate::acts::PersonKey;
use crate::data_dir::write_private;
use crate::facade::Core;
use crate::person::Person;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;
use crate::signature::sha256;
use crate::zip;

/// The format's name of the evidence file.
pub(super) const FORMAT: &str = "gatehouse-review-evidence";
const CHECKER: &str = include_str!("check.py");
const README: &str = include_str!("README.txt");

/// A package, ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Names and contents, in order.
    pub files: Vec<(String, Vec<u8>)>,
    /// SHA-256 of `evidence.json`, hex.
    pub evidence_sha256: String,
}

/// Everything a package is made of.
pub(super) struct Evidence {
    pub review: Review,
    pub profile: Profile,
    pub sign_off: Members,
    pub persons: Vec<Person>,
    pub proof: Proof,
    pub after_taken_ms: Option<i64>,
    pub now_ms: i64,
}

/// Makes the package of a review that is signed off; recorded.
///
/// # Errors
/// `review_missing`, `review_closed` before the sign-off, `database_damaged` for a review that is not as it was signed; `log_*`.
pub(crate) fn export(core: &Core, profile: &Profile, needle: &str) -> Result<Package, Problem> {
    core.unlock_log()?;
    let review = store::find(&core.database(), profile.id, needle)?;
    if review.origin != ReviewOrigin::Own {
        return Err(refused::not_own(&review));
    }
    if !matches!(review.state, ReviewState::SignedOff | ReviewState::Concluded) {
        return Err(refused::closed(&review));
    }
    let package = made(core, profile, review.clone())?;
    let note = Note::new(profile, "review.export", review.id)
        .with("snapshot_sha256", review.snapshot_sha256.as_str())
        .with("evidence_sha256", package.evidence_sha256.as_str());
    note.before(core, |_| Ok(package))
}

fn made(core: &Core, profile: &Profile, review: Review) -> Result<Package, Problem> {
    let person = PersonKey::load(core.key_store()?.as_ref(), core.dir())?;
    let mut files = documents(core, &review)?;
    files.extend(plan_told::files(core, &review)?);
    let seal = store_package::sign_off_seal(&core.database(), review.id)?.unwrap_or_default();
    let sign_off = document::read(&seal)?;
    // What is exported is what was signed, or nothing.
    let hash = |name: &str| {
        files
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, bytes)| sha256(bytes))
    };
    let signed = |name: &str| text(&sign_off, name).map(str::to_owned);
    if hash("snapshot.jsonl") != signed("snapshot_sha256") || hash("decisions.jsonl") != signed("decisions_sha256") {
        return Err(refused::damaged(&review));
    }
    let evidence = Evidence {
        proof: Reader::open(core.dir())?.proof(&entries(core, &review)?)?,
        persons: persons(core, profile)?,
        after_taken_ms: review.concluded_ms,
        sign_off,
        review,
        profile: profile.clone(),
        now_ms: core.clock().unix_ms(),
    };
    let lines = report::lines(core, &evidence)?;
    files.push(("decisions.csv".into(), lines.csv()));
    files.push(("check.py".into(), CHECKER.as_bytes().to_vec()));
    files.push(("README.txt".into(), README.as_bytes().to_vec()));
    let bytes = evidence_json(&evidence, &files, &person)?;
    let evidence_sha256 = sha256(&bytes);
    files.insert(0, ("evidence.json".into(), bytes));
    files.insert(0, ("review.pdf".into(), lines.pdf(&evidence, &evidence_sha256)?));
    Ok(Package { files, evidence_sha256 })
}

/// Snapshot, outcome, after-list and the colleagues' files.
fn documents(core: &Core, review: &Review) -> Result<Vec<(String, Vec<u8>)>, Problem> {
    let mut snapshot = Writer::default();
    let mut after = Writer::default();
    let database = core.database();
    snapshot.line(&store::head(&database, review.id)?);
    store::each_line(&database, review.id, |_, body, _| {
        snapshot.line(body);
        Ok(())
    })?;
    let mut files = vec![
        ("snapshot.jsonl".to_owned(), snapshot.finish().0),
        ("decisions.jsonl".to_owned(), sign_off::outcome_on(&database, review)?.0),
    ];
    if let Some(taken_ms) = review.concluded_ms {
        after.members(&super::conclude::head(review, taken_ms))?;
        store_package::each_after(&database, review.id, |line| after.line(line))?;
        files.push(("after.jsonl".to_owned(), after.finish().0));
    }
    for (reviewer, file) in store_package::hand_ins(&database, review.id)? {
        files.push((format!("hand-in-{reviewer}.jsonl"), file));
    }
    Ok(files)
}

/// The log's entries that tell of the review, and its first one, which names the checkpoint key.
fn entries(core: &Core, review: &Review) -> Result<Vec<u64>, Problem> {
    let mut seqs = store_package::entries(&core.database(), review.id)?;
    seqs.push(1);
    seqs.sort_unstable();
    seqs.dedup();
    Ok(seqs)
}

fn persons(core: &Core, profile: &Profile) -> Result<Vec<Person>, Problem> {
    match core.person_list(profile)? {
        Some(list) => Ok(list.persons),
        None => Ok(vec![core.own_person(profile)?]),
    }
}

fn evidence_json(evidence: &Evidence, files: &[(String, Vec<u8>)], person: &PersonKey) -> Result<Vec<u8>, Problem> {
    let review = &evidence.review;
    let files: Vec<Value> = files
        .iter()
        .map(|(name, bytes)| json!({ "name": name, "bytes": bytes.len(), "sha256": sha256(bytes) }))
        .collect();
    let persons: Vec<Value> = evidence.persons.iter().map(person_json).collect();
    let mut object = Members::new();
    object.insert("format".into(), FORMAT.into());
    object.insert("made_at".into(), document::time(evidence.now_ms).into());
    object.insert("review".into(), review.id.to_string().into());
    object.insert("name".into(), review.name.as_str().into());
    object.insert("state".into(), review.state.word().into());
    object.insert("environment".into(), evidence.profile.environment.word().into());
    object.insert("account".into(), evidence.profile.account.as_str().into());
    object.insert(
        "totals".into(),
        json!({ "lines": review.progress.lines, "kept": review.progress.kept(), "revoked": review.progress.revoked }),
    );
    object.insert("files".into(), files.into());
    object.insert("persons".into(), persons.into());
    object.insert("sign_off".into(), Value::Object(evidence.sign_off.clone()));
    object.insert("log".into(), log_json(&evidence.proof)?);
    if let Some(plan) = &review.plan_sha256 {
        object.insert("plan_sha256".into(), plan.as_str().into());
    }
    let mut bytes = canonical::write(&seal::seal(object, person)?, seal::MAX_SEALED)
        .map_err(|cause| Problem::internal("write the evidence of a review", &cause))?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn person_json(person: &Person) -> Value {
    json!({
        "name": person.name,
        "key_id": person.key_id(),
        "public_key": person.public_key,
        "fingerprint": person.fingerprint(),
        "roles": person.roles.words(),
    })
}

fn log_json(proof: &Proof) -> Result<Value, Problem> {
    let entry = |entry: &gatehouse_audit::ProvenEntry| {
        let body = String::from_utf8(entry.bytes.clone())
            .map_err(|cause| Problem::internal("read an entry of its log", &cause))?;
        let path: Vec<String> = entry.path.iter().map(hex::encode).collect();
        Ok(json!({ "seq": entry.seq, "body": body, "path": path }))
    };
    let entries: Vec<Value> = proof.entries.iter().map(entry).collect::<Result<_, Problem>>()?;
    let keys: Vec<String> = proof.keys.iter().map(hex::encode).collect();
    Ok(json!({
        "id": proof.log_id,
        "keys": keys,
        "size": proof.size,
        "checkpoint": proof.note,
        "entries": entries,
    }))
}

impl Package {
    /// The package as one ZIP file.
    ///
    /// # Errors
    /// `input_invalid` when it is too large for one.
    pub fn to_zip(&self) -> Result<Vec<u8>, Problem> {
        zip::write(&self.files)
    }

    /// Writes the package: as a ZIP file where the name ends so, else as files in a new directory.
    ///
    /// # Errors
    /// `input_invalid` where something is in the way; `disk_full`, `data_dir_unusable` as the system says.
    pub fn write_to(&self, place: &Path) -> Result<(), Problem> {
        let is_zip = place.extension().is_some_and(|end| end.eq_ignore_ascii_case("zip"));
        if is_zip {
            let bytes = self.to_zip()?;
            return write_private(place, &bytes).map_err(|cause| unwritable(place, &cause));
        }
        std::fs::create_dir(place).map_err(|cause| unwritable(place, &cause))?;
        let mut files = self.files.iter();
        let written = files.try_for_each(|(name, bytes)| write_private(&place.join(name), bytes));
        written.map_err(|cause| unwritable(place, &cause))
    }
}

fn unwritable(place: &Path, cause: &std::io::Error) -> Problem {
    let (code, message, hint) = if cause.kind() == std::io::ErrorKind::AlreadyExists {
        (
            ErrorCode::InputInvalid,
            format!("{} is there already, and nothing is overwritten.", place.display()),
            "Name a new directory, or a new file that ends in .zip.",
        )
    } else if cause.kind() == std::io::ErrorKind::StorageFull {
        (
            ErrorCode::DiskFull,
            "The disk is full.".into(),
            "Free some space; nothing that was recorded is lost.",
        )
    } else {
        (
            ErrorCode::InputInvalid,
            format!("{} cannot be written.", place.display()),
            "Name a place where you may write.",
        )
    };
    Problem::new(code, message, hint).because(cause)
}
