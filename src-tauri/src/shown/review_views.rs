//! Reviews and their lines as views.

use std::collections::BTreeMap;

use gatehouse_core::access::review::{Progress, Review, ReviewLine, ReviewOrigin, ReviewScope, ReviewState, Verdict};
use gatehouse_core::profile::Profile;
use gatehouse_core::{Gatehouse, Problem};

use crate::views::number::Millis;
use crate::views::reviews::{
    ReviewDecision, ReviewLineView, ReviewProgress, ReviewStateView, ReviewView, ScopeWord, VerdictWord,
};

/// What the profile's persons are called.
pub struct Names {
    by_key_id: BTreeMap<String, String>,
    own: String,
}

impl Names {
    /// Reads them.
    ///
    /// # Errors
    /// As the core says.
    pub fn of(core: &Gatehouse, profile: &Profile) -> Result<Self, Problem> {
        let own = core.standing(profile)?.key_id;
        let persons = core.persons(profile)?.persons;
        Ok(Self {
            by_key_id: persons
                .into_iter()
                .map(|person| (person.key_id(), person.name))
                .collect(),
            own,
        })
    }

    fn get(&self, key_id: &str) -> String {
        self.by_key_id.get(key_id).map_or(key_id, String::as_str).to_owned()
    }
}

/// How far a review is.
pub fn progress(progress: Progress) -> ReviewProgress {
    ReviewProgress {
        lines: progress.lines,
        decided: progress.decided,
        revoked: progress.revoked,
    }
}

/// A review.
pub fn view(review: &Review) -> ReviewView {
    let (scope, merchant_id) = match &review.scope {
        ReviewScope::All => (ScopeWord::All, None),
        ReviewScope::Admins => (ScopeWord::Admins, None),
        ReviewScope::Merchant(id) => (ScopeWord::Merchant, Some(id.clone())),
    };
    ReviewView {
        id: review.id.to_string(),
        name: review.name.clone(),
        own: review.origin == ReviewOrigin::Own,
        state: match review.state {
            ReviewState::Open => ReviewStateView::Open,
            ReviewState::HandedIn => ReviewStateView::HandedIn,
            ReviewState::SignedOff => ReviewStateView::SignedOff,
            ReviewState::Concluded => ReviewStateView::Concluded,
        },
        scope,
        merchant_id,
        progress: progress(review.progress),
        started_at: Millis(review.started_ms),
        due: review.due.map(|day| day.to_string()),
        snapshot_sha256: review.snapshot_sha256.clone(),
        signed_off_at: review.signed_off_ms.map(Millis),
        plan_sha256: review.plan_sha256.clone(),
        concluded_at: review.concluded_ms.map(Millis),
    }
}

fn word(verdict: Verdict) -> VerdictWord {
    match verdict {
        Verdict::Keep => VerdictWord::Keep,
        Verdict::Revoke => VerdictWord::Revoke,
    }
}

/// A line of a review.
pub fn line_view(line: &ReviewLine, names: &Names, profile: &Profile) -> ReviewLineView {
    let facts = &line.facts;
    let decisions = line.decisions.iter().map(|decision| ReviewDecision {
        reviewer: names.get(&decision.reviewer),
        own: decision.reviewer == names.own,
        verdict: word(decision.verdict),
        note: decision.note.clone(),
        self_review: decision.self_review,
    });
    ReviewLineView {
        line: facts.line,
        merchant_id: facts.merchant_id.clone(),
        merchant_name: facts.merchant_name.clone(),
        reference: facts.reference.clone(),
        principal: facts.principal.clone(),
        staff: facts.on_behalf_of == profile.account.as_str(),
        roles: facts.roles.clone(),
        state: facts.state.clone(),
        declared: facts.origin == "declared",
        reason: facts.reason.clone(),
        granted_by: facts
            .granted_by_name
            .clone()
            .unwrap_or_else(|| names.get(&facts.granted_by)),
        granted_at: Millis(facts.granted_at_ms),
        changed_at: Millis(facts.changed_at_ms),
        seen_at: facts.seen_ms.map(Millis),
        expires_at: facts.expires_on.clone(),
        inactivity: facts.inactivity.clone(),
        self_review: line.self_review,
        verdict: line.verdict.map(word),
        decisions: decisions.collect(),
    }
}
