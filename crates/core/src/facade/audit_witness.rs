//! Witnesses of the log, as people use them: a checkpoint to hand out, a question, an answer given, an answer taken.

use gatehouse_audit::{LogError, Reader};

use super::{Change, Gatehouse};
use crate::person::Deed;
use crate::problem::Problem;
use crate::witness::{self, Asked, Cosigned, FirstSeen, QuestionSeen, Told, Witnesses};

impl Gatehouse {
    /// The newest checkpoint with its signatures, for whoever wants to keep it.
    ///
    /// # Errors
    /// `role_missing`, `audit_entry_missing` when there is no log yet.
    pub fn audit_checkpoint(&self) -> Result<String, Problem> {
        self.core.allow_somewhere(Deed::ReadLog)?;
        Ok(Reader::open(self.core.dir())?.checkpoint()?)
    }

    /// The fingerprint of this log's checkpoint key, hex: what a witness is told by voice.
    ///
    /// # Errors
    /// `role_missing`, `audit_entry_missing` when there is no log yet.
    pub fn checkpoint_fingerprint(&self) -> Result<String, Problem> {
        self.core.allow_somewhere(Deed::ReadLog)?;
        let key = Reader::open(self.core.dir())?.checkpoint_key()?;
        Ok(key.as_ref().map(crate::signature::fingerprint).unwrap_or_default())
    }

    /// The question to a witness, as a file's text: to the one of this public key (hex), or to the only one there is.
    ///
    /// # Errors
    /// `role_missing`; `input_invalid` when there are several and none is named; `log_alarm` when the witness knows more than the log has.
    pub fn witness_question(&self, public: Option<&str>) -> Result<String, Problem> {
        self.core.allow_somewhere(Deed::WitnessLog)?;
        let asked = public.map_or(Asked::Anybody, Asked::Witness);
        witness::ask(&self.core, &asked)
    }

    /// The same from a size that the witness named; 0 for one that knows nothing yet.
    ///
    /// # Errors
    /// As [`Gatehouse::witness_question`].
    pub fn witness_question_from(&self, size: u64) -> Result<String, Problem> {
        self.core.allow_somewhere(Deed::WitnessLog)?;
        witness::ask(&self.core, &Asked::From(size))
    }

    /// What a colleague's question says of itself, to be shown before it is co-signed.
    ///
    /// # Errors
    /// `role_missing`, `witness_file_damaged`.
    pub fn witness_look(&self, question: &str) -> Result<QuestionSeen, Problem> {
        self.core.allow_somewhere(Deed::WitnessLog)?;
        witness::look(&self.core, question)
    }

    /// Co-signs a colleague's checkpoint and keeps it; recorded. A log that was never seen needs consent to its key.
    ///
    /// # Errors
    /// `role_missing`, `witness_file_damaged`, `witness_consent`, `witness_stale`, `witness_fork`, `keyring_*`, `log_*`.
    pub fn witness_sign(&self, question: &str, first_seen: Option<FirstSeen>) -> Result<Cosigned, Problem> {
        self.core.allow_somewhere(Deed::WitnessLog)?;
        let signed = witness::sign(&self.core, question, first_seen.as_ref());
        self.core.tell(Change::Audit);
        signed
    }

    /// Takes a witness's answer into the log.
    ///
    /// # Errors
    /// `role_missing`, `witness_file_damaged`, `signer_untrusted`, `persons_alarm`, `keyring_*`, `log_*`.
    pub fn witness_take(&self, answer: &str) -> Result<Told, Problem> {
        self.core.allow_somewhere(Deed::WitnessLog)?;
        let told = witness::take(&self.core, answer)?;
        self.core.tell(Change::Audit);
        Ok(told)
    }

    /// Who witnesses this log and how far, and which logs are witnessed here.
    ///
    /// # Errors
    /// `role_missing`; what log and database say.
    pub fn witnesses(&self) -> Result<Witnesses, Problem> {
        self.core.allow_somewhere(Deed::ReadLog)?;
        let by = match Reader::open(self.core.dir()) {
            Err(LogError::Absent) => Vec::new(),
            other => witness::told(&other?)?,
        };
        let database = self.core.database();
        Ok(Witnesses {
            by,
            of: witness::known_logs(&database)?,
            alarms: witness::alarms(&database)?,
        })
    }
}
