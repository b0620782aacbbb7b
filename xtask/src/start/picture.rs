//! Takes a picture of the virtual display once the window shows its content and has come to rest.

use std::collections::HashSet;
use std::path::Path;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::failure::{Doing, Failure, Outcome};
use crate::say;
use crate::session::Session;

/// An empty display has one colour, an empty window two; text alone brings dozens through its soft edges.
const COLOURS_OF_A_PAINTED_WINDOW: usize = 16;
/// A blinking text cursor changes dozens of pixels, a clock a few hundred; neither is unrest.
const CALM: usize = 400;
/// How long the display must stay the same to count as at rest.
const REST: Duration = Duration::from_millis(2500);
/// After this long a painted window is good enough, at rest or not.
const PATIENCE: Duration = Duration::from_secs(30);
/// A window that is not painted by then never will be.
const LIMIT: Duration = Duration::from_secs(90);

/// Waits for a painted window at rest that has a profile, then saves the picture.
///
/// While the sandbox is being made ready the window may rest too, so its title has to name the environment.
///
/// # Errors
/// When the app ends before, or nothing is painted within 90 s.
pub fn when_painted(session: &Session, app: &mut Child, file: &Path) -> Outcome {
    let begin = Instant::now();
    let mut before = Vec::new();
    let mut painted: Option<Instant> = None;
    let mut same_since = Instant::now();
    while begin.elapsed() < LIMIT {
        if let Some(status) = app.try_wait().doing("look after the app")? {
            return Err(Failure::new(format!(
                "the app ended before its window was painted ({status})."
            )));
        }
        let now = pixels(session)?;
        if differing(&now, &before) > CALM {
            before = now;
            same_since = Instant::now();
        }
        let is_painted = colours(&before) >= COLOURS_OF_A_PAINTED_WINDOW;
        if painted.is_none() && is_painted && names_its_environment(session)? {
            say::note(format!(
                "the window is painted, {} after the start",
                say::seconds(begin.elapsed())
            ));
            painted = Some(Instant::now());
        }
        let rests = |since: Instant| since.max(same_since).elapsed() >= REST || since.elapsed() >= PATIENCE;
        if painted.is_some_and(rests) {
            return session.picture(file);
        }
        sleep(Duration::from_millis(250));
    }
    Err(Failure::new("the window was not painted within 90 s."))
}

/// Whether a window's title names an environment, as it does once there is a profile.
fn names_its_environment(session: &Session) -> Outcome<bool> {
    let mut search = Command::new("xdotool");
    search.args(["search", "--name", "Gatehouse .*(SANDBOX|TEST|LIVE)"]);
    let found = session
        .enter(&mut search)
        .output()
        .doing("look for the window's title")?;
    Ok(found.status.success())
}

fn pixels(session: &Session) -> Outcome<Vec<u8>> {
    let mut command = Command::new("import");
    command.args(["-window", "root", "-depth", "8", "rgb:-"]);
    let shot = session
        .enter(&mut command)
        .output()
        .doing("look at the virtual display")?;
    if shot.status.success() {
        Ok(shot.stdout)
    } else {
        Err(Failure::new("`import` could not read the display."))
    }
}

fn colours(pixels: &[u8]) -> usize {
    pixels.chunks_exact(3).collect::<HashSet<_>>().len()
}

fn differing(now: &[u8], before: &[u8]) -> usize {
    let pairs = now.chunks_exact(3).zip(before.chunks_exact(3));
    now.len().abs_diff(before.len()) / 3 + pairs.filter(|(now, before)| now != before).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blinking_cursor_is_no_unrest_and_a_new_screen_is() {
        let (screen, mut cursor) = (vec![255_u8; 3 * 1000], vec![255_u8; 3 * 1000]);
        cursor.iter_mut().take(3 * 40).for_each(|part| *part = 0);
        assert!(differing(&cursor, &screen) <= CALM, "40 pixels are a cursor");
        assert!(differing(&screen, &[]) > CALM, "the first look is always new");
    }

    #[test]
    fn an_empty_window_does_not_count_as_painted() {
        let empty = [[0_u8, 0, 0], [255, 255, 255]].concat();
        assert!(
            colours(&empty) < COLOURS_OF_A_PAINTED_WINDOW,
            "background and blank page are two colours"
        );
    }
}
