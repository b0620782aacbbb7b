//! The rows of the real window: its start beside a bare window's, and a key press beside the same rows from memory.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use super::driver::Driver;
use super::fields;
use super::place::Place;
use super::row::{Limit, Row};
use super::samples::Samples;
use crate::failure::{Doing, Failure, Outcome};
use crate::paths;

const STARTS: usize = 20;
/// The moment the second frame was drawn, on the system's clock.
const PAINTED: &str = "const mark = performance.getEntriesByName('list-painted')[0]; \
    return mark ? String(performance.timeOrigin + mark.startTime) : ''";
/// The moment the app stood in the place of the first picture, two frames after it was put there.
const STANDS: &str = "const mark = performance.getEntriesByName('app-stands')[0]; \
    return mark ? String(performance.timeOrigin + mark.startTime) : ''";
/// The one measure that the page keeps: from the key press to its rows on the screen.
const ROWS: &str = "const [last] = performance.getEntriesByName('rows-painted'); \
    return last ? JSON.stringify({ ...last.detail, ms: last.duration }) : ''";
/// What is typed behind the prefix, each time one key.
const PREFIXES: [&str; 2] = ["", "s"];
const LETTERS: &str = "abcdefghijklmnoprstuvwxy1470";
/// A second key so soon after the first that nothing was looked ahead; few names hold it twice.
const HASTY: char = 'u';
const BACKSPACE: &str = "\u{e003}";
/// Long enough for the rows, the detail beside them and the driver's own work to be over.
const REST: Duration = Duration::from_millis(150);
/// Long enough for the processes of the window before to be gone, whichever it was.
const GONE: Duration = Duration::from_millis(400);

/// From the start of the process to the list on the screen, beside a bare window's start to its empty page.
pub fn start(place: &Place<'_>) -> Outcome<Vec<Row>> {
    let (app, bare) = (wrapper(place, "gatehouse-desktop")?, wrapper(place, "bare-window")?);
    let data = place.data.to_string_lossy();
    let ours = ["--data-dir", &data];
    let (mut painted, mut stood, mut peers) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=STARTS {
        sleep(GONE);
        let own = moments(place, &app, &ours, [PAINTED, STANDS])?;
        sleep(GONE);
        let [peer] = moments(place, &bare, &[], [PAINTED])?;
        // The first of each warms the caches of files and shaders.
        if round > 0 {
            painted.push(own[0]);
            stood.push(own[1]);
            peers.push(peer);
        }
    }
    let list = Row {
        name: "window: start to usable list of 100,000",
        unit: "ms",
        ours: Samples::new(painted),
        peer: Some(("a bare window's empty page", Samples::new(peers))),
        limit: Limit::AtMostTimes(1.2),
    };
    let behind = Row {
        name: "window: start to the app standing behind it",
        unit: "ms",
        ours: Samples::new(stood),
        peer: None,
        limit: Limit::Reported,
    };
    Ok(vec![list, behind])
}

/// From a key press to its rows on the screen: at a person's pace, and two keys at once, which leave no time to look ahead; each beside
/// the same rows again from the page's memory.
pub fn search(place: &Place<'_>) -> Outcome<Vec<Row>> {
    let program = paths::built("release", "gatehouse-desktop");
    let data = place.data.to_string_lossy();
    let log = place.folder.join("search.log");
    let window = Driver::open(place.session, &program, &["--data-dir", &data], &log)?;
    window.await_text(STANDS)?;
    let field = window.find("#search")?;
    sleep(REST * 8);
    let (mut found, mut hasty, mut kept) = (Vec::new(), Vec::new(), Vec::new());
    for prefix in PREFIXES {
        type_in(&window, &field, prefix)?;
        for letter in LETTERS.chars() {
            let (query, letter) = (format!("{prefix}{letter}"), letter.to_string());
            found.push(press(&window, &field, &query, &letter, &["ahead", "rust"])?);
            type_in(&window, &field, BACKSPACE)?;
            kept.push(press(&window, &field, &query, &letter, &["memory"])?);
            type_in(&window, &field, BACKSPACE)?;
        }
        type_in(&window, &field, &BACKSPACE.repeat(prefix.len()))?;
    }
    for first in LETTERS.chars() {
        let keys = format!("{first}{HASTY}");
        hasty.push(press(&window, &field, &keys, &keys, &["rust"])?);
        type_in(&window, &field, &BACKSPACE.repeat(keys.len()))?;
    }
    let kept = Samples::new(kept);
    Ok(vec![
        Row {
            name: "window: key press to painted rows",
            unit: "ms",
            ours: Samples::new(found),
            peer: Some(("the same rows from memory", kept.clone())),
            limit: Limit::AtMostTimes(1.3),
        },
        Row {
            name: "window: the second of two keys at once to painted rows",
            unit: "ms",
            ours: Samples::new(hasty),
            peer: Some(("rows from memory", kept)),
            limit: Limit::Reported,
        },
    ])
}

fn type_in(window: &Driver, field: &str, keys: &str) -> Outcome {
    if !keys.is_empty() {
        window.press(field, keys)?;
        sleep(REST);
    }
    Ok(())
}

/// Presses keys and reads the time that the page took for the last; it must be for this query and from one of these places.
fn press(window: &Driver, field: &str, query: &str, keys: &str, sources: &[&str]) -> Outcome<f64> {
    type_in(window, field, keys)?;
    let told = window.await_text(ROWS)?;
    if fields::text(&told, "query")? == query && sources.contains(&fields::text(&told, "source")?.as_str()) {
        return fields::number(&told, "ms");
    }
    Err(Failure::new(format!(
        "after {query:?} from {sources:?} the page told of {told}"
    )))
}

/// Starts a program through its wrapper; answers the ms from there to each moment that its page tells of.
fn moments<const N: usize>(place: &Place<'_>, wrapper: &Path, args: &[&str], wanted: [&str; N]) -> Outcome<[f64; N]> {
    let log = place.folder.join("start.log");
    let window = Driver::open(place.session, wrapper, args, &log)?;
    let number = |text: &str| text.trim().parse::<f64>().doing(format!("read \"{text}\""));
    let mut found = [0.0; N];
    for (moment, script) in found.iter_mut().zip(wanted) {
        *moment = number(&window.await_text(script)?)?;
    }
    let spawned = fs::read_to_string(wrapper.with_extension("spawned")).doing("read when the program was started")?;
    let spawned = number(&spawned)? / 1000.0;
    Ok(found.map(|moment| moment - spawned))
}

/// The driver starts the program itself, so a script in between notes the time (in µs) just before it becomes the program.
fn wrapper(place: &Place<'_>, program: &str) -> Outcome<PathBuf> {
    let path = place.folder.join(program);
    let note = path.with_extension("spawned");
    let text = format!(
        "#!/bin/bash\necho \"${{EPOCHREALTIME/[.,]/}}\" > '{}'\nexec '{}' \"$@\"\n",
        note.display(),
        paths::built("release", program).display()
    );
    fs::write(&path, text).doing(format!("write {}", path.display()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).doing("make a script a program")?;
    }
    Ok(path)
}
