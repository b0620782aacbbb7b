//! Taking an answer: it must be a trusted colleague's, over a checkpoint that was asked about and still stands; then the log bears it.

use gatehouse_audit::note::NoteFault;
use gatehouse_audit::{Body, Phase, Reader, cosign};
use serde_json::Value;
use uuid::Uuid;

use super::{Told, damaged, store};
use crate::acts::{self, PersonKey};
use crate::facade::Core;
use crate::person::Person;
use crate::problem::{ErrorCode, Problem, ways};
use crate::profile::{Profile, store as profiles};

const KIND: &str = "audit.witnessed";
/// The longest answer that is read, in bytes.
const MAX_ANSWER: usize = 4096;

/// Checks an answer and writes it into the log.
///
/// # Errors
/// `witness_file_damaged`, `signer_untrusted`, `persons_alarm`, `keyring_*`, `log_*`.
pub(crate) fn take(core: &Core, answer: &str) -> Result<Told, Problem> {
    let line = answer.strip_suffix('\n').unwrap_or(answer);
    if answer.len() > MAX_ANSWER || line.contains('\n') || !line.starts_with('\u{2014}') {
        return Err(damaged("That is not a witness's answer, or it was changed."));
    }
    core.unlock_log()?;
    let own = PersonKey::load(core.key_store()?.as_ref(), core.dir())?.public();
    let name = line.split(' ').nth(1).unwrap_or_default();
    if name == cosign::key_name(&own) {
        return Err(own_answer());
    }
    let (profile, person) = listed(core, name)?;
    core.check_persons(&profile)?;
    let public = key_of(&person).ok_or_else(|| untrusted(name))?;
    let reader = Reader::open(core.dir())?;
    if let Some(known) = told_all(&reader)?.into_iter().find(|told| told.cosignature == line) {
        return Ok(Told { known: true, ..known });
    }
    let (size, root) = covered(core, &reader, line, &public)?;
    let draft = entry(&profile, &person, line, size, &root);
    let seq = core.journal().append(draft)?;
    Ok(Told {
        name: person.name,
        public_key: person.public_key,
        size,
        root,
        cosignature: line.to_owned(),
        time: jiff::Timestamp::from_millisecond(core.clock().unix_ms())
            .map_or_else(|_| String::new(), |time| format!("{time:.3}")),
        seq,
        known: false,
    })
}

fn entry(profile: &Profile, person: &Person, line: &str, size: u64, root: &str) -> gatehouse_audit::Draft {
    let mut draft = acts::draft(KIND, Phase::Note, Uuid::now_v7(), Some(&profile.into()), None);
    draft.request.insert("size".into(), size.into());
    draft.request.insert("root".into(), root.into());
    draft
        .request
        .insert("witness".into(), person.public_key.as_str().into());
    draft.request.insert("cosignature".into(), line.into());
    draft.private = Some(
        [("person_name".to_owned(), person.name.as_str().into())]
            .into_iter()
            .collect(),
    );
    draft
}

/// The checkpoint that an answer is about: it does not say so itself, so those that were asked about are tried.
fn covered(core: &Core, reader: &Reader, line: &str, public: &[u8; 32]) -> Result<(u64, String), Problem> {
    let id = reader.log_id()?.unwrap_or_default();
    let asked = store::questions(&core.database(), &id)?;
    for size in asked {
        let Some(text) = reader.checkpoint_text(size)? else {
            continue;
        };
        match cosign::check(line, &text, public) {
            Ok(_) => {
                let root = reader
                    .checkpoint_at(size)?
                    .map(|checkpoint| hex::encode(checkpoint.root));
                return Ok((size, root.unwrap_or_default()));
            }
            Err(NoteFault::Signature) => {}
            Err(NoteFault::Form | NoteFault::Origin | NoteFault::Unsigned) => {
                return Err(damaged("That is not a witness's answer, or it was changed."));
            }
        }
    }
    Err(damaged(
        "The answer holds for no question that was asked from here: it is another log's, was changed, or this log is not the one that was asked about.",
    ))
}

/// The person of that key name, and a profile that trusts them.
fn listed(core: &Core, name: &str) -> Result<(Profile, Person), Problem> {
    let profiles = profiles::all(&core.database())?;
    for profile in profiles {
        let persons = core.person_list(&profile)?.map(|list| list.persons).unwrap_or_default();
        let found = persons
            .into_iter()
            .find(|person| key_of(person).is_some_and(|key| cosign::key_name(&key) == name));
        if let Some(person) = found {
            return Ok((profile, person));
        }
    }
    Err(untrusted(name))
}

fn key_of(person: &Person) -> Option<[u8; 32]> {
    hex::decode(&person.public_key).ok()?.try_into().ok()
}

/// The newest word of each witness that the log bears, the largest size first.
pub(crate) fn told(reader: &Reader) -> Result<Vec<Told>, Problem> {
    let mut newest: Vec<Told> = Vec::new();
    for told in told_all(reader)? {
        match newest.iter_mut().find(|known| known.public_key == told.public_key) {
            Some(known) if known.size <= told.size => *known = told,
            Some(_) => {}
            None => newest.push(told),
        }
    }
    newest.sort_by_key(|told| std::cmp::Reverse((told.size, told.seq)));
    Ok(newest)
}

fn told_all(reader: &Reader) -> Result<Vec<Told>, Problem> {
    let bodies = reader.of_kind(KIND)?;
    bodies.into_iter().map(|body| read(reader, body)).collect()
}

fn read(reader: &Reader, body: Body) -> Result<Told, Problem> {
    let private = reader
        .entry(body.seq)?
        .and_then(|entry| entry.private)
        .unwrap_or_default();
    let text = |name: &str| {
        body.request
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    Ok(Told {
        name: private
            .get("person_name")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        public_key: text("witness"),
        size: body.request.get("size").and_then(Value::as_u64).unwrap_or(0),
        root: text("root"),
        cosignature: text("cosignature"),
        time: body.time,
        seq: body.seq,
        known: false,
    })
}

fn own_answer() -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        "This is a co-signature by your own key, and nobody is a witness to themselves.",
        "Have a colleague co-sign on another computer.",
    )
}

fn untrusted(name: &str) -> Problem {
    Problem::new(
        ErrorCode::SignerUntrusted,
        format!("The co-signature of {name} is by nobody whom a profile of yours trusts."),
        ways(
            "Add the colleague with `gatehouse person add`, after comparing the fingerprint, and take the answer again.",
            "Add the colleague in Settings, Persons and roles, after comparing the fingerprint, and take the answer again.",
        ),
    )
}
