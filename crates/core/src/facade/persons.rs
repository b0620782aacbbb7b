//! Persons and roles of a profile: shown, and changed as acts in the log.

use super::{Change, Gatehouse};
use crate::acts::PersonKey;
use crate::person::{self, Deed, Person, PersonFile, Roles, Standing};
use crate::problem::Problem;
use crate::profile::Profile;

/// The persons of a profile, and who of them acts here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Persons {
    /// In the order in which they were added; while nobody is listed, the own person alone.
    pub persons: Vec<Person>,
    /// Who acts here.
    pub own: Standing,
}

impl Persons {
    /// The person that is meant by a name, or by the beginning of a fingerprint.
    ///
    /// # Errors
    /// `input_invalid` when there is none or more than one.
    pub fn find(&self, needle: &str) -> Result<&Person, Problem> {
        person::find(&self.persons, needle)
    }
}

impl Gatehouse {
    /// The persons that a profile trusts; checked against log and key store where that asks nobody.
    ///
    /// While nobody is listed, the own person stands there with every role, once it has a key.
    ///
    /// # Errors
    /// `role_missing`, `persons_alarm`, `keyring_*`.
    pub fn persons(&self, profile: &Profile) -> Result<Persons, Problem> {
        self.core.allow(profile, Deed::Look)?;
        let own = self.core.standing(profile)?;
        let persons = match self.core.person_list(profile)? {
            Some(list) => list.persons,
            None if own.key_id.is_empty() => Vec::new(),
            None => vec![self.core.own_person(profile)?],
        };
        self.core.check_persons(profile)?;
        Ok(Persons { persons, own })
    }

    /// Who acts here and with which roles; asks no key store.
    ///
    /// # Errors
    /// What the database says.
    pub fn standing(&self, profile: &Profile) -> Result<Standing, Problem> {
        self.core.standing(profile)
    }

    /// Whether a deed would be let pass now; of one that is confirmed each time, all but the confirmation, which is not used up.
    ///
    /// # Errors
    /// As the deed itself: `role_missing`, `app_locked`, `persons_alarm`, `keyring_*`.
    pub fn may(&self, profile: &Profile, deed: Deed) -> Result<(), Problem> {
        self.core.allow_unconfirmed(profile, deed)
    }

    /// Trusts somebody from now on; recorded.
    ///
    /// # Errors
    /// `role_missing`, `confirmation_needed`, `input_invalid`, `keyring_*`, `log_*`.
    pub fn add_person(&self, profile: &Profile, person: Person) -> Result<Person, Problem> {
        self.change_person(profile, person::Change::Add(person))
    }

    /// Gives a person other roles; recorded.
    ///
    /// # Errors
    /// As [`Gatehouse::add_person`]; `input_invalid` when no administrator would be left.
    pub fn set_person_roles(&self, profile: &Profile, needle: &str, roles: Roles) -> Result<Person, Problem> {
        self.change_person(profile, person::Change::Roles(needle.to_owned(), roles))
    }

    /// Trusts somebody no more; recorded. Answers who that was.
    ///
    /// # Errors
    /// As [`Gatehouse::set_person_roles`].
    pub fn remove_person(&self, profile: &Profile, needle: &str) -> Result<Person, Problem> {
        self.change_person(profile, person::Change::Remove(needle.to_owned()))
    }

    /// The own public key, for a colleague to add; and its fingerprint, to be compared by voice.
    ///
    /// # Errors
    /// `keyring_*`; the key is made with the first act, never here.
    pub fn own_person_file(&self, name: &str) -> Result<(PersonFile, String), Problem> {
        self.core.unlock_log()?;
        let key = PersonKey::load(self.core.key_store()?.as_ref(), self.core.dir())?;
        let fingerprint = crate::signature::fingerprint(&key.public());
        Ok((PersonFile::of(name, &key.public()), fingerprint))
    }

    fn change_person(&self, profile: &Profile, change: person::Change) -> Result<Person, Problem> {
        let _held = self.core.hold_keys()?;
        self.core.allow(profile, Deed::ManagePersons)?;
        let changed = person::change(&self.core, profile, change);
        self.core.tell(Change::Profile);
        changed
    }
}
