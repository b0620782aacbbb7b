//! The app as a whole, shown.
//!
//! Nothing here asks the keyring: the first screen must not wait for it. Deliberately absent: rows of merchants.

use std::path::Path;

use gatehouse_core::doctor::{DoctorLine, DoctorState};
use gatehouse_core::key_store::KeyStoreState;
use gatehouse_core::portal::SessionState;
use gatehouse_core::profile::Profile;
use gatehouse_core::{Gatehouse, LogAlarm, LogAlarmKind, Problem, Reconciled};

use crate::shown::{guard, profile, settings};
use crate::views::app::{
    AppStateView, DoctorLineView, DoctorView, KeyringView, LogAlarmKindView, LogAlarmView, PartState, ReconciledView,
};
use crate::views::number::count;

/// What the window needs to begin.
///
/// # Errors
/// What the database says.
pub fn state(core: &Gatehouse, data_dir: &Path) -> Result<AppStateView, Problem> {
    let profiles = core.profiles()?;
    let active = core.active()?;
    Ok(AppStateView {
        first_run: profiles.is_empty(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        data_dir: data_dir.display().to_string(),
        profiles: profiles.iter().map(profile::row).collect(),
        live_sessions: active.as_ref().map_or(Ok(0), |active| live_sessions(core, active))?,
        active: active.as_ref().map(|active| profile::view(core, active)).transpose()?,
        unresolved: core.unresolved().map_or(0, |open| count(open.len())),
        keyring: keyring(core.key_store_state()),
        log_alarm: core.log_alarm().map(log_alarm),
        theme: settings::theme(core)?,
        lock: guard::lock(core)?,
    })
}

/// What reconciling came to.
pub fn reconciled(reconciled: Reconciled) -> ReconciledView {
    ReconciledView {
        resolved: reconciled.resolved,
        unresolved: reconciled.unresolved,
    }
}

/// The check-up.
pub fn doctor(lines: Vec<DoctorLine>) -> DoctorView {
    let line = |line: DoctorLine| DoctorLineView {
        part: line.part,
        state: match line.state {
            DoctorState::Ok => PartState::Ok,
            DoctorState::Warn => PartState::Warn,
            DoctorState::Bad => PartState::Bad,
            DoctorState::Skipped => PartState::Skipped,
        },
        message: line.message,
        hint: line.hint.for_app().to_owned(),
    };
    DoctorView {
        lines: lines.into_iter().map(line).collect(),
    }
}

fn log_alarm(alarm: LogAlarm) -> LogAlarmView {
    LogAlarmView {
        what: match alarm.what {
            LogAlarmKind::Anchor => LogAlarmKindView::Anchor,
            LogAlarmKind::Entries => LogAlarmKindView::Entries,
            LogAlarmKind::SigningKey => LogAlarmKindView::SigningKey,
        },
        message: alarm.message,
        hint: alarm.hint.for_app().to_owned(),
    }
}

fn live_sessions(core: &Gatehouse, profile: &Profile) -> Result<u32, Problem> {
    let now_ms = core.now_ms();
    let sessions = guard::or_nothing(core.sessions(profile))?;
    Ok(count(
        sessions
            .iter()
            .filter(|session| session.state(now_ms) != SessionState::Ended)
            .count(),
    ))
}

fn keyring(state: KeyStoreState) -> KeyringView {
    match state {
        KeyStoreState::Untried => KeyringView::Unknown,
        KeyStoreState::Ready => KeyringView::Ok,
        KeyStoreState::Waiting => KeyringView::Slow,
        KeyStoreState::Failed(word) => failed(word),
    }
}

fn failed(word: &str) -> KeyringView {
    match word {
        "absent" => KeyringView::Absent,
        "locked" => KeyringView::Locked,
        "denied" => KeyringView::Denied,
        "slow" => KeyringView::Slow,
        _ => KeyringView::Crashed,
    }
}
