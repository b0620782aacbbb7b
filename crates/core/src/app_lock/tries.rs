//! Wrong passphrases make the next try wait, longer each time; kept in the database, so that a restart does not forget.

use crate::database;
use crate::facade::Core;
use crate::problem::{ErrorCode, Problem};

const SETTING: &str = "app_lock_tries";
/// So many may be wrong before anybody waits: people mistype.
const FREE: u32 = 3;
const LONGEST_S: u32 = 300;

/// Milliseconds that are still to be waited for.
pub(super) fn wait_ms(core: &Core) -> Result<u64, Problem> {
    let Some((wrong, last_ms)) = load(core)? else {
        return Ok(0);
    };
    let delay_ms = i64::from(delay_s(wrong)) * 1000;
    // A clock that was set back does not end the waiting; one that was set forward is no worse than waiting.
    let since = core.clock().unix_ms().saturating_sub(last_ms).max(0);
    Ok(u64::try_from(delay_ms.saturating_sub(since)).unwrap_or(0))
}

/// Refuses a try that comes too soon.
///
/// # Errors
/// `passphrase_wait`.
pub(super) fn may_try(core: &Core) -> Result<(), Problem> {
    let wait_ms = wait_ms(core)?;
    if wait_ms == 0 {
        return Ok(());
    }
    Err(Problem::new(
        ErrorCode::PassphraseWait,
        format!(
            "After several wrong passphrases the next one is taken in {} s.",
            wait_ms.div_ceil(1000)
        ),
        "Wait, then enter it with care; nobody can restore a forgotten one.",
    ))
}

/// Counts a wrong one.
pub(super) fn count(core: &Core) -> Result<(), Problem> {
    let wrong = load(core)?.map_or(0, |(wrong, _)| wrong).saturating_add(1);
    let text = format!("{wrong} {}", core.clock().unix_ms());
    database::set_setting(&*core.database_for_change()?, SETTING, &text)
}

/// A right one: all is forgiven.
pub(super) fn forgive(core: &Core) -> Result<(), Problem> {
    if load(core)?.is_some() {
        database::remove_setting(&*core.database_for_change()?, SETTING)?;
    }
    Ok(())
}

fn load(core: &Core) -> Result<Option<(u32, i64)>, Problem> {
    let text = database::setting(&core.database(), SETTING)?;
    Ok(text.and_then(|text| {
        let (wrong, last_ms) = text.split_once(' ')?;
        Some((wrong.parse().ok()?, last_ms.parse().ok()?))
    }))
}

/// 2 s after the third wrong one, then double each time.
fn delay_s(wrong: u32) -> u32 {
    if wrong < FREE {
        return 0;
    }
    2_u32.checked_pow(wrong - FREE + 1).unwrap_or(LONGEST_S).min(LONGEST_S)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_grows_and_ends_at_five_minutes() {
        let delays: Vec<u32> = (0..14).map(delay_s).collect();
        assert_eq!(
            delays,
            [0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300],
            "people mistype; guessing is slow"
        );
        assert_eq!(delay_s(u32::MAX), LONGEST_S, "no count is too large");
    }
}
