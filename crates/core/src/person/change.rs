//! Changes of the list: each an entry of the log that holds the new list's hash.
//!
//! Order: the key store's mark takes the next hash beside the one in force, the log tells of it, the row is written, the mark lets the
//! old hash go. A process killed anywhere leaves the old list or the new one, and both fit the mark.

use gatehouse_audit::Phase;
use uuid::Uuid;

use super::list::{Person, PersonList, sha256};
use super::mark::{self, Mark};
use super::role::Roles;
use super::store::{self, Stored};
use crate::acts::{self, Members};
use crate::facade::Core;
use crate::problem::Problem;
use crate::profile::Profile;

/// A change to be made.
pub(crate) enum Change {
    /// Trust somebody.
    Add(Person),
    /// Give somebody other roles.
    Roles(String, Roles),
    /// Trust somebody no more.
    Remove(String),
}

impl Change {
    fn kind(&self) -> &'static str {
        match self {
            Self::Add(_) => "person.added",
            Self::Roles(..) => "person.roles_changed",
            Self::Remove(_) => "person.removed",
        }
    }

    fn apply(self, list: &mut PersonList) -> Result<Person, Problem> {
        match self {
            Self::Add(person) => list.add(person.clone()).map(|()| person),
            Self::Roles(needle, roles) => list.set_roles(&needle, roles),
            Self::Remove(needle) => list.remove(&needle),
        }
    }
}

/// Makes a change; recorded. Answers whom it was about, as they stand from then on.
///
/// # Errors
/// `input_invalid`, `keyring_*`, `log_*`; the list that was there stays then.
pub(crate) fn change(core: &Core, profile: &Profile, change: Change) -> Result<Person, Problem> {
    core.unlock_log()?;
    let before = store::load(&core.database(), profile.id)?;
    let mut list = match core.person_list(profile)? {
        Some(list) => list,
        None => PersonList::of_own(profile.id, core.own_person(profile)?),
    };
    let kind = change.kind();
    let about = change.apply(&mut list)?;
    list.version += 1;
    let text = list.to_text();
    let now = before.map(|stored| sha256(&stored.text)).unwrap_or_default();
    let next = sha256(&text);
    let store = core.key_store()?;
    let (from, to) = (now.clone(), next.clone());
    mark::save(store.as_ref(), profile.id, &Mark { now: from, next: to })?;
    let act = Uuid::now_v7();
    let seq = core
        .journal()
        .append(note(profile, kind, act, &about, (&list, &next), true))?;
    let saved = store::save(&*core.database_for_change()?, profile.id, &Stored { seq, text });
    core.forget_persons(profile.id);
    if let Err(problem) = saved {
        let _ = core
            .journal()
            .append(note(profile, kind, act, &about, (&list, &next), false));
        return Err(problem);
    }
    let settled = Mark {
        now: next,
        next: String::new(),
    };
    mark::save(store.as_ref(), profile.id, &settled)?;
    Ok(about)
}

fn note(
    profile: &Profile,
    kind: &str,
    act: Uuid,
    about: &Person,
    (list, hash): (&PersonList, &str),
    done: bool,
) -> gatehouse_audit::Draft {
    let mut draft = acts::draft(kind, Phase::Note, act, Some(&profile.into()), None);
    let mut request = Members::new();
    request.insert("person".into(), about.fingerprint().into());
    request.insert("roles".into(), about.roles.words().into());
    request.insert("list_sha256".into(), hash.into());
    request.insert("list_version".into(), list.version.into());
    draft.request = request;
    draft
        .result
        .insert("outcome".into(), if done { "succeeded" } else { "refused" }.into());
    draft.private = Some(
        [("person_name".to_owned(), about.name.as_str().into())]
            .into_iter()
            .collect(),
    );
    draft
}
