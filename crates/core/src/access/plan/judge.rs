//! Judges the lines of a table, one after the other: what each would do, or why it is not done.
//!
//! Nothing is recorded or sent. A line that breaks a rule stands in the plan with the reason, so that what was given and what comes of
//! it have the same length. Deliberately absent: any line that could name less than one person at one merchant.

use std::collections::{HashMap, HashSet};

use gatehouse_klarna::AccountKrn;

use super::read::{Column, Line};
use super::{PlanRow, RowAction, Verdict};
use crate::access::{GrantChange, GrantRequest, RevokeRequest, Wish, living_of, selector};
use crate::facade::Core;
use crate::merchants;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;

/// So many characters of a value that cannot be used are kept.
const KEPT: usize = 400;

/// Judges rows against the ledger and against each other.
pub(crate) struct Judge<'a> {
    core: &'a Core,
    profile: &'a Profile,
    rows: Vec<PlanRow>,
    /// Where a person at a merchant was named first.
    first: HashMap<(String, String), Vec<usize>>,
}

impl<'a> Judge<'a> {
    pub fn new(core: &'a Core, profile: &'a Profile) -> Self {
        Self {
            core,
            profile,
            rows: Vec::new(),
            first: HashMap::new(),
        }
    }

    /// Judges one line of a table.
    ///
    /// # Errors
    /// What the database says; everything else is the row's own.
    pub fn line(&mut self, line: &Line) -> Result<(), Problem> {
        if let Some(broken) = &line.broken {
            self.rows.push(refused(line, RowAction::Grant, broken.clone()));
            return Ok(());
        }
        match line.get(Column::Action).to_lowercase().as_str() {
            "grant" => self.grant(line.number, &grant_of(line)),
            "revoke" => self.revoke(line.number, &revocation_of(line)),
            other => {
                let why = format!("{other:?} is no action. Write grant or revoke.");
                self.rows.push(refused(line, RowAction::Grant, why));
                Ok(())
            }
        }
    }

    /// Judges a grant.
    ///
    /// # Errors
    /// What the database says.
    pub fn grant(&mut self, line: u32, request: &GrantRequest) -> Result<(), Problem> {
        let foreseen = self.merchant(&request.merchant).and_then(|merchant| {
            Wish::check(self.core, self.profile, &merchant, request)?.foresee(self.core, self.profile)
        });
        let foreseen = match foreseen {
            Ok(foreseen) => foreseen,
            Err(problem) => return self.refuse(line, RowAction::Grant, (&request.merchant, &request.email), &problem),
        };
        let (verdict, differences) = match foreseen.change {
            GrantChange::New => (Verdict::New, Vec::new()),
            GrantChange::Update(differences) => (Verdict::Update, differences),
            GrantChange::AlreadySo(_) => (Verdict::AlreadySo, Vec::new()),
        };
        let wish = foreseen.wish;
        let person = wish.person.person_key();
        let invitation = foreseen.invitation && verdict == Verdict::New;
        let row = PlanRow {
            line,
            action: RowAction::Grant,
            merchant: wish.merchant.as_str().to_owned(),
            merchant_name: wish.merchant_name,
            principal: wish.person.as_str().to_owned(),
            on_behalf_of: Some(wish.on_behalf_of.as_str().to_owned()),
            roles: wish
                .roles
                .as_slice()
                .iter()
                .map(|role| role.as_str().to_owned())
                .collect(),
            expires_at: wish.end.map(|end| end.to_string()),
            inactivity_grace_period: wish.inactivity.map(|period| period.to_string()),
            reason: wish.reason,
            verdict,
            invitation,
            differences,
            gains: foreseen.gains,
            why: None,
        };
        self.add(person, row);
        Ok(())
    }

    /// Judges a revocation.
    ///
    /// # Errors
    /// What the database says.
    pub fn revoke(&mut self, line: u32, request: &RevokeRequest) -> Result<(), Problem> {
        let judged = self.merchant(&request.merchant).and_then(|merchant| {
            let reason = crate::access::reason(self.profile, request.reason.as_deref())?;
            let selector = selector(self.profile, &merchant, request)?;
            let living = living_of(&self.core.database(), self.profile.id, &selector)?;
            Ok((merchant.name, selector, living, reason))
        });
        let (name, selector, living, reason) = match judged {
            Ok(judged) => judged,
            Err(problem) => {
                return self.refuse(
                    line,
                    RowAction::Revoke,
                    (&request.merchant, &request.principal),
                    &problem,
                );
            }
        };
        let now_ms = self.core.clock().unix_ms();
        let biting = crate::access::is_biting(&self.core.database(), self.profile.id, &selector, now_ms)?;
        let verdict = match (living.is_empty(), biting) {
            (false, _) => Verdict::Revoke,
            (true, true) => Verdict::AlreadySo,
            (true, false) => Verdict::RevokeUnlisted,
        };
        let row = PlanRow {
            line,
            action: RowAction::Revoke,
            merchant: selector.account().as_str().to_owned(),
            merchant_name: name,
            principal: selector.principal().as_str().to_owned(),
            on_behalf_of: selector.behalf().map(|behalf| behalf.as_str().to_owned()),
            roles: Vec::new(),
            expires_at: None,
            inactivity_grace_period: None,
            reason,
            verdict,
            invitation: false,
            differences: Vec::new(),
            gains: Vec::new(),
            why: None,
        };
        self.add(crate::access::principal_key(selector.principal()), row);
        Ok(())
    }

