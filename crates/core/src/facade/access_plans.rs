//! Plans of many grants and revocations: made, looked at, approved; and what is declared to have been granted elsewhere.

use std::sync::Arc;

use gatehouse_audit::Phase;
use uuid::Uuid;

use super::Gatehouse;
use crate::access::approval::{self, Approval, Demand};
use crate::access::plan::{self, Counts, PlanFile, PlanRow, Verdict};
use crate::access::run::store::{self, KeptPlan, ListedPlan};
use crate::access::run::{RowEnd, RowOutcome, RunState};
use crate::acts;
use crate::person::{Deed, PersonList};
use crate::problem::{ErrorCode, Hint, Problem};
use crate::profile::Profile;

/// Which rows of a plan are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhichRows {
    /// All of them.
    All,
    /// Those for which a call is made.
    Called,
    /// Those that are refused or in conflict, and those that failed.
    Bad,
}

impl WhichRows {
    fn takes(self, row: &PlanRow, end: Option<&RowEnd>) -> bool {
        let failed = end.is_some_and(|end| !matches!(end.outcome, RowOutcome::Succeeded | RowOutcome::AlreadySo));
        match self {
            Self::All => true,
            Self::Called => row.verdict.is_done(),
            Self::Bad => failed || matches!(row.verdict, Verdict::Refused | Verdict::Conflict),
        }
    }
}

/// A page of a plan's rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanRows {
    /// Each with how it ended, as far as it did.
    pub rows: Vec<(PlanRow, Option<RowEnd>)>,
    /// How many there are in all.
    pub total: u32,
}

/// An approval that is kept with a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenApproval {
    /// Who gave it: name or key id.
    pub by: String,
    /// Until when it holds.
    pub until_ms: i64,
    /// Why it does not count, if it does not.
    pub refused: Option<String>,
}

/// A plan, and how it stands here.
#[derive(Debug, Clone)]
pub struct StandingPlan {
    /// The plan with its bytes.
    pub file: Arc<PlanFile>,
    /// Whether the plan was made with the person key of this data directory.
    pub own: bool,
    /// Who made it, by the profile's list of persons or by the key's id.
    pub made_by: String,
    /// What it comes to.
    pub counts: Counts,
    /// The rules it falls under.
    pub demands: Vec<Demand>,
    /// Who approved it so far.
    pub approvals: Vec<GivenApproval>,
    /// How its run stands, if it is kept here.
    pub kept: Option<KeptPlan>,
    /// How its rows ended, as far as they did.
    pub ends: Vec<RowEnd>,
}

impl StandingPlan {
    /// How many rows ended so.
    #[must_use]
    pub fn ended(&self, outcome: RowOutcome) -> usize {
        self.ends.iter().filter(|end| end.outcome == outcome).count()
    }

    /// How its run stands.
    #[must_use]
    pub fn state(&self) -> RunState {
        self.kept.as_ref().map_or(RunState::Waiting, |kept| kept.state)
    }
}

impl Gatehouse {
    /// Shows what a plan file would do here; nothing is kept.
    ///
    /// # Errors
    /// `plan_damaged`, `plan_refused` for another account or environment, `signer_untrusted` for a maker whom nobody knows.
    pub fn read_plan(&self, profile: &Profile, bytes: &[u8]) -> Result<StandingPlan, Problem> {
        self.core.allow(profile, Deed::Look)?;
        let sha256 = PlanFile::sha256_of(bytes);
        let file = self.core.plans().get(&sha256, || PlanFile::read(bytes))?;
        self.standing_plan(profile, file)
    }

    /// The newest plans that are kept here.
    ///
    /// # Errors
    /// What the database says.
    pub fn plans(&self, profile: &Profile, count: u32) -> Result<Vec<ListedPlan>, Problem> {
        self.core.allow(profile, Deed::Look)?;
        store::newest(&self.core.database(), profile.id, count)
    }

    /// A plan that is kept here, by its hash.
    ///
    /// # Errors
    /// `plan_refused` when there is none.
    pub fn plan(&self, profile: &Profile, sha256: &str) -> Result<StandingPlan, Problem> {
        self.core.allow(profile, Deed::Look)?;
        let file = self.plan_file(sha256)?;
        self.standing_plan(profile, file)
    }

