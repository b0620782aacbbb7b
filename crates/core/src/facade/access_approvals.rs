//! Four eyes: a colleague's plan signed, and the approvals of one's own kept with it.

use super::access_plans::{StandingPlan, expired, refused};
use super::{Change, Gatehouse};
use crate::access::approval::{self, Approval};
use crate::access::run::store;
use crate::acts::PersonKey;
use crate::person::Deed;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;

impl Gatehouse {
    /// Signs a plan of somebody else's, byte by byte as it is; the approval's file is the answer.
    ///
    /// # Errors
    /// As [`Gatehouse::read_plan`]; `approval_refused` for one's own plan or one that has expired; `keyring_*`, `log_*`.
    pub fn approve_plan(&self, profile: &Profile, bytes: &[u8]) -> Result<(StandingPlan, Vec<u8>), Problem> {
        self.core.allow_unconfirmed(profile, Deed::ApprovePlan)?;
        let standing = self.read_plan(profile, bytes)?;
        if standing.own {
            return Err(Problem::new(
                ErrorCode::ApprovalRefused,
                "This plan is your own.",
                "Have somebody else approve it.",
            ));
        }
        if self.now_ms() >= standing.file.plan.expires_at_ms {
            return Err(expired());
        }
        self.core.allow(profile, Deed::ApprovePlan)?;
        self.core.unlock_log()?;
        let person = PersonKey::load(self.core.key_store()?.as_ref(), self.core.dir())?;
        let approval = approval::sign(&standing.file, &person, self.now_ms())?;
        let mut note = self.note(profile, "plan.approve", &standing.file);
        note.request.insert(
            "approval_sha256".into(),
            crate::signature::sha256(approval.trim_ascii()).into(),
        );
        note.request.insert("made_by".into(), standing.file.maker_id().into());
        self.core.journal().append(note)?;
        let kept = self.take_plan_in(profile, &standing)?;
        let approver = hex::encode(person.public());
        store::keep_approval(&*self.core.database_for_change()?, &kept, &approver, &approval)?;
        self.core.tell(Change::Access);
        Ok((standing, approval))
    }

    /// Keeps an approval with the plan that it is of.
    ///
    /// # Errors
    /// `plan_damaged`, `approval_refused`, `plan_refused` when the plan is not here.
    pub fn keep_approval(&self, profile: &Profile, bytes: &[u8]) -> Result<StandingPlan, Problem> {
        self.core.allow(profile, Deed::PlanAccess)?;
        let read = approval::read(bytes)?;
        let standing = self.plan(profile, &read.plan_sha256)?;
        let persons = self.core.person_list(profile)?;
        approval::usable(
            &standing.file,
            &standing.demands,
            &read,
            persons.as_ref(),
            self.now_ms(),
        )?;
        store::keep_approval(
            &*self.core.database_for_change()?,
            &standing.file.sha256,
            &read.approver,
            bytes,
        )?;
        self.core.tell(Change::Access);
        self.plan(profile, &standing.file.sha256)
    }

    /// The own approval of a plan, as the file that its maker needs.
    ///
    /// # Errors
    /// `plan_refused` when the plan was not approved here.
    pub fn own_approval(&self, profile: &Profile, sha256: &str) -> Result<Vec<u8>, Problem> {
        self.core.allow(profile, Deed::Look)?;
        let own = self.core.standing(profile)?.key_id;
        let files = store::approvals(&self.core.database(), sha256)?;
        let mine = |file: &Vec<u8>| {
            approval::read(file).is_ok_and(|read| crate::signature::key_id_of_hex(&read.approver) == own)
        };
        let found = files.into_iter().find(mine);
        found.ok_or_else(|| refused("You have not approved this plan.", "Look at it, and approve it."))
    }

    /// The approvals that are kept with a plan and can be read.
    pub(super) fn approvals_of(&self, sha256: &str) -> Result<Vec<Approval>, Problem> {
        let files = store::approvals(&self.core.database(), sha256)?;
        Ok(files.iter().filter_map(|file| approval::read(file).ok()).collect())
    }
}
