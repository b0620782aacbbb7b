//! `report.pdf`: one page for people, which says what `bundle.json` says and how to check it.

use super::facts::Told;
use super::{Made, Maker};
use crate::access::signed_file;
use crate::audit_export::Passage;
use crate::pdf::Paper;
use crate::pdf::canvas::{Canvas, Ink, Style, ink};
use crate::problem::Problem;
use crate::signature;

const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
const LEFT: f32 = 48.0;
const NAME: f32 = 128.0;
const ROOM: f32 = WIDTH - 2.0 * LEFT;
/// The band at the top: the look's dark ink.
const BAND: Ink = Ink(28, 26, 23);

/// Draws the page.
pub fn write(passage: &Passage<'_>, maker: &Maker, made: &Made, told: &Told) -> Result<Vec<u8>, Problem> {
    let made_at = jiff::Timestamp::from_millisecond(maker.now_ms).unwrap_or_default();
    let facts = facts(passage, maker, made, told);
    let proofs = proofs(maker, told);
    let drawn = Paper::new("Evidence of an audit log", made_at).and_then(|mut paper| {
        paper.page((WIDTH, HEIGHT), |canvas| {
            let y = head(canvas, made, told, passage.snapshot.size);
            let y = rows(canvas, y, &facts);
            let y = ruled(canvas, y);
            let y = rows(canvas, y, &proofs);
            let y = ruled(canvas, y);
            how(canvas, y);
        })?;
        paper.finish()
    });
    drawn.map_err(|fault| Problem::internal("draw a bundle's page", &std::io::Error::other(fault)))
}

/// A line between two parts; answers where the next begins.
fn ruled(canvas: &mut Canvas<'_, '_>, y: f32) -> f32 {
    canvas.rect((LEFT, y), (ROOM, 0.7), ink::LINE);
    y + 22.0
}

fn head(canvas: &mut Canvas<'_, '_>, made: &Made, told: &Told, size: u64) -> f32 {
    canvas.rect((0.0, 0.0), (WIDTH, 26.0), BAND);
    let paper = Ink(255, 255, 255);
    canvas.text((LEFT, 17.5), "GATEHOUSE AUDIT LOG", Style::strong(10.0, paper), 300.0);
    canvas.text_to((WIDTH - LEFT, 17.5), "evidence bundle", Style::regular(9.0, paper));
    canvas.text(
        (LEFT, 74.0),
        "Evidence of the audit log",
        Style::strong(22.0, ink::TEXT),
        ROOM,
    );
    let [succeeded, refused, unknown] = made.counts.outcomes;
    let numbers = [
        (told.entries, "entries here", ink::TEXT),
        (size, "in the whole log", ink::TEXT),
        (succeeded, "succeeded", ink::TEXT),
        (refused, "refused", if refused > 0 { ink::SOON } else { ink::TEXT }),
        (unknown, "unknown", if unknown > 0 { ink::DANGER } else { ink::TEXT }),
    ];
    let mut x = LEFT;
    for (number, word, colour) in numbers {
        canvas.text((x, 116.0), &number.to_string(), Style::strong(18.0, colour), 96.0);
        canvas.text((x, 131.0), word, Style::regular(8.5, ink::QUIET), 96.0);
        x += 101.0;
    }
    canvas.rect((LEFT, 144.0), (ROOM, 0.7), ink::LINE);
    166.0
}

fn facts(passage: &Passage<'_>, maker: &Maker, made: &Made, told: &Told) -> Vec<(&'static str, String)> {
    let asked = match passage.wanted.query.trim() {
        "" => "the whole log",
        asked => asked,
    };
    let kinds = made.counts.most(8).into_iter();
    let kinds: Vec<String> = kinds.map(|(kind, count)| format!("{kind} {count}")).collect();
    let (from, until) = (spaced(&made.counts.from), spaced(&made.counts.until));
    let report = &maker.report;
    let verified = format!("{}, {} entries, before this was made", report.verdict, report.size);
    vec![
        ("Asked for", asked.to_owned()),
        ("Written", format!("{from} to {until}")),
        ("Archived", archived(made)),
        ("Most entries", kinds.join(", ")),
        ("Persons", persons(passage.wanted.redact, made)),
        ("Verified", verified),
        ("Signed by colleagues", witnessed(passage.wanted.redact, made)),
        ("Log", told.log.clone()),
    ]
}

fn archived(made: &Made) -> String {
    match &made.archived {
        Some(told) => format!(
            "the first {} entries are in archives, and not here; entry #{} tells of them",
            told.size, told.seq
        ),
        None => "nothing that is not here".to_owned(),
    }
}

fn persons(redact: bool, made: &Made) -> String {
    if redact {
        "left out: side rows are not here, their commitments are, so that every proof holds".to_owned()
    } else {
        format!("named in {} entries", made.counts.named)
    }
}

fn witnessed(redact: bool, made: &Made) -> String {
    let names = made.witnesses.named(redact).into_iter().map(|(_, name)| name);
    match made.witnesses.largest() {
        Some(size) => format!("to #{size}, by {}", names.collect::<Vec<_>>().join(", ")),
        None => "by nobody: whoever has the computer and its key store could have rewritten the end".to_owned(),
    }
}

fn spaced(time: &str) -> String {
    time.replace('T', " ")
}

/// What is compared and checked.
fn proofs(maker: &Maker, told: &Told) -> Vec<(&'static str, String)> {
    let public = maker.key.public();
    let signer = maker.name.clone().unwrap_or_else(|| maker.key.id());
    vec![
        ("Made", spaced(&signed_file::time(maker.now_ms))),
        ("Signed by", signer),
        ("Key's fingerprint", signature::fingerprint(&public)),
        ("Root of the log", told.root.clone()),
        ("SHA-256 of bundle.json", told.sha256.clone()),
    ]
}

fn rows(canvas: &mut Canvas<'_, '_>, from: f32, rows: &[(&'static str, String)]) -> f32 {
    let style = Style::regular(9.0, ink::TEXT);
    let mut y = from;
    for (name, value) in rows {
        canvas.text((LEFT, y), name, Style::regular(9.0, ink::QUIET), NAME - 8.0);
        for line in canvas.fonts().wrapped(value, style, ROOM - NAME).iter().take(4) {
            canvas.text((LEFT + NAME, y), line, style, ROOM - NAME + 1.0);
            y += 13.0;
        }
        y += 4.0;
    }
    y
}

fn how(canvas: &mut Canvas<'_, '_>, from: f32) {
    canvas.text((LEFT, from), "How to check this", Style::strong(10.0, ink::TEXT), ROOM);
    let text = "Run python3 verify.py on the whole bundle; it needs Python 3 and the package cryptography, and nothing of Gatehouse. It checks the \
                signature over bundle.json and the hash of every file, the form of every entry, that each stands in the log under the checkpoint, the \
                checkpoint's signature, and what colleagues' keys signed. Then compare the fingerprint above with the person, by voice, and \
                the root with a checkpoint that a witness keeps. A printed page proves nothing by itself.";
    let style = Style::regular(9.0, ink::TEXT);
    let mut y = from + 16.0;
    for line in canvas.fonts().wrapped(text, style, ROOM) {
        canvas.text((LEFT, y), &line, style, ROOM + 1.0);
        y += 13.0;
    }
}