    /// A page of a plan's rows.
    ///
    /// # Errors
    /// As [`Gatehouse::plan`].
    pub fn plan_rows(
        &self,
        profile: &Profile,
        sha256: &str,
        which: WhichRows,
        (first, count): (u32, u32),
    ) -> Result<PlanRows, Problem> {
        self.core.allow(profile, Deed::Look)?;
        let file = self.plan_file(sha256)?;
        self.maker_of(profile, &file)?;
        let ends = store::ends(&self.core.database(), sha256)?;
        let end_of = |number: u32| {
            let at = ends.binary_search_by_key(&number, |end| end.row).ok()?;
            ends.get(at)
        };
        let rows = (0_u32..).zip(&file.plan.rows);
        let wanted: Vec<(&PlanRow, Option<&RowEnd>)> = rows
            .map(|(number, row)| (row, end_of(number)))
            .filter(|(row, end)| which.takes(row, *end))
            .collect();
        let total = u32::try_from(wanted.len()).unwrap_or(u32::MAX);
        let page = wanted.into_iter().skip(first as usize).take(count as usize);
        Ok(PlanRows {
            rows: page.map(|(row, end)| (row.clone(), end.cloned())).collect(),
            total,
        })
    }

    /// The file of a plan that is kept here, from memory where it was looked at lately.
    fn plan_file(&self, sha256: &str) -> Result<Arc<PlanFile>, Problem> {
        let gone = || refused("There is no such plan here.", "Open its file once more.");
        if !store::is_kept(&self.core.database(), sha256)? {
            return Err(gone());
        }
        let read = || store::file(&self.core.database(), sha256)?.ok_or_else(gone);
        self.core.plans().get(sha256, read)
    }

    pub(super) fn standing_plan(&self, profile: &Profile, file: Arc<PlanFile>) -> Result<StandingPlan, Problem> {
        let (own, made_by) = self.maker_of(profile, &file)?;
        let persons = self.core.person_list(profile)?;
        let counts = file.plan.counts(plan::per_second(profile.environment));
        let demands = approval::demands(profile, &counts);
        let now_ms = self.now_ms();
        let given = |approval: Approval| GivenApproval {
            by: name_of(persons.as_ref(), &approval.approver)
                .unwrap_or_else(|| crate::signature::key_id_of_hex(&approval.approver)),
            until_ms: approval.expires_at_ms,
            refused: approval::usable(&file, &demands, &approval, persons.as_ref(), now_ms)
                .err()
                .map(|problem| problem.message),
        };
        let approvals = self.approvals_of(&file.sha256)?.into_iter().map(given).collect();
        let (kept, ends) = {
            let database = self.core.database();
            let kept = store::find(&database, profile.id, &file.sha256)?;
            (kept, store::ends(&database, &file.sha256)?)
        };
        Ok(StandingPlan {
            own,
            made_by,
            demands,
            counts,
            approvals,
            kept,
            ends,
            file,
        })
    }

    /// Whether the plan was made here, and what its maker is called; refused for a plan of elsewhere or of somebody whom nobody knows.
    fn maker_of(&self, profile: &Profile, file: &PlanFile) -> Result<(bool, String), Problem> {
        fits(profile, file)?;
        let id = file.maker_id();
        let own = self.core.standing(profile)?.key_id == id;
        let name = name_of(self.core.person_list(profile)?.as_ref(), &file.plan.made_by);
        if !own && name.is_none() {
            return Err(Problem::new(
                ErrorCode::SignerUntrusted,
                format!("The plan was made by somebody whom this profile does not list ({id})."),
                "Compare the key with whoever sent it; an administrator adds persons under Persons and roles.",
            ));
        }
        Ok((own, name.unwrap_or(id)))
    }

    pub(super) fn note(&self, profile: &Profile, kind: &str, file: &PlanFile) -> gatehouse_audit::Draft {
        let mut note = acts::draft(kind, Phase::Note, Uuid::now_v7(), Some(&profile.into()), None);
        note.plan_sha256 = Some(file.sha256.clone());
        note
    }
}

/// What the person of a public key is called in a list.
fn name_of(list: Option<&PersonList>, public: &str) -> Option<String> {
    let person = list?.persons.iter().find(|person| person.public_key == public)?;
    Some(person.name.clone())
}

/// A plan of another account or environment is none of this profile's.
fn fits(profile: &Profile, file: &PlanFile) -> Result<(), Problem> {
    if file.plan.account == profile.account.as_str() && file.plan.environment == profile.environment.word() {
        return Ok(());
    }
    Err(refused(
        &format!(
            "The plan is of {} in {}, and this profile is {} in {}.",
            file.plan.account,
            file.plan.environment,
            profile.account,
            profile.environment.word()
        ),
        "Choose the profile that it was made in.",
    ))
}

pub(super) fn expired() -> Problem {
    refused(
        "The plan has expired: it is older than seven days.",
        "Make a new plan; it says what would change now.",
    )
}

pub(super) fn refused(message: &str, hint: impl Into<Hint>) -> Problem {
    Problem::new(ErrorCode::PlanRefused, message, hint)
}
