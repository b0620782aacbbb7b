//! Reads and moves the sandbox's clock.
//!
//! `{"offset_s": 3600}` sets the offset, `{"advance_s": 60}` adds to it (or to the moment of a frozen clock),
//! `{"freeze": true}` stops the clock, `{"freeze": false}` lets it run from the machine's time and the offset.

use super::{Outcome, Trouble};
use crate::api::answer::Answer;
use crate::clock::{ClockSetting, rfc3339};
use crate::sandbox::Sandbox;
use serde::Deserialize;
use serde_json::{Value, json};

/// 1971 to 2200: certificates and dates can be written for these.
const YEARS: std::ops::Range<i64> = 31_536_000_000..7_258_118_400_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    offset_s: Option<i64>,
    advance_s: Option<i64>,
    freeze: Option<bool>,
}

pub(super) fn read(sandbox: &Sandbox) -> Answer {
    let (setting, now_ms) = (sandbox.clock.setting(), sandbox.clock.now_ms());
    let value = json!({
        "now": rfc3339(now_ms),
        "now_unix_ms": now_ms,
        "offset_s": setting.offset_ms / 1_000,
        "frozen": setting.frozen_at_ms.is_some(),
    });
    Answer::json(200, &value)
}

pub(super) fn put(sandbox: &Sandbox, body: &Value) -> Outcome {
    let change = Change::deserialize(body)
        .map_err(|error| Trouble::Refused(400, format!("The change cannot be read: {error}.")))?;
    let machine_ms = sandbox.clock.machine_ms();
    let setting = changed(sandbox.clock.setting(), &change, machine_ms);
    let now_ms = setting
        .frozen_at_ms
        .unwrap_or_else(|| machine_ms.saturating_add(setting.offset_ms));
    if !YEARS.contains(&now_ms) {
        return Err(Trouble::Refused(
            400,
            "The clock must stay between 1971 and 2200.".into(),
        ));
    }
    sandbox.set_clock(setting)?;
    Ok(read(sandbox))
}

fn changed(mut setting: ClockSetting, change: &Change, machine_ms: i64) -> ClockSetting {
    if let Some(offset_s) = change.offset_s {
        setting.offset_ms = offset_s.saturating_mul(1_000);
        setting.frozen_at_ms = setting
            .frozen_at_ms
            .map(|_| machine_ms.saturating_add(setting.offset_ms));
    }
    match change.freeze {
        Some(true) if setting.frozen_at_ms.is_none() => {
            setting.frozen_at_ms = Some(machine_ms.saturating_add(setting.offset_ms));
        }
        Some(false) => setting.frozen_at_ms = None,
        Some(true) | None => {}
    }
    if let Some(advance_s) = change.advance_s {
        let step_ms = advance_s.saturating_mul(1_000);
        setting.offset_ms = setting.offset_ms.saturating_add(step_ms);
        setting.frozen_at_ms = setting.frozen_at_ms.map(|at_ms| at_ms.saturating_add(step_ms));
    }
    setting
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(text: &str) -> Change {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_frozen_clock_advances_by_steps() {
        let frozen = changed(
            ClockSetting::default(),
            &change(r#"{"freeze":true,"advance_s":5}"#),
            1_000,
        );
        assert_eq!(frozen.frozen_at_ms, Some(6_000), "it stands five seconds ahead");
        let again = changed(frozen, &change(r#"{"advance_s":-2}"#), 99_000);
        assert_eq!(again.frozen_at_ms, Some(4_000), "the machine's time does not matter");
        let running = changed(again, &change(r#"{"freeze":false}"#), 99_000);
        assert_eq!(
            (running.offset_ms, running.frozen_at_ms),
            (3_000, None),
            "it runs with what was advanced"
        );
    }
}
