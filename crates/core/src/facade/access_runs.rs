//! Carries a plan out, and goes on with one that was held, killed, or has failed rows.

use std::fs::File;

use gatehouse_audit::{LogError, Reader};

use super::access_plans::{StandingPlan, expired, refused};
use super::{Change, Gatehouse};
use crate::access::approval::{self, Approval};
use crate::access::plan::{self, PlanFile};
use crate::access::run::store::{self, KeptPlan};
use crate::access::run::{self, RowEnd, RowOutcome, RunControl, RunProgress, RunState, Work};
use crate::data_dir;
use crate::person::Deed;
use crate::policy;
use crate::problem::{ErrorCode, Problem, ways};
use crate::profile::Profile;

/// How a plan is to be carried out.
#[derive(Debug, Clone, Default)]
pub struct RunChoice {
    /// Rows that Klarna refused, or that were not sent, are done once more.
    pub retry: bool,
    /// A plan that somebody else made is carried out in their place; the log says so.
    pub take_over: bool,
    /// Why; stands in the log.
    pub reason: Option<String>,
    /// Calls a second, where the permitted rate is another than Klarna's documented one.
    pub rate: Option<u32>,
}

impl Gatehouse {
    /// Carries a plan out, or goes on with it; each row is an act of its own, and none is called for twice.
    ///
    /// What broke off before is settled first. When Klarna cannot be reached, the run holds itself and says why in `held_by`.
    ///
    /// # Errors
    /// `plan_damaged`, `plan_refused` for one that has expired or is done, `approval_required`, `approval_refused`, `plan_running`,
    /// `role_missing`, `confirmation_needed`; `log_*`, `keyring_*`.
    pub fn apply_plan(
        &self,
        profile: &Profile,
        bytes: &[u8],
        choice: &RunChoice,
        control: &RunControl,
        progress: &dyn Fn(&RunProgress),
    ) -> Result<StandingPlan, Problem> {
        self.core.allow_unconfirmed(profile, Deed::ApplyPlan)?;
        let standing = self.read_plan(profile, bytes)?;
        if !standing.own && !choice.take_over {
            return Err(refused(
                "The plan was made by somebody else, who may carry it out as well.",
                ways(
                    "Agree with them; then say --take-over, which stands in the log.",
                    "Agree with them; then carry it out in their place, which stands in the log.",
                ),
            ));
        }
        if standing.counts.grants > 0 {
            self.core.allow(profile, Deed::GrantAccess)?;
        }
        let approvals = self.approvals_of(&standing.file.sha256)?;
        let persons = self.core.person_list(profile)?;
        approval::check(
            &standing.file,
            &standing.demands,
            &approvals,
            persons.as_ref(),
            self.now_ms(),
        )?;
        self.core.allow(profile, Deed::ApplyPlan)?;
        let _alone = self.alone()?;
        let applied = self.run_plan(profile, &standing, &approvals, choice, control, progress);
        self.core.tell(Change::Access);
        applied?;
        self.plan(profile, &standing.file.sha256)
    }

    fn run_plan(
        &self,
        profile: &Profile,
        standing: &StandingPlan,
        approvals: &[Approval],
        choice: &RunChoice,
        control: &RunControl,
        progress: &dyn Fn(&RunProgress),
    ) -> Result<(), Problem> {
        let file = &*standing.file;
        self.core.unlock_log()?;
        self.take_plan_in(profile, standing)?;
        let mut kept = self.kept(profile, file)?;
        self.catch_up(file, &kept)?;
        let cancelled = kept.state == RunState::Cancelled;
        let given_up = if cancelled { self.left(file)? } else { Vec::new() };
        if choice.retry {
            store::forget_ends(&*self.core.database_for_change()?, &file.sha256, RowOutcome::Refused)?;
        }
        // What was left when the plan was cancelled is not done any more, whatever is tried again.
        let mut left = self.left(file)?;
        left.retain(|row| given_up.binary_search(row).is_err());
        if left.is_empty() && cancelled {
            return Err(refused("The plan was cancelled.", "Make a new plan of what is left."));
        }
        if left.is_empty() {
            return self.nothing_left(file, &mut kept);
        }
        let now_ms = self.now_ms();
        if now_ms >= file.plan.expires_at_ms {
            return Err(expired());
        }
        kept.from_seq = kept.from_seq.or(Some(self.next_seq()?));
        kept.started_ms = kept.started_ms.or(Some(now_ms));
        let mut note = self.note(profile, "plan.run", file);
        note.request.insert("rows".into(), left.len().into());
        if !standing.own {
            note.request.insert("taken_over".into(), true.into());
        }
        note.private = policy::reason_of(choice.reason.as_deref())
            .map(|reason| [("reason".to_owned(), reason.into())].into_iter().collect());
        self.begin(note, file, approvals, &mut kept)?;
        let work = Work {
            file,
            left,
            rate: choice.rate.unwrap_or_else(|| plan::per_second(profile.environment)),
        };
        let worked = self.work(profile, &work, control, progress);
        self.finish(profile, file, &mut kept, worked)
    }

