//! The gate that every entry of the facade passes: role, app lock, confirmation, and that the list of persons is the true one.
//!
//! A look is judged by the list as it stands, which costs no key store: whoever could change the file could read it as well. An act
//! is judged by a list that was checked. What is refused stands in the log where that can be written without asking anybody.

use std::collections::HashMap;
use std::sync::Mutex;

use gatehouse_audit::Phase;
use uuid::Uuid;

use super::deed::{Deed, Weight};
use super::list::{Person, PersonList, Standing};
use super::role::{PersonRole, Roles};
use super::store::{self, Stored};
use super::{alarm, trust};
use crate::acts::{self, PersonKey};
use crate::facade::{Core, lock};
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;

/// How long a list is taken from memory for looks: typing into a search field asks no database.
const FRESH_MS: u64 = 1000;

/// What is known of the lists, in memory.
#[derive(Default)]
pub(crate) struct Trust {
    read: Mutex<HashMap<Uuid, Read>>,
    checked: Mutex<HashMap<Uuid, Option<Stored>>>,
}

#[derive(Clone)]
struct Read {
    at_ms: u64,
    standing: Standing,
}

impl Core {
    /// Lets the person who acts here do a deed in a profile, or says why not.
    ///
    /// # Errors
    /// `role_missing`; for acts also `app_locked`, `confirmation_needed`, `persons_alarm`, `keyring_*`.
    pub fn allow(&self, profile: &Profile, deed: Deed) -> Result<(), Problem> {
        self.allow_unconfirmed(profile, deed)?;
        self.app_lock().confirmed(self, deed)
    }

    /// The same but for the confirmation that a risky deed takes each time, so that it is not used up by what is still missing.
    pub fn allow_unconfirmed(&self, profile: &Profile, deed: Deed) -> Result<(), Problem> {
        let standing = self.standing_for(profile, deed)?;
        if !deed.roles().iter().any(|role| standing.roles.has(*role)) {
            let refused = self.role_missing(profile, deed, &standing);
            if deed.weight() != Weight::Look {
                self.note_denied(profile, deed);
            }
            return Err(refused);
        }
        if deed.weight() == Weight::Look {
            return Ok(());
        }
        self.app_lock().demand(self)?;
        // What cannot be trusted any more can still be thrown away.
        if deed != Deed::RemoveProfile {
            self.check_persons(profile)?;
        }
        Ok(())
    }

    /// Lets a deed be done that concerns the whole data directory: it takes the role in every profile.
    ///
    /// # Errors
    /// As [`Core::allow`], for the first profile that says no.
    pub fn allow_everywhere(&self, deed: Deed) -> Result<(), Problem> {
        let profiles = crate::profile::store::all(&self.database())?;
        if profiles.is_empty() && deed.weight() != Weight::Look {
            self.app_lock().demand(self)?;
        }
        profiles
            .iter()
            .try_for_each(|profile| self.allow_unconfirmed(profile, deed))?;
        // One deed, however many profiles: it is confirmed once.
        self.app_lock().confirmed(self, deed)
    }

    /// Lets a deed be done that one profile's role is enough for, such as reading the log they share.
    ///
    /// # Errors
    /// As [`Core::allow`], for the first profile, when none says yes.
    pub fn allow_somewhere(&self, deed: Deed) -> Result<(), Problem> {
        let profiles = crate::profile::store::all(&self.database())?;
        let mut refused = None;
        for profile in &profiles {
            let standing = self.standing_for(profile, deed)?;
            if deed.roles().iter().any(|role| standing.roles.has(*role)) {
                return self.allow(profile, deed);
            }
            refused = refused.or(Some(profile));
        }
        refused.map_or(Ok(()), |profile| self.allow(profile, deed))
    }

    /// Who acts here and with which roles, as the profile's list stands.
    pub fn standing(&self, profile: &Profile) -> Result<Standing, Problem> {
        let key_id = self.own_key_id()?;
        let standing = match self.person_list(profile)? {
            None => Standing {
                key_id,
                name: None,
                roles: Roles::all(),
                listed: false,
            },
            Some(list) => {
                let own = list.by_key_id(&key_id);
                Standing {
                    name: own.map(|person| person.name.clone()),
                    roles: own.map(|person| person.roles.clone()).unwrap_or_default(),
                    key_id,
                    listed: true,
                }
            }
        };
        Ok(standing)
    }

    /// The profile's list as it stands, unchecked; none while nobody is listed.
    pub fn person_list(&self, profile: &Profile) -> Result<Option<PersonList>, Problem> {
        let stored = store::load(&self.database(), profile.id)?;
        let read =
            |stored: Stored| PersonList::from_text(&stored.text).ok_or_else(|| alarm::alarm("it cannot be read"));
        stored.map(read).transpose()
    }

