//! The `[people]` section of the bridge's configuration: which claims count, and what their words stand for.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::login_bridge::section::{Flaw, Flaws, Section};
use crate::policy;

/// Documented by Klarna, and the lesser of the two.
pub(crate) const LEAST: &str = "merchant:developer";

/// The claim that `email_verified` speaks of.
pub(super) const VOUCHED: &str = "email";

/// Who may enter what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct People {
    /// The claim that holds the e-mail address.
    pub email_claim: String,
    /// Whether the provider must say that the address is verified.
    pub verified: bool,
    /// The claim that lists merchants, if one does.
    pub merchants_claim: Option<String>,
    /// The claim whose words stand for roles, if one does.
    pub roles_claim: Option<String>,
    /// What a word of that claim stands for.
    pub roles: BTreeMap<String, Vec<String>>,
    /// What somebody may do of whom nothing else is said.
    pub default_roles: Vec<String>,
    /// A table of people, merchants and roles.
    pub table: Option<PathBuf>,
}

impl People {
    /// Reads the section out of a whole configuration, with what is wrong in it; paths in it are relative to `folder`.
    #[must_use]
    pub fn looked_at(table: &toml::Table, folder: &Path) -> (Self, Vec<Flaw>) {
        let flaws = Flaws::default();
        let people = Self::read(&Section::root(table, &flaws).section("people"), folder);
        (people, flaws.take())
    }

    /// Reads the section; its flaws are gathered with those of the rest.
    #[must_use]
    pub fn read(section: &Section<'_>, folder: &Path) -> Self {
        let words = section.section("roles");
        let roles: BTreeMap<String, Vec<String>> = words
            .names()
            .into_iter()
            .map(|word| {
                let roles = checked_roles(&words, &word);
                (word, roles)
            })
            .collect();
        let read = Self {
            email_claim: section.text("email_claim").unwrap_or_else(|| VOUCHED.into()),
            verified: section.flag("require_verified_email", true),
            merchants_claim: section.text("merchants_claim"),
            roles_claim: section.text("roles_claim"),
            default_roles: section
                .texts("default_roles")
                .map_or_else(|| vec![LEAST.into()], |_| checked_roles(section, "default_roles")),
            table: section.text("table").map(|file| folder.join(file)),
            roles,
        };
        read.vouched(section);
        if read.merchants_claim.is_none() && read.table.is_none() {
            section.flaw(
                "table",
                "is missing, and so is merchants_claim: nobody could enter. Give one of them or both.",
            );
        }
        if read.roles_claim.is_none() && !read.roles.is_empty() {
            section.flaw(
                "roles",
                "says what words stand for, but roles_claim does not say where they are.",
            );
        }
        section.end();
        read
    }

    /// A provider's word that an address is verified is about one claim alone (OpenID Connect Core 5.1).
    fn vouched(&self, section: &Section<'_>) {
        if self.verified && self.email_claim != VOUCHED {
            section.flaw(
                "require_verified_email",
                format!(
                    "cannot be true while email_claim is not {VOUCHED:?}: email_verified speaks of the claim {VOUCHED:?} alone. Use that \
                     claim, or write require_verified_email = false if nobody can choose what stands in {:?} at the provider.",
                    self.email_claim
                ),
            );
        }
    }
}

fn checked_roles(section: &Section<'_>, name: &str) -> Vec<String> {
    let roles = section.texts(name).unwrap_or_default();
    if let Err(problem) = policy::parse_roles(&roles) {
        section.flaw(name, format!("{} {}", problem.message, problem.hint));
    }
    roles
}
