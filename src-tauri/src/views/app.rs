//! What the first screen, the settings and the checks need.
//!
//! Deliberately absent: rows of merchants; they come in windows of their own.

use serde::Serialize;
use specta::Type;

use crate::views::guard::LockView;
use crate::views::profile::{ProfileRow, ProfileView};

/// The state of the system's keyring, as last seen; no call is made to learn it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum KeyringView {
    /// The last call went through.
    Ok,
    /// No keyring answers on this machine.
    Absent,
    /// The keyring waits for its password.
    Locked,
    /// The keyring refused.
    Denied,
    /// The keyring takes longer than three seconds.
    Slow,
    /// The keyring failed.
    Crashed,
    /// Not asked yet.
    Unknown,
}

/// The person's choice of appearance.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, serde::Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum ThemeView {
    /// As the system says.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// What is wrong with the log, or beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum LogAlarmKindView {
    /// It does not match its anchor, so acts are refused.
    Anchor,
    /// A verification found that it is not as it was written.
    Entries,
    /// It is whole, and a key was used without it.
    SigningKey,
}

/// Why the audit log wants attention, whatever the person is doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LogAlarmView {
    /// What is wrong.
    pub what: LogAlarmKindView,
    /// A sentence about it.
    pub message: String,
    /// What to do.
    pub hint: String,
}

/// What the window needs to begin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AppStateView {
    /// Whether there is no profile yet.
    pub first_run: bool,
    /// The app's version.
    pub version: String,
    /// The data directory.
    pub data_dir: String,
    /// All profiles.
    pub profiles: Vec<ProfileRow>,
    /// The active one.
    pub active: Option<ProfileView>,
    /// Its portal sessions that are not over.
    pub live_sessions: u32,
    /// Acts whose outcome is not known.
    pub unresolved: u32,
    /// The keyring's last known state.
    pub keyring: KeyringView,
    /// Why the audit log wants attention.
    pub log_alarm: Option<LogAlarmView>,
    /// The chosen appearance.
    pub theme: ThemeView,
    /// The app lock.
    pub lock: LockView,
}

/// How a part does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum PartState {
    /// As it should be.
    Ok,
    /// Works, but wants a look.
    Warn,
    /// Does not work.
    Bad,
    /// Not looked at, for the reason that is told.
    Skipped,
}

/// One line of the check-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DoctorLineView {
    /// The part.
    pub part: String,
    /// How it does.
    pub state: PartState,
    /// What was found.
    pub message: String,
    /// What to do, or empty.
    pub hint: String,
}

/// The check-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DoctorView {
    /// Its lines, in a fixed order.
    pub lines: Vec<DoctorLineView>,
}

/// What reconciling came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReconciledView {
    /// Acts whose outcome is known now.
    pub resolved: u32,
    /// Acts whose outcome is still unknown.
    pub unresolved: u32,
}
