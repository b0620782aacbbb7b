//! The daily review of the audit log: days, what is new or odd on one, its sign-off.

use tauri::State;

use crate::argument::{Arg, Reason, Text};
use crate::error::Answer;
use crate::shell::Shell;
use crate::shown::audit_days as shown;
use crate::views::audit_days::{DayReview, DayState};

/// A day as it is written: `YYYY-MM-DD`.
type Day = Text<10>;

/// Lists the days from one to another that have entries, with how they stand.
#[tauri::command]
#[specta::specta]
pub async fn audit_days(shell: State<'_, Shell>, from: Arg<Day>, to: Arg<Day>) -> Answer<Vec<DayState>> {
    shell
        .run(move |core, _| shown::days(core, from.0.as_str(), to.0.as_str()))
        .await
}

/// Reads what is new or odd on a day.
#[tauri::command]
#[specta::specta]
pub async fn audit_day(shell: State<'_, Shell>, day: Arg<Day>) -> Answer<DayReview> {
    shell.run(move |core, _| shown::day(core, day.0.as_str())).await
}

/// Verifies the log, signs a day off, and shows it.
#[tauri::command]
#[specta::specta]
pub async fn audit_sign_off(shell: State<'_, Shell>, day: Arg<Day>, note: Arg<Option<Reason>>) -> Answer<DayReview> {
    shell
        .run(move |core, _| shown::sign_off(core, day.0.as_str(), note.0.as_ref().map(Text::as_str)))
        .await
}
