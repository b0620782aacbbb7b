//! What a plan comes to: calls, mails, roles gained, people, and the time it takes under Klarna's rate limit.

use std::collections::{BTreeMap, HashSet};

use super::{AccessPlan, RowAction, Verdict};
use crate::access::Foreseen;
use crate::profile::ProfileEnvironment;

/// Of the permitted rate so much is used, in hundredths: windows are counted at Klarna's end, and a refusal costs more than it gains.
const USED: u32 = 98;

/// A plan in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows of each verdict.
    pub verdicts: BTreeMap<Verdict, u32>,
    /// Calls to be made.
    pub calls: u32,
    /// Grants among them.
    pub grants: u32,
    /// Revocations among them.
    pub revocations: u32,
    /// Invitations that Klarna will most likely send.
    pub invitations: u32,
    /// People whom it touches.
    pub people: u32,
    /// People who lose access.
    pub losing: u32,
    /// How many times each role is gained.
    pub gains: BTreeMap<String, u32>,
    /// Seconds that the calls need under the rate limit.
    pub seconds: u32,
}

/// Calls a second that an Acquiring Partner may make (portal-access.md 10.4, 3RD).
#[must_use]
pub fn per_second(environment: ProfileEnvironment) -> u32 {
    match environment {
        ProfileEnvironment::Live => 50,
        ProfileEnvironment::Test | ProfileEnvironment::Sandbox => 12,
    }
}

/// Calls in a thousand seconds at which a plan is paced.
#[must_use]
pub(crate) fn paced_per_1000_s(rate: u32) -> u32 {
    rate.saturating_mul(10).saturating_mul(USED)
}

impl Counts {
    /// How many rows have a verdict.
    #[must_use]
    pub fn rows_with(&self, verdict: Verdict) -> u32 {
        self.verdicts.get(&verdict).copied().unwrap_or(0)
    }

    /// What one grant alone comes to.
    pub(crate) fn of_grant(foreseen: &Foreseen) -> Self {
        Self {
            calls: 1,
            grants: 1,
            people: 1,
            gains: foreseen.gains.iter().map(|role| (role.clone(), 1)).collect(),
            ..Self::default()
        }
    }

    /// What one revocation alone comes to.
    pub(crate) fn of_revocation() -> Self {
        Self {
            calls: 1,
            revocations: 1,
            people: 1,
            losing: 1,
            ..Self::default()
        }
    }
}

impl AccessPlan {
    /// Adds it up; `rate` is calls a second.
    #[must_use]
    pub fn counts(&self, rate: u32) -> Counts {
        let mut counts = Counts::default();
        let (mut people, mut losing) = (HashSet::new(), HashSet::new());
        for row in &self.rows {
            *counts.verdicts.entry(row.verdict).or_default() += 1;
            if !row.verdict.is_done() {
                continue;
            }
            let person = row.principal.to_lowercase();
            match row.action {
                RowAction::Grant => counts.grants += 1,
                RowAction::Revoke => {
                    counts.revocations += 1;
                    losing.insert(person.clone());
                }
            }
            people.insert(person);
            counts.calls += 1;
            counts.invitations += u32::from(row.invitation);
            for role in &row.gains {
                *counts.gains.entry(role.clone()).or_default() += 1;
            }
        }
        counts.people = u32::try_from(people.len()).unwrap_or(u32::MAX);
        counts.losing = u32::try_from(losing.len()).unwrap_or(u32::MAX);
        let paced = u64::from(paced_per_1000_s(rate).max(1));
        counts.seconds = u32::try_from((u64::from(counts.calls) * 1000).div_ceil(paced)).unwrap_or(u32::MAX);
        counts
    }
}
