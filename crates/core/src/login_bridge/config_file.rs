//! A bridge's configuration, opened to be edited: only what was changed in `[people]` is written, comments and order stay as they are.

use std::path::{Path, PathBuf};

use toml_edit::{Array, DocumentMut, Item, TableLike, Value};

use super::on_disk::{OnDisk, Prepared};
use super::outline::Outline;
use super::people::People;
use super::section::{self, Flaw};
use crate::problem::{ErrorCode, Problem};

/// No configuration is longer.
const MOST_BYTES: u64 = 1024 * 1024;

/// The configuration as it was read, with the changes that were made here.
#[derive(Debug, Clone)]
pub(super) struct ConfigFile {
    disk: OnDisk,
    document: DocumentMut,
    before: People,
    people: People,
    flaws: Vec<Flaw>,
    outline: Outline,
}

impl ConfigFile {
    /// Opens a file; what is wrong in `[people]` is told by [`Self::flaws`].
    ///
    /// # Errors
    /// `bridge_file_unreadable`, also for what is not TOML.
    pub fn open(path: &Path) -> Result<Self, Problem> {
        let (disk, bytes) = OnDisk::read(path, MOST_BYTES)?;
        let text = String::from_utf8(bytes).map_err(|_| not_toml(path, "it is no text in UTF-8"))?;
        let table = section::parsed(&text).map_err(|flaws| not_toml(path, &told(&flaws)))?;
        // Both read the same grammar, so this is never met.
        let document = text.parse().map_err(|_| not_toml(path, "it cannot be edited"))?;
        let folder = folder(disk.path());
        let (people, flaws) = People::looked_at(&table, &folder);
        Ok(Self {
            outline: Outline::read(&table, &folder),
            before: people.clone(),
            disk,
            document,
            people,
            flaws,
        })
    }

    pub fn path(&self) -> &Path {
        self.disk.path()
    }

    pub const fn people(&self) -> &People {
        &self.people
    }

    pub fn flaws(&self) -> &[Flaw] {
        &self.flaws
    }

    pub const fn outline(&self) -> &Outline {
        &self.outline
    }

    /// The members that differ from what was read.
    pub fn changed(&self) -> Vec<&'static str> {
        let (old, new) = (&self.before, &self.people);
        [
            ("email_claim", old.email_claim != new.email_claim),
            ("require_verified_email", old.verified != new.verified),
            ("merchants_claim", old.merchants_claim != new.merchants_claim),
            ("roles_claim", old.roles_claim != new.roles_claim),
            ("default_roles", old.default_roles != new.default_roles),
            ("roles", old.roles != new.roles),
            ("table", old.table != new.table),
        ]
        .into_iter()
        .filter_map(|(name, differs)| differs.then_some(name))
        .collect()
    }

    /// Takes other rules, all or none.
    ///
    /// # Errors
    /// `bridge_rules_invalid` with every flaw; nothing was taken then.
    pub fn set(&mut self, wanted: &People) -> Result<(), Problem> {
        let mut document = self.document.clone();
        let people = document.entry("people").or_insert_with(toml_edit::table);
        let people = people
            .as_table_like_mut()
            .ok_or_else(|| not_toml(self.path(), "people is no table"))?;
        let folder = folder(self.path());
        write(people, &self.people, wanted, &folder);
        let table = section::parsed(&document.to_string()).map_err(|flaws| refused(&flaws))?;
        let (people, flaws) = People::looked_at(&table, &folder);
        if !flaws.is_empty() {
            return Err(refused(&flaws));
        }
        (self.document, self.people, self.flaws) = (document, people, flaws);
        Ok(())
    }

    /// The file as it was read.
    pub const fn disk(&self) -> &OnDisk {
        &self.disk
    }

    /// Writes the new text beside the file; nothing where nothing was changed.
    pub fn prepare(&self) -> Result<Option<Prepared>, Problem> {
        if self.changed().is_empty() {
            return Ok(None);
        }
        self.disk.prepare(self.document.to_string().as_bytes()).map(Some)
    }
}

/// Writes the members that differ.
fn write(section: &mut dyn TableLike, old: &People, new: &People, folder: &Path) {
    let text = |text: &String| Value::from(text.as_str());
    if old.email_claim != new.email_claim {
        put(section, "email_claim", Some(text(&new.email_claim)));
    }
    if old.verified != new.verified {
        put(section, "require_verified_email", Some(new.verified.into()));
    }
    if old.merchants_claim != new.merchants_claim {
        put(section, "merchants_claim", new.merchants_claim.as_ref().map(text));
    }
    if old.roles_claim != new.roles_claim {
        put(section, "roles_claim", new.roles_claim.as_ref().map(text));
    }
    if old.default_roles != new.default_roles {
        put(section, "default_roles", Some(list(&new.default_roles)));
    }
    if old.table != new.table {
        let written = new
            .table
            .as_deref()
            .map(|file| file.strip_prefix(folder).unwrap_or(file));
        put(
            section,
            "table",
            written.map(|file| Value::from(file.to_string_lossy().as_ref())),
        );
    }
    if old.roles != new.roles {
        write_words(section, old, new);
    }
}

/// What words of the roles claim stand for, word by word.
fn write_words(section: &mut dyn TableLike, old: &People, new: &People) {
    if section.get("roles").is_none() {
        section.insert("roles", toml_edit::table());
    }
    let Some(words) = section.get_mut("roles").and_then(Item::as_table_like_mut) else {
        return;
    };
    for word in old.roles.keys().filter(|word| !new.roles.contains_key(*word)) {
        words.remove(word);
    }
    for (word, roles) in &new.roles {
        if old.roles.get(word) != Some(roles) {
            put(words, word, Some(list(roles)));
        }
    }
    if new.roles.is_empty() {
        section.remove("roles");
    }
}

/// Writes one member; what stands around its value stays.
fn put(section: &mut dyn TableLike, name: &str, value: Option<Value>) {
    let Some(mut value) = value else {
        section.remove(name);
        return;
    };
    match section.get_mut(name).and_then(Item::as_value_mut) {
        Some(there) => {
            *value.decor_mut() = there.decor().clone();
            *there = value;
        }
        None => {
            section.insert(name, Item::Value(value));
        }
    }
}

fn list(texts: &[String]) -> Value {
    Value::Array(texts.iter().map(String::as_str).collect::<Array>())
}

fn folder(path: &Path) -> PathBuf {
    path.parent().unwrap_or(Path::new(".")).to_owned()
}

fn told(flaws: &[Flaw]) -> String {
    let lines: Vec<String> = flaws
        .iter()
        .map(|flaw| format!("{} {}", flaw.place, flaw.text))
        .collect();
    lines.join(" ")
}

fn refused(flaws: &[Flaw]) -> Problem {
    Problem::new(
        ErrorCode::BridgeRulesInvalid,
        told(flaws),
        "Correct it; nothing was changed.",
    )
}

fn not_toml(path: &Path, why: &str) -> Problem {
    Problem::new(
        ErrorCode::BridgeFileUnreadable,
        format!("{} is no configuration of a bridge: {why}", path.display()),
        "Choose the file that gatehouse-bridge is started with, like bridge.toml.",
    )
}
