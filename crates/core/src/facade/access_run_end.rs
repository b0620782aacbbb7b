//! How a run of a plan ends: written down with what became of its rows; or given up by somebody while nobody carries it out.

use super::access_plans::{StandingPlan, refused};
use super::{Change, Gatehouse};
use crate::access::plan::PlanFile;
use crate::access::run::store::{self, KeptPlan};
use crate::access::run::{RowOutcome, RunState};
use crate::person::Deed;
use crate::problem::Problem;
use crate::profile::Profile;

impl Gatehouse {
    /// Gives up what is left of a plan that nobody carries out now; recorded.
    ///
    /// # Errors
    /// `plan_running` while somebody does, `plan_refused` for one that is over.
    pub fn cancel_plan(&self, profile: &Profile, sha256: &str) -> Result<StandingPlan, Problem> {
        self.core.allow(profile, Deed::PlanAccess)?;
        let standing = self.plan(profile, sha256)?;
        let _alone = self.alone()?;
        self.core.unlock_log()?;
        let mut kept = self.kept(profile, &standing.file)?;
        if matches!(kept.state, RunState::Done | RunState::Cancelled) {
            return Err(refused(
                "The plan is over already.",
                "Nothing is left of it to give up.",
            ));
        }
        self.catch_up(&standing.file, &kept)?;
        self.end(profile, &standing.file, &mut kept, (RunState::Cancelled, None))?;
        self.core.tell(Change::Access);
        self.plan(profile, sha256)
    }

    /// Writes how a run ended. Acts whose outcome is not known are looked into once, now.
    pub(super) fn finish(
        &self,
        profile: &Profile,
        file: &PlanFile,
        kept: &mut KeptPlan,
        worked: Result<RunState, Problem>,
    ) -> Result<(), Problem> {
        if let Err(problem) = self.catch_up(file, kept) {
            tracing::warn!(code = problem.code.as_str(), "a plan's open acts stay open");
        }
        let (state, held_by) = match worked {
            Ok(state) => (state, None),
            Err(problem) => (RunState::Paused, Some(format!("{} {}", problem.message, problem.hint))),
        };
        self.end(profile, file, kept, (state, held_by))
    }

    /// Writes down that a run stands still, and how its rows ended.
    fn end(
        &self,
        profile: &Profile,
        file: &PlanFile,
        kept: &mut KeptPlan,
        (state, held_by): (RunState, Option<String>),
    ) -> Result<(), Problem> {
        kept.state = state;
        kept.held_by = held_by;
        kept.ended_ms = matches!(state, RunState::Done | RunState::Cancelled).then(|| self.now_ms());
        store::set_state(&*self.core.database_for_change()?, kept)?;
        let mut note = self.note(profile, "plan.end", file);
        note.result.insert("state".into(), state.word().into());
        let ends = store::ends(&self.core.database(), &file.sha256)?;
        for outcome in RowOutcome::ALL {
            let rows = ends.iter().filter(|end| end.outcome == outcome).count();
            if rows > 0 {
                note.result.insert(outcome.word().into(), rows.into());
            }
        }
        self.core.journal().append(note).map(drop)
    }
}
