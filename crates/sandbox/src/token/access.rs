//! The two claims about the end of user access (portal-access.md 2.1, rows 27 and 28).

use super::claims::Claims;
use crate::api::answer::{Flaw, flaw};
use crate::dates::{Grace, day_of, read_day};
use crate::settings::{Key, Settings};

pub(super) fn check(claims: &Claims, settings: &Settings, now_ms: i64) -> Vec<Flaw> {
    let day = claims
        .expires_at
        .as_deref()
        .and_then(|text| check_day(text, settings, now_ms));
    let grace = claims
        .inactivity_grace_period
        .as_deref()
        .and_then(|text| check_grace(text, settings));
    [day, grace].into_iter().flatten().collect()
}

fn check_day(text: &str, settings: &Settings, now_ms: i64) -> Option<Flaw> {
    let bad = |message| Some(flaw("jwt.expires_at", message));
    let today = day_of(now_ms);
    match read_day(text) {
        None => bad("The value is not a day of the form YYYY-MM-DD."),
        Some(day) if day < today => bad("The day is over."),
        Some(day) if day == today && !settings.on(Key::AccessAllowToday) => {
            bad("The day must come after today, in UTC.")
        }
        Some(_) => None,
    }
}

fn check_grace(text: &str, settings: &Settings) -> Option<Flaw> {
    let bad = |message| Some(flaw("jwt.inactivity_grace_period", message));
    match Grace::read(text) {
        None => bad("The value is not an ISO 8601 duration of months, weeks or days."),
        Some(grace) if !grace.fits() => bad("The duration must lie between P1D and P6M."),
        Some(grace) if !grace.units().all(|unit| settings.has_word(Key::AccessGraceUnits, unit)) => {
            bad("The duration has a unit that is not accepted.")
        }
        Some(_) => None,
    }
}
