//! The app lock and the persons, shown.
//!
//! Deliberately absent: any judgement; the core judges.

use gatehouse_core::app_lock::{Cause, Limits, LockStatus};
use gatehouse_core::person::Person;
use gatehouse_core::{ErrorCode, Gatehouse, Persons, Problem};

use crate::views::guard::{LockCauseView, LockView, PersonView, PersonsView};
use crate::views::number::count;

/// The lock as it stands.
///
/// # Errors
/// What the database says.
pub fn lock(core: &Gatehouse) -> Result<LockView, Problem> {
    core.lock_status().map(lock_view)
}

fn lock_view(status: LockStatus) -> LockView {
    LockView {
        set: status.set,
        locked: status.locked.map(cause),
        idle_minutes: status.limits.map(|limits| limits.idle_s / 60),
        absolute_hours: status.limits.map(|limits| limits.absolute_s / 3600),
        wait_seconds: count(status.wait_ms.div_ceil(1000)),
    }
}

/// What a profile shows to somebody who may not look into it: nothing, so that the window stands and another profile can be chosen.
///
/// # Errors
/// Every other refusal.
pub fn or_nothing<T: Default>(answer: Result<T, Problem>) -> Result<T, Problem> {
    match answer {
        Err(problem) if matches!(problem.code, ErrorCode::RoleMissing | ErrorCode::PersonsAlarm) => Ok(T::default()),
        other => other,
    }
}

/// Limits as the window says them.
pub fn limits(idle_minutes: u32, absolute_hours: u32) -> Limits {
    Limits {
        idle_s: idle_minutes.saturating_mul(60),
        absolute_s: absolute_hours.saturating_mul(3600),
    }
}

/// The active profile's persons.
///
/// # Errors
/// As the core says.
pub fn persons(core: &Gatehouse) -> Result<PersonsView, Problem> {
    core.persons(&core.profile(None)?).map(persons_view)
}

/// The persons after one was removed: none for somebody who removed themselves, and may look no more.
///
/// # Errors
/// As the core says.
pub fn persons_left(core: &Gatehouse) -> Result<PersonsView, Problem> {
    let shut_out = PersonsView {
        listed: true,
        own_roles: Vec::new(),
        persons: Vec::new(),
    };
    match persons(core) {
        Err(problem) if problem.code == ErrorCode::RoleMissing => Ok(shut_out),
        other => other,
    }
}

fn persons_view(persons: Persons) -> PersonsView {
    let own = persons.own.key_id;
    let words = |words: Vec<&str>| words.into_iter().map(str::to_owned).collect();
    let view = |person: Person| PersonView {
        fingerprint: person.fingerprint(),
        roles: words(person.roles.words()),
        own: person.key_id() == own,
        name: person.name,
    };
    PersonsView {
        listed: persons.own.listed,
        own_roles: words(persons.own.roles.words()),
        persons: persons.persons.into_iter().map(view).collect(),
    }
}

fn cause(cause: Cause) -> LockCauseView {
    match cause {
        Cause::Start => LockCauseView::Start,
        Cause::Idle => LockCauseView::Idle,
        Cause::Absolute => LockCauseView::Absolute,
        Cause::Sleep => LockCauseView::Sleep,
        Cause::Clock => LockCauseView::Clock,
        Cause::Asked => LockCauseView::Asked,
    }
}
