//! The audit log's verdict, and acts without outcome.
//!
//! Deliberately absent: recording that it was looked at; `audit verify` does that.

use gatehouse_audit::Defect;

use super::DoctorLine;
use crate::facade::Gatehouse;
use crate::problem::{ErrorCode, Problem, ways};

const PART: &str = "audit log";

pub(super) fn line(gatehouse: &Gatehouse, store_answers: bool) -> DoctorLine {
    if !gatehouse.core().dir().join(gatehouse_audit::FILE_NAME).exists() {
        return DoctorLine::ok(PART, "It begins with the first act.");
    }
    if !store_answers {
        let why = "Not verified, because its anchor lies in the key store, which does not answer.";
        return DoctorLine::skipped(PART, why);
    }
    let report = match gatehouse.audit_report() {
        Err(problem) if problem.code == ErrorCode::AuditEntryMissing => {
            return DoctorLine::ok(PART, "It begins with the first act.");
        }
        Err(problem) => return DoctorLine::bad(PART, problem),
        Ok(report) => report,
    };
    if !report.is_intact() {
        let problem = Problem::from(gatehouse_audit::LogError::Alarm(Box::new(report)));
        return DoctorLine::bad(PART, problem);
    }
    if let Some(notice) = report.notices.iter().find(|notice| notice.defect == Defect::Signatures) {
        return DoctorLine::warn(
            PART,
            format!("Intact, but {}", notice.detail),
            "Find out who used the key, and rotate it; tell your auditor.",
        );
    }
    match gatehouse.unresolved().map(|open| open.len()) {
        Ok(0) => DoctorLine::ok(PART, format!("Intact, {} entries.", report.size)),
        Ok(count) => DoctorLine::warn(
            PART,
            format!("Intact, but {count} acts have no outcome."),
            ways(
                "They are settled when Gatehouse starts, or with `gatehouse audit reconcile`.",
                "They are settled when Gatehouse starts, or when you press Ask again in the Audit screen.",
            ),
        ),
        Err(problem) => DoctorLine::bad(PART, problem),
    }
}
