//! The plan as a file: one line of canonical JSON (RFC 8785), signed by the maker's person key; its SHA-256 is the plan's name.
//!
//! A file that is not exactly canonical is refused, so there is one way to write a plan and one hash of it. Everything that is read is
//! checked again before it is done: a file from outside proposes and never acts.

use serde_json::{Map, Value};

use super::{AccessPlan, MAX_ROWS, PlanRow};
use crate::access::signed_file::{self, Signed, SignedFile};
use crate::acts::PersonKey;
use crate::problem::Problem;
use crate::signature::sha256;

/// The longest file.
const MAX_FILE: usize = 64 << 20;
/// How long a plan can be carried out.
pub(crate) const VALID_MS: i64 = 7 * 86_400_000;

const FORM: SignedFile = SignedFile {
    format: "gatehouse-access-plan",
    what: "plan",
    max: MAX_FILE,
};

/// A plan with its exact bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanFile {
    /// What it says.
    pub plan: AccessPlan,
    /// The file's bytes.
    pub bytes: Vec<u8>,
    /// SHA-256 of the bytes, hex.
    pub sha256: String,
    /// The maker's signature, hex.
    pub signature: String,
}

impl PlanFile {
    /// Writes a plan down and signs it.
    ///
    /// # Errors
    /// `input_invalid` for more than the file may hold.
    pub(crate) fn sign(plan: &AccessPlan, person: &PersonKey) -> Result<Self, Problem> {
        let mut members = Map::new();
        let text = [
            ("account", plan.account.as_str()),
            ("environment", plan.environment.as_str()),
            ("source", plan.source.as_str()),
        ];
        members.extend(text.map(|(name, value)| (name.to_owned(), Value::from(value))));
        members.insert("expires_at".into(), signed_file::time(plan.expires_at_ms).into());
        members.insert("made_at".into(), signed_file::time(plan.made_at_ms).into());
        let rows = serde_json::to_value(&plan.rows).map_err(|cause| Problem::internal("write a plan", &cause))?;
        members.insert("rows".into(), rows);
        Self::read(&FORM.sign(members, person)?)
    }

    /// The hash of a file's bytes. A text that was copied may lack the end of its line; the plan is the same one.
    #[must_use]
    pub fn sha256_of(bytes: &[u8]) -> String {
        sha256([bytes.trim_ascii(), b"\n"].concat())
    }

    /// Reads a file and checks that its signature holds; whether the maker is trusted is another question.
    ///
    /// # Errors
    /// `plan_damaged` for any byte that is not as it was signed.
    pub fn read(bytes: &[u8]) -> Result<Self, Problem> {
        let Signed {
            mut members,
            signer: made_by,
            signature,
        } = FORM.read(bytes)?;
        let rows: Option<Vec<PlanRow>> = members
            .remove("rows")
            .and_then(|rows| serde_json::from_value(rows).ok());
        let rows = rows
            .filter(|rows| !rows.is_empty() && rows.len() <= MAX_ROWS)
            .ok_or_else(|| FORM.damaged("Its rows cannot be read."))?;
        let plan = AccessPlan {
            environment: FORM.text(&members, "environment")?,
            account: FORM.text(&members, "account")?,
            made_at_ms: FORM.moment(&members, "made_at")?,
            expires_at_ms: FORM.moment(&members, "expires_at")?,
            source: FORM.text(&members, "source")?,
            made_by,
            rows,
        };
        Ok(Self {
            plan,
            signature,
            sha256: Self::sha256_of(bytes),
            bytes: [bytes.trim_ascii(), b"\n"].concat(),
        })
    }

    /// The key id of its maker, as the log names persons.
    #[must_use]
    pub fn maker_id(&self) -> String {
        crate::signature::key_id_of_hex(&self.plan.made_by)
    }
}
