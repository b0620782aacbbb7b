//! The band on top of each page: the environment in word, shape and colour, what the document is about, and the page's number.
//!
//! Deliberately absent: anything below it.

use super::canvas::{Canvas, Ink, Style, ink};
use crate::profile::ProfileEnvironment;

const MARGIN: f32 = 40.0;
const HEIGHT: f32 = 26.0;
/// Taken by the mark, the word and the number.
const TAKEN: f32 = 270.0;

/// Draws it over a page of this width.
pub fn draw(
    canvas: &mut Canvas<'_, '_>,
    width: f32,
    (environment, name): (ProfileEnvironment, &str),
    (number, pages): (usize, usize),
) {
    canvas.rect((0.0, 0.0), (width, HEIGHT), colour(environment));
    let on_band = match environment {
        ProfileEnvironment::Test => ink::TEXT,
        ProfileEnvironment::Live | ProfileEnvironment::Sandbox => Ink(255, 255, 255),
    };
    mark(canvas, environment, on_band);
    let word = environment.word().to_uppercase();
    canvas.text((MARGIN + 18.0, 17.5), &word, Style::strong(11.0, on_band), 90.0);
    canvas.text(
        (MARGIN + 118.0, 17.5),
        name,
        Style::regular(10.0, on_band),
        width - TAKEN,
    );
    let at = format!("page {number} of {pages}");
    canvas.text_to((width - MARGIN, 17.5), &at, Style::regular(9.0, on_band));
}

fn colour(environment: ProfileEnvironment) -> Ink {
    match environment {
        ProfileEnvironment::Live => Ink(179, 32, 28),
        ProfileEnvironment::Test => Ink(245, 166, 35),
        ProfileEnvironment::Sandbox => Ink(108, 76, 196),
    }
}

/// Solid bar, dotted bar, hatch: the environments' shapes (look.md).
fn mark(canvas: &mut Canvas<'_, '_>, environment: ProfileEnvironment, ink: Ink) {
    let (x, y) = (MARGIN, 7.0);
    match environment {
        ProfileEnvironment::Live => canvas.rect((x, y), (6.0, 13.0), ink),
        ProfileEnvironment::Test => {
            for dot in 0..3_u8 {
                canvas.rect((x, y + f32::from(dot) * 5.0), (4.0, 3.0), ink);
            }
        }
        ProfileEnvironment::Sandbox => {
            for stripe in 0..3_u8 {
                let from = x + f32::from(stripe) * 4.0;
                canvas.shape(
                    &[
                        (from, y + 13.0),
                        (from + 4.0, y),
                        (from + 6.0, y),
                        (from + 2.0, y + 13.0),
                    ],
                    ink,
                );
            }
        }
    }
}
