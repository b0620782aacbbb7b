//! Four eyes without a server: a second person's signature over a plan's hash, carried by file (decision 0010).
//!
//! The plan is the request, signed by whoever made it. An approval names that hash, ends, and is worth nothing for any other byte. Who may
//! approve stands in the profile's list of persons and its rules; whoever made a plan never approves it.

use std::collections::HashSet;

use serde_json::Value;
use uuid::Uuid;

use super::plan::{Counts, PlanFile};
use super::signed_file::{self, Signed, SignedFile};
use crate::acts::PersonKey;
use crate::person::{Person, PersonList};
use crate::policy::ApprovalRule;
use crate::problem::{ErrorCode, Problem, ways};
use crate::profile::{Profile, ProfileEnvironment};

/// The longest file.
const MAX_FILE: usize = 16 << 10;
/// How long an approval holds when nothing else is said.
pub const APPROVAL_MS: i64 = 86_400_000;
const ADMIN: &str = "merchant:admin";

/// The member `format` of an approval's file.
pub(crate) const FORMAT: &str = "gatehouse-approval";

const FORM: SignedFile = SignedFile {
    format: FORMAT,
    what: "approval",
    max: MAX_FILE,
};

/// A rule that a plan falls under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    /// The rule's name, as in the settings.
    pub subject: &'static str,
    /// The rule.
    pub rule: ApprovalRule,
}

/// What one second person said of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// The plan's hash.
    pub plan_sha256: String,
    /// The approver's public key, hex.
    pub approver: String,
    /// When it was given.
    pub approved_at_ms: i64,
    /// From when on it is worth nothing.
    pub expires_at_ms: i64,
    /// Whose plan and where: the acquirer's account KRN.
    pub account: String,
    /// Live, test or sandbox.
    pub environment: String,
    /// SHA-256 of the file's bytes, hex.
    pub sha256: String,
    /// The approver's signature, hex.
    pub signature: String,
}

/// The rules that a plan falls under.
#[must_use]
pub fn demands(profile: &Profile, counts: &Counts) -> Vec<Demand> {
    let rules = &profile.policy.approvals;
    let admins = match profile.environment {
        ProfileEnvironment::Live => counts.gains.get(ADMIN).copied().unwrap_or(0),
        ProfileEnvironment::Test | ProfileEnvironment::Sandbox => 0,
    };
    let sizes = [
        ("bulk-grants", &rules.bulk_grants, counts.calls),
        ("bulk-revokes", &rules.bulk_revokes, counts.losing),
        ("admin-on-live", &rules.admin_on_live, admins),
    ];
    let falls = sizes
        .into_iter()
        .filter(|(_, rule, size)| rule.approvers > 0 && *size > rule.over);
    falls
        .map(|(subject, rule, _)| Demand {
            subject,
            rule: rule.clone(),
        })
        .collect()
}

/// Refuses what one person alone may not do.
///
/// # Errors
/// `approval_required`.
pub(crate) fn refuse_alone(profile: &Profile, counts: &Counts) -> Result<(), Problem> {
    match demands(profile, counts).first() {
        Some(demand) => Err(required(demand, 0)),
        None => Ok(()),
    }
}

/// Signs an approval of a plan.
///
/// # Errors
/// `internal` should it not fit the form.
pub(crate) fn sign(file: &PlanFile, person: &PersonKey, now_ms: i64) -> Result<Vec<u8>, Problem> {
    let until = (now_ms + APPROVAL_MS).min(file.plan.expires_at_ms);
    let texts = [
        ("account", file.plan.account.clone()),
        ("environment", file.plan.environment.clone()),
        ("plan_sha256", file.sha256.clone()),
        ("approved_at", signed_file::time(now_ms)),
        ("expires_at", signed_file::time(until)),
        ("nonce", Uuid::new_v4().to_string()),
    ];
    let members = texts.map(|(name, text)| (name.to_owned(), Value::from(text)));
    FORM.sign(members.into_iter().collect(), person)
}

/// Reads an approval whose signature holds.
///
/// # Errors
/// `plan_damaged`.
pub fn read(bytes: &[u8]) -> Result<Approval, Problem> {
    let Signed {
        members,
        signer: approver,
        signature,
    } = FORM.read(bytes)?;
    Ok(Approval {
        plan_sha256: FORM.text(&members, "plan_sha256")?,
        account: FORM.text(&members, "account")?,
        environment: FORM.text(&members, "environment")?,
        approved_at_ms: FORM.moment(&members, "approved_at")?,
        expires_at_ms: FORM.moment(&members, "expires_at")?,
        sha256: crate::signature::sha256(bytes.trim_ascii()),
        approver,
        signature,
    })
}