    /// Settles what broke off and takes over what the log says of the plan's rows.
    pub(super) fn catch_up(&self, file: &PlanFile, kept: &KeptPlan) -> Result<(), Problem> {
        let Some(from_seq) = kept.from_seq else {
            return Ok(());
        };
        self.settle_if_needed()?;
        let known = store::ends(&self.core.database(), &file.sha256)?;
        let said = |end: &RowEnd| {
            let at = known.binary_search_by_key(&end.row, |known| known.row).ok()?;
            known.get(at).map(|known| known.outcome)
        };
        let mut ends = run::recover(&self.core, &file.sha256, from_seq)?;
        ends.retain(|end| said(end) != Some(end.outcome));
        store::save_ends(&mut *self.core.database_for_change()?, &file.sha256, &ends)
    }

    /// Numbers of the rows that are still to be done; what is unknown is not done again.
    fn left(&self, file: &PlanFile) -> Result<Vec<u32>, Problem> {
        let ends = store::ends(&self.core.database(), &file.sha256)?;
        let numbered = (0_u32..).zip(&file.plan.rows);
        let open = numbered
            .filter(|(_, row)| row.verdict.is_done())
            .map(|(number, _)| number);
        Ok(open
            .filter(|number| ends.binary_search_by_key(number, |end| end.row).is_err())
            .collect())
    }

    fn nothing_left(&self, file: &PlanFile, kept: &mut KeptPlan) -> Result<(), Problem> {
        if kept.state == RunState::Done {
            return Err(refused(
                "The plan was carried out already; nothing was sent.",
                "Look at its rows; those that failed can be tried again.",
            ));
        }
        kept.state = RunState::Done;
        kept.ended_ms = Some(self.now_ms());
        store::set_state(&*self.core.database_for_change()?, kept)?;
        tracing::debug!(plan = file.sha256, "nothing was left of a plan");
        Ok(())
    }

    fn begin(
        &self,
        mut note: gatehouse_audit::Draft,
        file: &PlanFile,
        approvals: &[Approval],
        kept: &mut KeptPlan,
    ) -> Result<(), Problem> {
        note.request.insert("made_by".into(), file.maker_id().into());
        note.request.insert("signature".into(), file.signature.as_str().into());
        let given = approvals.iter().map(|approval| {
            let approver = crate::signature::key_id_of_hex(&approval.approver);
            let text = format!("{approver} {} {}", approval.sha256, approval.signature);
            serde_json::Value::from(text)
        });
        note.request.insert("approvals".into(), given.collect());
        self.core.journal().append(note)?;
        kept.state = RunState::Running;
        kept.held_by = None;
        store::set_state(&*self.core.database_for_change()?, kept)?;
        self.core.tell(Change::Access);
        Ok(())
    }

    fn work(
        &self,
        profile: &Profile,
        work: &Work<'_>,
        control: &RunControl,
        progress: &dyn Fn(&RunProgress),
    ) -> Result<RunState, Problem> {
        let mut told = self.progress_of(work)?;
        progress(&told);
        run::work(&self.core, profile, work, control, &mut |ends| {
            store::save_ends(&mut *self.core.database_for_change()?, &work.file.sha256, &ends)?;
            for end in &ends {
                count(&mut told, end.outcome);
            }
            told.left_s = seconds_left(&told, work.rate);
            progress(&told);
            Ok(())
        })
    }

    fn progress_of(&self, work: &Work<'_>) -> Result<RunProgress, Problem> {
        let total = work.file.plan.rows.iter().filter(|row| row.verdict.is_done()).count();
        let mut told = RunProgress {
            plan_sha256: work.file.sha256.clone(),
            state: RunState::Running,
            total: u32::try_from(total).unwrap_or(u32::MAX),
            done: 0,
            succeeded: 0,
            failed: 0,
            unknown: 0,
            left_s: 0,
        };
        for end in store::ends(&self.core.database(), &work.file.sha256)? {
            count(&mut told, end.outcome);
        }
        told.left_s = seconds_left(&told, work.rate);
        Ok(told)
    }

    pub(super) fn kept(&self, profile: &Profile, file: &PlanFile) -> Result<KeptPlan, Problem> {
        let found = store::find(&self.core.database(), profile.id, &file.sha256)?;
        found.ok_or_else(|| refused("The plan is kept in another profile.", "Choose that profile."))
    }

    fn next_seq(&self) -> Result<u64, Problem> {
        match Reader::open(self.core.dir()) {
            Err(LogError::Absent) => Ok(1),
            other => Ok(other?.size()? + 1),
        }
    }

    /// One run at a time in a data directory.
    pub(super) fn alone(&self) -> Result<File, Problem> {
        let path = self.core.dir().join("plan.lock");
        let unusable = |cause: std::io::Error| Problem::internal("hold its plan", &cause);
        let file = File::create(&path).map_err(unusable)?;
        data_dir::private_file(&path).map_err(unusable)?;
        file.try_lock().map_err(|_| {
            Problem::new(
                ErrorCode::PlanRunning,
                "Another plan is being carried out on this computer.",
                "Wait until it has ended, or hold it.",
            )
        })?;
        Ok(file)
    }
}

fn count(told: &mut RunProgress, outcome: RowOutcome) {
    told.done += 1;
    match outcome {
        RowOutcome::Succeeded | RowOutcome::AlreadySo => told.succeeded += 1,
        RowOutcome::Refused | RowOutcome::Stale => told.failed += 1,
        RowOutcome::Unknown => told.unknown += 1,
    }
}

fn seconds_left(told: &RunProgress, rate: u32) -> u32 {
    let paced = plan::paced_per_1000_s(rate).max(1);
    let left = u64::from(told.total.saturating_sub(told.done));
    u32::try_from((left * 1000).div_ceil(u64::from(paced))).unwrap_or(u32::MAX)
}
