//! Signing a day of the log off: the log is verified, its head co-signed with the person key, and both recorded as `audit.review`.
//!
//! In a long log the verification goes on from where this process verified it last, and looks again at all from the day's first entry on.
//! Deliberately absent: what is shown of a day (`audit_days`).

use gatehouse_audit::note::{self, Checkpoint};
use gatehouse_audit::{Phase, Report, cosign};
use uuid::Uuid;

use super::Gatehouse;
use super::audit_days::{DAY_MS, DayReview, DaySigned, REVIEW, number_of};
use super::audit_verify::goes_on_from;
use super::core::{Change, lock};
use crate::acts::{self, Members, PersonKey};
use crate::person::Deed;
use crate::problem::{ErrorCode, Problem, ways};

impl Gatehouse {
    /// Signs a day off: verifies the log, co-signs its head with the person key, and records that as `audit.review`.
    ///
    /// # Errors
    /// `input_invalid` for a day that is not over or was signed off before; `log_alarm` for a log that is not intact; `role_missing`,
    /// `keyring_*`, `log_*`.
    pub fn sign_off_day(&self, day: &str, note: Option<&str>) -> Result<u64, Problem> {
        self.core.allow_somewhere(Deed::ReviewLog)?;
        let number = number_of(day)?;
        if (number + 1) * DAY_MS > self.now_ms() {
            return Err(not_over(day));
        }
        let (review, first) = self.day(day)?;
        if let Some(signed) = review.signed {
            return Err(signed_already(day, &signed));
        }
        let report = self.report_since(first)?;
        if !report.is_intact() {
            return Err(not_intact(&report));
        }
        self.core.unlock_log()?;
        let seq = self.core.journal().append(self.sign_off(&review, &report, note)?)?;
        self.core.tell(Change::Audit);
        Ok(seq)
    }

    /// The log verified for a sign-off: what came since this process verified it last, and everything from the day's first entry on once more,
    /// back to the root that was verified. Should that not lead there, or where nothing was verified yet, from its beginning.
    fn report_since(&self, first: Option<u64>) -> Result<Report, Problem> {
        let former = lock(self.core.log_standing()).verified.clone();
        let report = self.report(&[], former.as_ref(), None)?;
        let (Some(first), Some(verified), true) =
            (first, report.verified.as_ref(), goes_on_from(former.as_ref()).is_some())
        else {
            return Ok(report);
        };
        match self.audit_reader()?.look_again(verified, (first, report.size), None)? {
            None => Ok(report),
            Some(_) => self.audit_report(),
        }
    }

    fn sign_off(
        &self,
        review: &DayReview,
        report: &Report,
        why: Option<&str>,
    ) -> Result<gatehouse_audit::Draft, Problem> {
        let root = report.root.clone().unwrap_or_default();
        let bytes = hex::decode(&root)
            .ok()
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        let log_id = self.audit_reader()?.log_id()?;
        let (Some(bytes), Some(log_id)) = (bytes, log_id) else {
            return Err(not_intact(report));
        };
        let text = note::text(
            &log_id,
            &Checkpoint {
                size: report.size,
                root: bytes,
            },
        );
        let person = PersonKey::load(self.core.key_store()?.as_ref(), self.core.dir())?;
        let seconds = u64::try_from(self.now_ms().div_euclid(1000)).unwrap_or(0);
        let signature = person.sign(&cosign::message(seconds, &text));
        let mut draft = acts::draft(REVIEW, Phase::Note, Uuid::now_v7(), None, None);
        draft.request.insert("day".into(), review.day.as_str().into());
        draft.request.insert("size".into(), report.size.into());
        draft.request.insert("root".into(), root.into());
        draft
            .request
            .insert("witness".into(), hex::encode(person.public()).into());
        draft.request.insert(
            "cosignature".into(),
            cosign::line(&person.public(), seconds, &signature).into(),
        );
        draft.request.insert("odd".into(), review.odd.len().into());
        draft
            .result
            .insert("outcome".into(), acts::Outcome::Succeeded.word().into());
        if let Some(why) = why.map(str::trim).filter(|why| !why.is_empty()) {
            draft.private = Some(Members::from_iter([("note".to_owned(), why.into())]));
        }
        Ok(draft)
    }
}

fn not_over(day: &str) -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        format!("The day {day} is not over yet (days are UTC), so it cannot be signed off."),
        "Sign it off tomorrow; what still happens today would not have been seen.",
    )
}

fn signed_already(day: &str, signed: &DaySigned) -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        format!(
            "The day {day} was signed off already by {}, in entry {}.",
            signed.by, signed.seq
        ),
        "Nothing more is needed for it.",
    )
}

fn not_intact(report: &Report) -> Problem {
    Problem::new(
        ErrorCode::LogAlarm,
        format!(
            "The log is not intact ({}: {}), so no day of it can be signed off.",
            report.verdict, report.reason
        ),
        ways(
            "Run `gatehouse audit verify` and follow what it says.",
            "Verify the log on the screen Audit and follow what it says.",
        ),
    )
}