/// Checks the approvals of a plan against the rules it falls under.
///
/// # Errors
/// `approval_refused` for one that is of another plan, too old, of the maker, or of somebody who may not approve; `approval_required` for
/// too few.
pub(crate) fn check(
    file: &PlanFile,
    demands: &[Demand],
    approvals: &[Approval],
    persons: Option<&PersonList>,
    now_ms: i64,
) -> Result<(), Problem> {
    let mut approvers: Vec<&Person> = Vec::new();
    let mut seen = HashSet::new();
    let mut refused = None;
    for approval in approvals {
        match usable(file, demands, approval, persons, now_ms) {
            Ok(person) if seen.insert(&approval.approver) => approvers.push(person),
            Ok(_) => {}
            Err(problem) => refused = Some(problem),
        }
    }
    for demand in demands {
        let given = approvers.iter().filter(|person| has_role(person, demand)).count();
        if given < usize::from(demand.rule.approvers) {
            return Err(refused.unwrap_or_else(|| required(demand, given)));
        }
    }
    Ok(())
}

/// Whether an approval counts, and whose it is.
///
/// # Errors
/// `approval_refused` with why it does not.
pub(crate) fn usable<'a>(
    file: &PlanFile,
    demands: &[Demand],
    approval: &Approval,
    persons: Option<&'a PersonList>,
    now_ms: i64,
) -> Result<&'a Person, Problem> {
    fits(file, approval, now_ms)?;
    let listed = persons.and_then(|list| {
        list.persons
            .iter()
            .find(|person| person.public_key == approval.approver)
    });
    let person = listed.ok_or_else(unknown)?;
    if demands.is_empty() || demands.iter().any(|demand| has_role(person, demand)) {
        return Ok(person);
    }
    Err(refused(
        format!("{} has no role with which this plan can be approved.", person.name),
        "Ask somebody who has one; Settings and the list of persons say who.",
    ))
}

fn has_role(person: &Person, demand: &Demand) -> bool {
    demand.rule.roles.iter().any(|role| person.roles.has(role))
}

fn fits(file: &PlanFile, approval: &Approval, now_ms: i64) -> Result<(), Problem> {
    if approval.plan_sha256 != file.sha256
        || approval.account != file.plan.account
        || approval.environment != file.plan.environment
    {
        return Err(refused(
            "The approval is of another plan: not one byte may differ from what was approved.".into(),
            "Carry out the very file that was approved, or have this one approved.",
        ));
    }
    if approval.approver == file.plan.made_by {
        return Err(refused(
            "The approval is by the person who made the plan.".into(),
            "Have somebody else approve it.",
        ));
    }
    if now_ms >= approval.expires_at_ms || approval.approved_at_ms > now_ms + 300_000 {
        return Err(refused(
            "The approval does not hold at this time: it has expired, or a clock is wrong.".into(),
            "Have the plan approved once more.",
        ));
    }
    Ok(())
}

/// The problem of a deed that one person alone may not do.
fn required(demand: &Demand, given: usize) -> Problem {
    let roles: Vec<&str> = demand.rule.roles.iter().map(|role| role.word()).collect();
    let who = if demand.rule.approvers == 1 {
        "person"
    } else {
        "persons"
    };
    Problem::new(
        ErrorCode::ApprovalRequired,
        format!(
            "The rule {} asks for {} other {who} ({}), and {given} approved.",
            demand.subject,
            demand.rule.approvers,
            roles.join(" or ")
        ),
        ways(
            "Make a plan with `gatehouse access plan`, have it approved with `gatehouse access approve`, and give the file with --approval.",
            "Make a plan of it, give its file to a colleague who approves, and open the approval under People, Plans.",
        ),
    )
}

fn unknown() -> Problem {
    refused(
        "The approval is by somebody whom this profile does not list.".into(),
        "An administrator can add the person under Persons and roles, with the role approver.",
    )
}

fn refused(message: String, hint: &'static str) -> Problem {
    Problem::new(ErrorCode::ApprovalRefused, message, hint)
}
