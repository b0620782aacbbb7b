//! The first two answers, handed to the page with its own text, so that the first picture waits for no message.
//!
//! The isolation frame needs a tenth of a second before the first command gets through; state and first rows are known long before.
//! They stand in `index.html` as a JSON data block, once: a page that is loaded again asks by command. Deliberately absent: anything
//! that a command would not answer; and waiting for long, because a page without rows is better than no page.

use std::borrow::Cow;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use gatehouse_core::Gatehouse;
use serde::Serialize;

use crate::shown;
use crate::views::app::AppStateView;
use crate::views::merchants::MerchantsWindow;

/// How many rows the page asks for at first (`FIRST_ROWS` in ui/src/ipc/first.ts).
const FIRST_ROWS: u32 = 60;
/// How long the page waits for them at most.
const PATIENCE: Duration = Duration::from_millis(100);
const BLOCK_ID: &str = "first-answers";

/// The answers: on their way, there, or taken.
#[derive(Default)]
pub struct FirstAnswers {
    slot: Mutex<Slot>,
    filled: Condvar,
}

#[derive(Default)]
enum Slot {
    #[default]
    OnTheWay,
    There(String),
    Gone,
}

#[derive(Serialize)]
struct Answers {
    state: AppStateView,
    rows: Option<MerchantsWindow>,
}

impl FirstAnswers {
    /// Keeps the answers, or that there are none.
    pub fn fill(&self, answers: Option<String>) {
        let slot = answers.map_or(Slot::Gone, Slot::There);
        *self.slot.lock().unwrap_or_else(PoisonError::into_inner) = slot;
        self.filled.notify_all();
    }

    /// Takes the answers, once; waits a moment while they are on their way.
    pub fn take(&self) -> Option<String> {
        let slot = self.slot.lock().unwrap_or_else(PoisonError::into_inner);
        let on_the_way = |slot: &mut Slot| matches!(slot, Slot::OnTheWay);
        let waited = self.filled.wait_timeout_while(slot, PATIENCE, on_the_way);
        let (mut slot, _) = waited.unwrap_or_else(PoisonError::into_inner);
        match std::mem::replace(&mut *slot, Slot::Gone) {
            Slot::There(answers) => Some(answers),
            Slot::OnTheWay | Slot::Gone => None,
        }
    }
}

/// Asks the core what the page will ask first; `None` when it cannot answer, and the page then hears why by command.
pub fn ask(core: &Gatehouse, data_dir: &std::path::Path) -> Option<String> {
    let state = shown::app::state(core, data_dir).ok()?;
    // A locked window is covered; a picture of the merchants under it would be seen for a moment.
    if state.lock.locked.is_some() {
        return None;
    }
    let rows = state
        .active
        .is_some()
        .then(|| shown::merchants::first(core, FIRST_ROWS));
    let rows = rows.transpose().ok()?;
    serde_json::to_string(&Answers { state, rows }).ok()
}

/// Puts the answers into a page's head; a page without one stays as it is.
pub fn put(page: &mut Cow<'static, [u8]>, answers: &str) {
    const HEAD_END: &[u8] = b"</head>";
    let Some(at) = page.windows(HEAD_END.len()).position(|part| part == HEAD_END) else {
        return;
    };
    // Without "<" nothing in the text can end the block or begin another.
    let text = answers.replace('<', "\\u003c");
    let block = format!("<script type=\"application/json\" id=\"{BLOCK_ID}\">{text}</script>");
    page.to_mut().splice(at..at, block.into_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page_with(answers: &str) -> String {
        let mut page = Cow::Borrowed(&b"<html><head></head><body></body></html>"[..]);
        put(&mut page, answers);
        String::from_utf8(page.into_owned()).unwrap()
    }

    #[test]
    fn a_name_cannot_end_the_block() {
        let page = page_with("{\"name\":\"</script><img src=x>\"}");
        assert_eq!(
            page.matches("</script>").count(),
            1,
            "only our own end of the block is there"
        );
        assert!(
            page.contains("\\u003c/script>\\u003cimg"),
            "the name is still the same text to JSON"
        );
    }

    #[test]
    fn a_page_without_a_head_stays_as_it_is() {
        let mut page = Cow::Borrowed(&b"<p>nothing</p>"[..]);
        put(&mut page, "{}");
        assert_eq!(&*page, b"<p>nothing</p>", "nothing is put into the wrong place");
    }

    #[test]
    fn the_answers_are_handed_out_once() {
        let answers = FirstAnswers::default();
        answers.fill(Some("{}".to_owned()));
        assert_eq!(answers.take().as_deref(), Some("{}"), "the first page gets them");
        assert_eq!(answers.take(), None, "a page that is loaded again asks anew");
    }

    #[test]
    fn a_slow_core_does_not_hold_the_page_back_for_long() {
        let began = std::time::Instant::now();
        assert_eq!(FirstAnswers::default().take(), None, "they are not there yet");
        assert!(began.elapsed() < Duration::from_secs(2), "the page comes without them");
    }
}
