//! Plans made: of a table, of a list, of a file that came; and what is declared to have been granted elsewhere.

use std::sync::Arc;

use gatehouse_audit::Phase;
use uuid::Uuid;

use super::access_plans::StandingPlan;
use super::{Change, Gatehouse};
use crate::access::approval;
use crate::access::plan::{self, AccessPlan, Column, Judge, PlanFile, Sheet};
use crate::access::run::store;
use crate::access::{self, Declared, GrantRequest, RevokeRequest, ledger};
use crate::acts::{self, PersonKey};
use crate::person::Deed;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;

/// One access that a plan is to end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedRevocation {
    /// The merchant's account KRN.
    pub merchant_id: String,
    /// The person's e-mail, or Klarna's user id.
    pub principal: String,
    /// Only the access on this account's behalf.
    pub on_behalf_of: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// What came in.
#[derive(Debug, Clone)]
pub enum TakenIn {
    /// A table, and the plan that was made of it.
    Table {
        /// The plan.
        plan: StandingPlan,
        /// Columns that nobody knows.
        ignored: Vec<String>,
    },
    /// A plan's file.
    Plan(StandingPlan),
    /// An approval, and the plan that it is of.
    Approval(StandingPlan),
}

impl Gatehouse {
    /// Makes a plan of a table of grants and revocations: checked, named, signed, kept, and noted in the log. Answers the columns that nobody
    /// knows, too.
    ///
    /// # Errors
    /// `import_unreadable`, `input_invalid` for the table as a whole; `keyring_*`, `log_*`. A bad row stands in the plan.
    pub fn plan_access(
        &self,
        profile: &Profile,
        source: &str,
        bytes: &[u8],
    ) -> Result<(StandingPlan, Vec<String>), Problem> {
        self.core.allow(profile, Deed::PlanAccess)?;
        let Sheet { lines, ignored } = plan::read(bytes, &[Column::Action, Column::Merchant, Column::Email])?;
        let mut judge = Judge::new(&self.core, profile);
        lines.iter().try_for_each(|line| judge.line(line))?;
        Ok((self.make_plan(profile, source, judge)?, ignored))
    }

    /// Makes a plan of grants and revocations that were not read from a table.
    ///
    /// # Errors
    /// As [`Gatehouse::plan_access`].
    pub fn plan_of(
        &self,
        profile: &Profile,
        source: &str,
        grants: &[GrantRequest],
        revocations: &[PlannedRevocation],
    ) -> Result<StandingPlan, Problem> {
        self.core.allow(profile, Deed::PlanAccess)?;
        let mut judge = Judge::new(&self.core, profile);
        let mut line = 0;
        for grant in grants {
            line += 1;
            judge.grant(line, grant)?;
        }
        for revocation in revocations {
            line += 1;
            judge.revoke(line, &request_of(revocation))?;
        }
        self.make_plan(profile, source, judge)
    }

    /// Makes a plan that ends these accesses.
    ///
    /// # Errors
    /// As [`Gatehouse::plan_access`].
    pub fn plan_of_revocations(
        &self,
        profile: &Profile,
        rows: &[PlannedRevocation],
        source: &str,
    ) -> Result<StandingPlan, Problem> {
        self.core.allow(profile, Deed::PlanAccess)?;
        self.plan_of(profile, source, &[], rows)
    }

    /// Makes a plan that ends grants of the ledger, by their ids; what is gone or over is left out.
    ///
    /// # Errors
    /// As [`Gatehouse::plan_access`]; `input_invalid` when nothing is left.
    pub fn plan_ending(
        &self,
        profile: &Profile,
        grants: &[String],
        reason: Option<&str>,
    ) -> Result<StandingPlan, Problem> {
        self.core.allow(profile, Deed::PlanAccess)?;
        let ids: Vec<Uuid> = grants.iter().filter_map(|id| id.parse().ok()).collect();
        let found = ledger::by_ids(&self.core.database(), &ids)?;
        let living = found
            .into_iter()
            .map(|(grant, _)| grant)
            .filter(|grant| grant.profile == profile.id && grant.revoke_accepted_ms.is_none());
        let rows: Vec<PlannedRevocation> = living
            .map(|grant| PlannedRevocation {
                merchant_id: grant.merchant_id,
                principal: grant.principal,
                on_behalf_of: Some(grant.on_behalf_of),
                reason: reason.map(str::to_owned),
            })
            .collect();
        self.plan_of(profile, "chosen people", &[], &rows)
    }

