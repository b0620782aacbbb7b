//! The time for which the app is unlocked, as a state machine under a clock that a test moves.

use gatehouse_audit::Stamp;
use gatehouse_core::app_lock::{Cause, Limits, Window};
use proptest::prelude::*;

const LIMITS: Limits = Limits {
    idle_s: 600,
    absolute_s: 3600,
};

#[derive(Debug, Clone, Copy)]
enum Step {
    /// Both clocks go on, and somebody looks.
    Wait(u32),
    /// The same, and somebody uses the app.
    Use(u32),
    /// The system sleeps: the wall clock goes on alone.
    Sleep(u32),
    /// The wall clock is set back.
    SetBack(u32),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        5 => (1_u32..400_000).prop_map(Step::Wait),
        5 => (1_u32..400_000).prop_map(Step::Use),
        1 => (1_u32..2_000_000).prop_map(Step::Sleep),
        1 => (1_u32..2_000_000).prop_map(Step::SetBack),
    ];
    prop::collection::vec(step, 1..60)
}

fn at(unix_ms: i64, mono_ms: u64) -> Stamp {
    Stamp { unix_ms, mono_ms }
}

proptest! {
    /// What the window says is what a plain reading of the rules says, and it never stays open longer than the rules allow.
    #[test]
    fn the_window_closes_exactly_when_a_rule_says_so(steps in steps()) {
        let (mut unix, mut mono) = (1_700_000_000_000_i64, 5_000_u64);
        let mut window = Window::open(LIMITS, at(unix, mono));
        let (opened, mut used) = ((unix, mono), (unix, mono));
        for step in steps {
            let (wall, real) = match step {
                Step::Wait(ms) | Step::Use(ms) => (i64::from(ms), u64::from(ms)),
                Step::Sleep(ms) => (i64::from(ms), 0),
                Step::SetBack(ms) => (-i64::from(ms), 0),
            };
            unix += wall;
            mono += real;
            let drift = wall - i64::try_from(real).unwrap();
            let since = |(then_unix, then_mono): (i64, u64)| (unix - then_unix).max(i64::try_from(mono - then_mono).unwrap());
            let expected = if drift > 30_000 {
                Some(Cause::Sleep)
            } else if drift < -30_000 {
                Some(Cause::Clock)
            } else if since(opened) >= 3_600_000 {
                Some(Cause::Absolute)
            } else if since(used) >= 600_000 {
                Some(Cause::Idle)
            } else {
                None
            };
            prop_assert_eq!(window.look(at(unix, mono)), expected);
            if expected.is_some() {
                return Ok(());
            }
            prop_assert!(mono - used.1 < 600_000, "nobody finds it open after ten idle minutes of real time");
            prop_assert!(mono - opened.1 < 3_600_000, "or after an hour in all");
            if matches!(step, Step::Use(_)) {
                window.touch(at(unix, mono));
                used = (unix, mono);
            }
            prop_assert!(window.left_ms(at(unix, mono)) > 0, "there is time left as long as it is open");
        }
    }
}

#[test]
fn use_does_not_lengthen_the_absolute_limit() {
    let mut window = Window::open(LIMITS, at(0, 0));
    let mut closed = None;
    for minute in 1..=60_u32 {
        let now = at(i64::from(minute) * 60_000, u64::from(minute) * 60_000);
        closed = window.look(now).map(|cause| (minute, cause));
        window.touch(now);
    }
    assert_eq!(closed, Some((60, Cause::Absolute)), "an hour is an hour");
}

#[test]
fn limits_that_would_be_none_are_refused() {
    let limits = |idle_s, absolute_s| Limits { idle_s, absolute_s }.checked().is_ok();
    assert!(Limits::STANDARD.checked().is_ok(), "ten minutes and twelve hours");
    assert!(!limits(59, 3600), "shorter than a minute");
    assert!(!limits(86_401, 700_000), "idle for more than a day");
    assert!(!limits(3600, 600), "less in all than idle");
    assert!(!limits(3600, 604_801), "more than a week");
}
