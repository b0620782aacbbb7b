//! What can go wrong with merchants, and how each case is told to a person.
//!
//! Deliberately absent: failures of the database, which have one translation for the whole core, and bad rows of a
//! file, which are a report and not a failure.

use super::import::ImportFailure;
use crate::problem::{ErrorCode, Problem};

/// One of several merchants that a needle fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The whole account KRN.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// Why a merchant was not found, not changed or not imported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MerchantFailure {
    /// No row fits.
    #[error("no merchant is known as “{needle}”")]
    Unknown {
        /// What was asked for, made harmless to show.
        needle: String,
    },
    /// It begins like a KRN and is none.
    #[error("“{needle}” is not an account KRN")]
    Krn {
        /// What was asked for, made harmless to show.
        needle: String,
    },
    /// Several rows fit.
    #[error("“{needle}” fits more than one merchant")]
    Ambiguous {
        /// What was asked for, made harmless to show.
        needle: String,
        /// The first of them.
        candidates: Vec<Candidate>,
        /// Whether there are more.
        more: bool,
    },
    /// A tag cannot be kept.
    #[error("the tag “{tag}” cannot be kept: {why}")]
    Tag {
        /// The tag, made harmless to show.
        tag: String,
        /// The end of the sentence.
        why: &'static str,
    },
    /// A file brought nothing.
    #[error(transparent)]
    Import(#[from] ImportFailure),
}

impl From<MerchantFailure> for Problem {
    fn from(failure: MerchantFailure) -> Self {
        match failure {
            MerchantFailure::Unknown { needle } => Self::new(
                ErrorCode::MerchantUnknown,
                format!("No merchant of this profile is known as “{needle}”."),
                "Give the account KRN, its last segment or a reference; search the list to find it, or import it first.",
            ),
            MerchantFailure::Krn { needle } => Self::new(
                ErrorCode::KrnInvalid,
                format!("“{needle}” is not an account KRN."),
                "An account KRN looks like krn:partner:global:account:live:LYABCDEI; copy it whole.",
            ),
            MerchantFailure::Ambiguous {
                needle,
                candidates,
                more,
            } => Self::new(
                ErrorCode::MerchantAmbiguous,
                ambiguous(&needle, &candidates, more),
                "Give the whole account KRN of the one you mean.",
            ),
            MerchantFailure::Tag { tag, why } => Self::new(
                ErrorCode::InputInvalid,
                format!("The tag “{tag}” cannot be kept: {why}."),
                "Use up to 20 short words without blanks.",
            ),
            MerchantFailure::Import(failure) => failure.into(),
        }
    }
}

fn ambiguous(needle: &str, candidates: &[Candidate], more: bool) -> String {
    let told = candidates.iter().map(|one| format!("{} ({})", one.id, one.name));
    let mut told: Vec<String> = told.collect();
    if more {
        told.push("and more".to_owned());
    }
    format!("“{needle}” fits more than one merchant: {}.", told.join(", "))
}
