//! Text, lines and boxes on a page: our two fonts, cut to width, and the colours of the look.
//!
//! Letters are placed one after another, without shaping: the fonts cover Latin, Greek and Cyrillic. What they have no glyph for is
//! written by its number, so that nothing is lost or mistaken; the exact text stands in the documents.

use std::collections::HashMap;

use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point};
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};
use unicode_normalization::UnicodeNormalization;

const REGULAR: &[u8] = include_bytes!("../../assets/inter-regular.ttf");
const SEMIBOLD: &[u8] = include_bytes!("../../assets/inter-semibold.ttf");

/// A colour: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ink(pub u8, pub u8, pub u8);

/// The colours of the look, as they stand on paper.
pub mod ink {
    use super::Ink;

    /// Text.
    pub const TEXT: Ink = Ink(28, 26, 23);
    /// Text of lesser weight.
    pub const QUIET: Ink = Ink(98, 93, 86);
    /// Lines between rows.
    pub const LINE: Ink = Ink(222, 217, 209);
    /// What is revoked.
    pub const DANGER: Ink = Ink(179, 32, 28);
    /// What deserves a look.
    pub const SOON: Ink = Ink(138, 90, 0);
}

/// Which of the two fonts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Regular.
    Regular,
    /// Semi-bold.
    Strong,
}

/// One of our fonts, with the glyph and advance of each letter, in parts of the size.
struct Face {
    font: Font,
    glyphs: HashMap<char, (GlyphId, f32)>,
}

impl Face {
    fn new(bytes: &'static [u8]) -> Self {
        let measure = FontRef::new(bytes).expect("the font in the program is sound");
        let metrics = measure.glyph_metrics(Size::new(1.0), LocationRef::default());
        let glyphs = measure.charmap().mappings().filter_map(|(letter, glyph)| {
            let advance = metrics.advance_width(glyph)?;
            Some((char::from_u32(letter)?, (GlyphId::new(glyph.to_u32()), advance)))
        });
        Self {
            font: Font::new(bytes.into(), 0).expect("the font in the program is sound"),
            glyphs: glyphs.collect(),
        }
    }

    fn glyph(&self, letter: char) -> Option<(GlyphId, f32)> {
        self.glyphs.get(&letter).copied()
    }
}

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// The font.
    pub weight: Weight,
    /// In points.
    pub size: f32,
    /// In which colour.
    pub ink: Ink,
}

impl Style {
    /// Regular text.
    #[must_use]
    pub const fn regular(size: f32, ink: Ink) -> Self {
        Self {
            weight: Weight::Regular,
            size,
            ink,
        }
    }

    /// Strong text.
    #[must_use]
    pub const fn strong(size: f32, ink: Ink) -> Self {
        Self {
            weight: Weight::Strong,
            size,
            ink,
        }
    }
}

/// The fonts, loaded once for a document.
pub struct Fonts {
    regular: Face,
    strong: Face,
}

impl Fonts {
    /// Loads both.
    #[must_use]
    pub fn load() -> Self {
        Self {
            regular: Face::new(REGULAR),
            strong: Face::new(SEMIBOLD),
        }
    }