    /// Checks the list against log and key store; what was checked once is taken until it changes.
    ///
    /// # Errors
    /// `persons_alarm`, `keyring_*`.
    pub fn check_persons(&self, profile: &Profile) -> Result<(), Problem> {
        let stored = store::load(&self.database(), profile.id)?;
        if lock(&self.trust().checked).get(&profile.id) == Some(&stored) {
            return Ok(());
        }
        let checked = trust::check(self, profile.id, stored.as_ref()).and_then(|()| match &stored {
            Some(_) => self.check_own_key(),
            None => Ok(()),
        });
        if let Err(problem) = &checked
            && problem.code == ErrorCode::PersonsAlarm
        {
            self.note_alarm(profile);
        }
        checked?;
        lock(&self.trust().checked).insert(profile.id, stored);
        Ok(())
    }

    /// Forgets what was read of a profile's list, because it was changed.
    pub(super) fn forget_persons(&self, profile: Uuid) {
        lock(&self.trust().read).remove(&profile);
        lock(&self.trust().checked).remove(&profile);
    }

    /// The own person, with every role, as a profile sees them that lists nobody yet.
    pub fn own_person(&self, profile: &Profile) -> Result<Person, Problem> {
        let key = PersonKey::load(self.key_store()?.as_ref(), self.dir())?;
        Person::new(profile.user.as_str(), &hex::encode(key.public()), Roles::all())
    }

    fn standing_for(&self, profile: &Profile, deed: Deed) -> Result<Standing, Problem> {
        let now_ms = self.clock().mono_ms();
        if deed.weight() == Weight::Look {
            let known = lock(&self.trust().read).get(&profile.id).cloned();
            if let Some(read) = known.filter(|read| now_ms.abs_diff(read.at_ms) < FRESH_MS) {
                return Ok(read.standing);
            }
        }
        let standing = self.standing(profile)?;
        let read = Read {
            at_ms: now_ms,
            standing: standing.clone(),
        };
        lock(&self.trust().read).insert(profile.id, read);
        Ok(standing)
    }

    fn own_key_id(&self) -> Result<String, Problem> {
        Ok(acts::known_person(&self.database())?.unwrap_or_default())
    }

    /// The id in the database says who acts; where roles depend on it, the key itself must agree.
    fn check_own_key(&self) -> Result<(), Problem> {
        let key = PersonKey::load(self.key_store()?.as_ref(), self.dir())?;
        if key.id() == self.own_key_id()? {
            Ok(())
        } else {
            Err(alarm::alarm(
                "the person who acts here is another one than the key store says",
            ))
        }
    }

    fn role_missing(&self, profile: &Profile, deed: Deed, standing: &Standing) -> Problem {
        let needed: Vec<&str> = deed.roles().iter().map(|role| role.word()).collect();
        let has = match standing.roles.words().as_slice() {
            [] => "you have none here".to_owned(),
            words => format!("you have {}", words.join(", ")),
        };
        let administrators: Vec<String> = self
            .person_list(profile)
            .ok()
            .flatten()
            .map(|list| {
                list.holders(PersonRole::Administrator)
                    .map(|person| person.name.clone())
                    .take(3)
                    .collect()
            })
            .unwrap_or_default();
        Problem::new(
            ErrorCode::RoleMissing,
            format!(
                "{} in profile {:?} needs the role {}, and {has}.",
                deed.text(),
                profile.name,
                needed.join(" or ")
            ),
            format!(
                "An administrator of this profile can give it: {}.",
                administrators.join(", ")
            ),
        )
    }

    fn note_denied(&self, profile: &Profile, deed: Deed) {
        let mut note = acts::draft("role.denied", Phase::Note, Uuid::now_v7(), Some(&profile.into()), None);
        note.request.insert("deed".into(), deed.word().into());
        let needed: Vec<&str> = deed.roles().iter().map(|role| role.word()).collect();
        note.request.insert("roles".into(), needed.into());
        note.result.insert("outcome".into(), "refused".into());
        note.result
            .insert("code".into(), ErrorCode::RoleMissing.as_str().into());
        self.note_if_unasked(note);
    }

    fn note_alarm(&self, profile: &Profile) {
        let note = acts::draft("person.alarm", Phase::Note, Uuid::now_v7(), Some(&profile.into()), None);
        self.note_if_unasked(note);
    }

    /// Writes a note where there is a log and the key store asks nobody for it; what is not written is in the program's own log.
    pub fn note_if_unasked(&self, note: gatehouse_audit::Draft) {
        if !self.journal().is_born() {
            return;
        }
        let kind = note.kind.clone();
        let store = self.database_for_change().map(drop).and_then(|()| self.key_store());
        if !store.is_ok_and(|store| store.answers_unasked()) {
            tracing::warn!(kind, "not in the audit log: the key store would have to be asked for");
            return;
        }
        if let Err(problem) = self.unlock_log().and_then(|()| self.journal().append(note).map(drop)) {
            tracing::warn!(kind, code = problem.code.as_str(), "not in the audit log");
        }
    }
}
