//! The last line of a review's file: who signed which document, for what, until when.
//!
//! The signature covers a context of its own and the seal's canonical bytes without it, as every signed file's does
//! ([`crate::signature`]). Whether the signer is trusted is the caller's question.

use super::document::{Members, damaged, text};
use crate::acts::PersonKey;
use crate::problem::Problem;
use crate::signature;

/// Stands before the signed bytes, so that the signature fits nothing else that the key signs.
const CONTEXT: &str = "gatehouse-review/v1\n";
/// The longest that is signed: the evidence of a package.
pub const MAX_SEALED: usize = 16 * 1024 * 1024;
/// The version of all documents of reviews.
pub const VERSION: i64 = 1;

/// Signs members; adds who signed and the signature.
///
/// # Errors
/// `internal` should they not fit the canonical form.
pub fn seal(mut members: Members, person: &PersonKey) -> Result<Members, Problem> {
    members.insert("v".into(), VERSION.into());
    signature::sign(CONTEXT, &mut members, person, MAX_SEALED)
        .map_err(|cause| Problem::internal("sign a review", &cause))?;
    Ok(members)
}

/// Checks a seal's form and signature; answers the signer's public key.
///
/// # Errors
/// `review_file_damaged` for another format or version, and for a signature that does not hold.
pub fn open(seal: &Members, format: &str) -> Result<[u8; 32], Problem> {
    if text(seal, "format") != Some(format) {
        return Err(damaged("It is no such file of a review."));
    }
    if seal.get("v").and_then(serde_json::Value::as_i64) != Some(VERSION) {
        return Err(damaged("It was written by a newer Gatehouse."));
    }
    signature::verify(CONTEXT, seal, MAX_SEALED).map_err(|broken| damaged(broken.text()))
}
