//! What must be known before a linked customer's token is stored for the first time: whose liability it is (tokens.md 4.4).
//!
//! Accepted once a profile, by a person, as an entry that holds the hash of the very words. Deliberately absent: accepting it for others.

use sha2::{Digest, Sha256};

use crate::acts::Members;
use crate::facade::Core;
use crate::problem::{ErrorCode, Problem, ways};
use crate::profile::{Profile, facts};
use crate::tokens::note;

/// The words.
pub const TERMS: &str = "A linked customer's token opens that customer's account at Klarna without a log-in. Klarna's terms make whoever stores it liable for \
purchases that somebody else makes with it (account takeover). Store it for a customer who is logged in at the shop only, never show it, replace it whenever an order's answer brings \
another one, and keep it when an answer brings none: the customer opted out of linking, and nothing was revoked.";

const FACT: &str = "linking_terms";

fn hash() -> String {
    hex::encode(Sha256::digest(TERMS))
}

/// Whether these very words were accepted in the profile.
pub(crate) fn is_accepted(core: &Core, profile: &Profile) -> Result<bool, Problem> {
    let known = facts::get(&core.database(), profile.id, FACT)?;
    Ok(known.is_some_and(|(accepted, _)| accepted == hash()))
}

/// Accepts them.
pub(crate) fn accept(core: &Core, profile: &Profile) -> Result<(), Problem> {
    let members = Members::from_iter([("terms_sha256".to_owned(), hash().into())]);
    note(core, profile, ("linking.terms", None), members, None)?;
    facts::set(&core.database(), profile.id, FACT, &hash(), core.clock().unix_ms())
}

pub(super) fn refuse_unaccepted(core: &Core, profile: &Profile) -> Result<(), Problem> {
    if is_accepted(core, profile)? {
        return Ok(());
    }
    Err(Problem::new(
        ErrorCode::LinkingTerms,
        "Tokens of linked customers may be stored only after the terms were read and accepted in this profile.",
        ways(
            "`gatehouse linking terms` shows them, and `gatehouse linking terms --accept` accepts them.",
            "Read the terms under Account linking, and accept them.",
        ),
    ))
}