    /// The rows, as many as were judged. A person gets one invitation, with the first row that is done.
    pub fn finish(mut self) -> Vec<PlanRow> {
        let mut invited = HashSet::new();
        for row in &mut self.rows {
            row.invitation = row.invitation && row.verdict.is_done() && invited.insert(row.principal.to_lowercase());
        }
        self.rows
    }

    fn merchant(&self, needle: &str) -> Result<merchants::Merchant, Problem> {
        let other =
            AccountKrn::parse(needle.trim()).is_ok_and(|krn| krn.environment() != self.profile.account.environment());
        if other {
            return Err(Problem::new(
                ErrorCode::EnvironmentMixed,
                "The merchant is of the other environment.",
                "Live and test never mix; make a plan of their own for them.",
            ));
        }
        merchants::find(&self.core.database(), &self.profile.id.to_string(), needle)
    }

    fn refuse(
        &mut self,
        line: u32,
        action: RowAction,
        (merchant, principal): (&str, &str),
        problem: &Problem,
    ) -> Result<(), Problem> {
        // What is not about the row is about us: a database that cannot be read must not look like a bad line.
        if problem.code.exit_code() != 3 {
            return Err(problem.clone());
        }
        let why = format!("{} {}", problem.message, problem.hint);
        let row = bare(line, action, (merchant, principal), why);
        self.rows.push(row);
        Ok(())
    }

    /// Adds a row, and compares it with an earlier one of the same person at the same merchant.
    fn add(&mut self, person: String, mut row: PlanRow) {
        let at = self.rows.len();
        let named = self.first.entry((row.merchant.clone(), person)).or_default();
        for earlier in named.iter() {
            let earlier = &mut self.rows[*earlier];
            if !overlap(earlier, &row) {
                continue;
            }
            if same_wish(earlier, &row) {
                row.verdict = Verdict::AlreadySo;
                row.why = Some(format!("Line {} says the same.", earlier.line));
                continue;
            }
            let conflict = |line: u32| {
                Some(format!(
                    "Line {line} says something else of this person at this merchant. Keep one of the two."
                ))
            };
            earlier.verdict = Verdict::Conflict;
            earlier.why = earlier.why.take().or_else(|| conflict(row.line));
            row.verdict = Verdict::Conflict;
            row.why = conflict(earlier.line);
        }
        named.push(at);
        self.rows.push(row);
    }
}

/// Whether two rows are about the same access: a revocation without an account on whose behalf means every one.
fn overlap(a: &PlanRow, b: &PlanRow) -> bool {
    match (&a.on_behalf_of, &b.on_behalf_of) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    }
}

fn same_wish(a: &PlanRow, b: &PlanRow) -> bool {
    a.action == b.action
        && a.on_behalf_of == b.on_behalf_of
        && a.roles == b.roles
        && a.expires_at == b.expires_at
        && a.inactivity_grace_period == b.inactivity_grace_period
}

/// The grant that a line asks for.
pub(crate) fn grant_of(line: &Line) -> GrantRequest {
    GrantRequest {
        merchant: line.get(Column::Merchant).to_owned(),
        email: line.get(Column::Email).to_owned(),
        roles: line.get(Column::Roles).split_whitespace().map(str::to_owned).collect(),
        expires: line.given(Column::ExpiresAt),
        inactivity: line.given(Column::Inactivity),
        as_staff: false,
        reason: line.given(Column::Reason),
    }
}

fn revocation_of(line: &Line) -> RevokeRequest {
    RevokeRequest {
        merchant: line.get(Column::Merchant).to_owned(),
        principal: line.get(Column::Email).to_owned(),
        on_behalf_of: None,
        reason: line.given(Column::Reason),
    }
}

fn refused(line: &Line, action: RowAction, why: String) -> PlanRow {
    bare(
        line.number,
        action,
        (line.get(Column::Merchant), line.get(Column::Email)),
        why,
    )
}

fn bare(line: u32, action: RowAction, (merchant, principal): (&str, &str), why: String) -> PlanRow {
    let cut = |text: &str| text.trim().chars().filter(|c| !c.is_control()).take(KEPT).collect();
    PlanRow {
        line,
        action,
        merchant: cut(merchant),
        merchant_name: String::new(),
        principal: cut(principal),
        on_behalf_of: None,
        roles: Vec::new(),
        expires_at: None,
        inactivity_grace_period: None,
        reason: None,
        verdict: Verdict::Refused,
        invitation: false,
        differences: Vec::new(),
        gains: Vec::new(),
        why: Some(why),
    }
}