    fn face(&self, weight: Weight) -> &Face {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Strong => &self.strong,
        }
    }

    /// The text as the fonts can write it: composed, without control characters, unknown letters by their number.
    fn writable(&self, text: &str) -> String {
        let mut found = String::with_capacity(text.len());
        for letter in text.nfc() {
            if letter.is_control() {
                found.push(' ');
            } else if self.regular.glyph(letter).is_some() {
                found.push(letter);
            } else {
                found.push_str(&format!("[U+{:04X}]", u32::from(letter)));
            }
        }
        found
    }

    /// How wide a text comes out.
    #[must_use]
    pub fn width(&self, text: &str, style: Style) -> f32 {
        let face = self.face(style.weight);
        let letters = text.chars().filter_map(|letter| face.glyph(letter));
        letters.map(|(_, advance)| advance).sum::<f32>() * style.size
    }

    /// The text in lines that fit a width, broken between words, and within a word that is longer than a line.
    #[must_use]
    pub fn wrapped(&self, text: &str, style: Style, width: f32) -> Vec<String> {
        let mut lines = vec![String::new()];
        for word in self.writable(text).split(' ') {
            let line = lines.last_mut().expect("there is always a line");
            let longer = if line.is_empty() {
                word.to_owned()
            } else {
                format!("{line} {word}")
            };
            if self.width(&longer, style) <= width {
                *line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(String::new());
            }
            for letter in word.chars() {
                let line = lines.last_mut().expect("there is always a line");
                if !line.is_empty() && self.width(&format!("{line}{letter}"), style) > width {
                    lines.push(letter.to_string());
                } else {
                    line.push(letter);
                }
            }
        }
        lines
    }

    fn cut(&self, text: &str, style: Style, width: f32) -> String {
        let text = self.writable(text);
        if self.width(&text, style) <= width {
            return text;
        }
        let room = width - self.width("…", style);
        let mut used = 0.0;
        let kept = text.chars().take_while(|letter| {
            used += self
                .face(style.weight)
                .glyph(*letter)
                .map_or(0.0, |(_, advance)| advance * style.size);
            used <= room
        });
        format!("{}…", kept.collect::<String>().trim_end())
    }
}

/// A page that is drawn on.
pub struct Canvas<'a, 'b> {
    surface: &'a mut Surface<'b>,
    fonts: &'a Fonts,
}

impl<'a, 'b> Canvas<'a, 'b> {
    /// Draws on a page's surface.
    pub fn new(surface: &'a mut Surface<'b>, fonts: &'a Fonts) -> Self {
        Self { surface, fonts }
    }

    /// The fonts, to measure with.
    #[must_use]
    pub fn fonts(&self) -> &'a Fonts {
        self.fonts
    }

    /// Writes a text from a point on its base line, cut to a width.
    pub fn text(&mut self, (x, y): (f32, f32), text: &str, style: Style, width: f32) {
        let text = self.fonts.cut(text, style, width);
        let face = self.fonts.face(style.weight);
        let glyphs: Vec<KrillaGlyph> = text
            .char_indices()
            .filter_map(|(at, letter)| {
                let (glyph_id, x_advance) = face.glyph(letter)?;
                Some(KrillaGlyph {
                    glyph_id,
                    text_range: at..at + letter.len_utf8(),
                    x_advance,
                    x_offset: 0.0,
                    y_offset: 0.0,
                    y_advance: 0.0,
                    location: None,
                })
            })
            .collect();
        self.fill(style.ink);
        let start = Point::from_xy(x, y);
        self.surface
            .draw_glyphs(start, &glyphs, face.font.clone(), &text, style.size, false);
    }

    /// Writes a text that ends at a point.
    pub fn text_to(&mut self, (right, y): (f32, f32), text: &str, style: Style) {
        let text = self.fonts.writable(text);
        let width = self.fonts.width(&text, style);
        self.text((right - width, y), &text, style, width + 1.0);
    }

    /// Fills a box.
    pub fn rect(&mut self, (x, y): (f32, f32), (width, height): (f32, f32), ink: Ink) {
        self.shape(&[(x, y), (x + width, y), (x + width, y + height), (x, y + height)], ink);
    }

    /// Fills a shape with straight sides.
    pub fn shape(&mut self, points: &[(f32, f32)], ink: Ink) {
        let mut path = PathBuilder::new();
        for (index, (x, y)) in points.iter().enumerate() {
            if index == 0 {
                path.move_to(*x, *y);
            } else {
                path.line_to(*x, *y);
            }
        }
        path.close();
        if let Some(path) = path.finish() {
            self.fill(ink);
            self.surface.draw_path(&path);
        }
    }

    fn fill(&mut self, ink: Ink) {
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(Fill {
            paint: rgb::Color::new(ink.0, ink.1, ink.2).into(),
            ..Fill::default()
        }));
    }
}