    /// Keeps a plan file here, so that approvals can be kept with it and it can be carried out.
    ///
    /// # Errors
    /// As [`Gatehouse::read_plan`].
    pub fn take_plan(&self, profile: &Profile, bytes: &[u8]) -> Result<StandingPlan, Problem> {
        self.core.allow(profile, Deed::PlanAccess)?;
        let standing = self.read_plan(profile, bytes)?;
        let sha256 = self.take_plan_in(profile, &standing)?;
        self.core.tell(Change::Access);
        self.plan(profile, &sha256)
    }

    /// Takes whatever belongs to plans: a table becomes one, a colleague's plan is kept, an approval is kept with its plan.
    ///
    /// # Errors
    /// As [`Gatehouse::plan_access`], [`Gatehouse::take_plan`] and [`Gatehouse::keep_approval`].
    pub fn take_in(&self, profile: &Profile, source: &str, bytes: &[u8]) -> Result<TakenIn, Problem> {
        self.core.allow(profile, Deed::PlanAccess)?;
        if !bytes.trim_ascii().starts_with(b"{") {
            let (plan, ignored) = self.plan_access(profile, source, bytes)?;
            return Ok(TakenIn::Table { plan, ignored });
        }
        if access::format_of(bytes).as_deref() == Some(approval::FORMAT) {
            return Ok(TakenIn::Approval(self.keep_approval(profile, bytes)?));
        }
        Ok(TakenIn::Plan(self.take_plan(profile, bytes)?))
    }

    /// Takes grants that were made elsewhere into the ledger, marked as declared; nothing is sent, and the log says that it was done.
    ///
    /// # Errors
    /// `import_unreadable`, `input_invalid` for the table as a whole; `log_*`. A bad line is named, and the others are taken.
    pub fn declare_access(&self, profile: &Profile, source: &str, bytes: &[u8]) -> Result<Declared, Problem> {
        self.core.allow(profile, Deed::PlanAccess)?;
        self.core.unlock_log()?;
        let by = acts::known_person(&self.core.database())?.unwrap_or_default();
        let record = |declared: &Declared| {
            let mut note = acts::draft(
                "access.declare",
                Phase::Note,
                Uuid::now_v7(),
                Some(&profile.into()),
                None,
            );
            note.request
                .insert("table_sha256".into(), crate::signature::sha256(bytes).into());
            for (name, count) in [("added", declared.added), ("known", declared.known)] {
                note.result.insert(name.into(), count.into());
            }
            note.result.insert("bad".into(), declared.bad.len().into());
            note.private = Some([("file".to_owned(), source.into())].into_iter().collect());
            self.core.journal().append(note).map(drop)
        };
        let declared = access::declare(&self.core, profile, bytes, &by, record)?;
        self.core.tell(Change::Access);
        Ok(declared)
    }

    /// Keeps a plan here and answers its hash.
    pub(super) fn take_plan_in(&self, profile: &Profile, standing: &StandingPlan) -> Result<String, Problem> {
        let now_ms = self.now_ms();
        store::keep(
            &*self.core.database_for_change()?,
            profile.id,
            &standing.file,
            &standing.counts,
            now_ms,
        )?;
        Ok(standing.file.sha256.clone())
    }

    fn make_plan(&self, profile: &Profile, source: &str, judge: Judge<'_>) -> Result<StandingPlan, Problem> {
        let rows = judge.finish();
        if rows.is_empty() {
            return Err(Problem::new(
                ErrorCode::InputInvalid,
                "The plan would be empty.",
                "Give at least one grant or revocation.",
            ));
        }
        self.core.unlock_log()?;
        let person = PersonKey::load(self.core.key_store()?.as_ref(), self.core.dir())?;
        let made_at_ms = self.now_ms();
        let plan = AccessPlan {
            environment: profile.environment.word().to_owned(),
            account: profile.account.as_str().to_owned(),
            made_at_ms,
            expires_at_ms: made_at_ms + plan::VALID_MS,
            made_by: hex::encode(person.public()),
            source: source.chars().filter(|c| !c.is_control()).take(200).collect(),
            rows,
        };
        let file = PlanFile::sign(&plan, &person)?;
        let counts = file.plan.counts(plan::per_second(profile.environment));
        let mut note = self.note(profile, "plan.make", &file);
        note.request.insert("rows".into(), file.plan.rows.len().into());
        note.request.insert("calls".into(), counts.calls.into());
        self.core.journal().append(note)?;
        store::keep(
            &*self.core.database_for_change()?,
            profile.id,
            &file,
            &counts,
            made_at_ms,
        )?;
        self.core.tell(Change::Access);
        self.standing_plan(profile, Arc::new(file))
    }
}

fn request_of(revocation: &PlannedRevocation) -> RevokeRequest {
    RevokeRequest {
        merchant: revocation.merchant_id.clone(),
        principal: revocation.principal.clone(),
        on_behalf_of: revocation.on_behalf_of.clone(),
        reason: revocation.reason.clone(),
    }
}
