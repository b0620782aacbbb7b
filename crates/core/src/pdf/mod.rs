//! PDF/A-2b documents for people: pages that a topic draws, in our fonts and colours.
//!
//! A document says what signed files beside it say, and carries their hash. Deliberately absent: any layout, which is each topic's.

pub mod band;
pub mod canvas;

use krilla::configure::{Archival, ConfigurationBuilder};
use krilla::metadata::{DateTime, Metadata};
use krilla::page::PageSettings;
use krilla::{Document, SerializeSettings};

use canvas::{Canvas, Fonts};

/// A document that is being drawn.
pub struct Paper {
    document: Document,
    fonts: Fonts,
}

impl Paper {
    /// Begins a document.
    ///
    /// # Errors
    /// What makes it no PDF/A.
    pub fn new(title: &str, made_at: jiff::Timestamp) -> Result<Self, String> {
        let configuration = ConfigurationBuilder::new()
            .with_archival_validator(Archival::A2_B)
            .finish()
            .map_err(|cause| format!("{cause:?}"))?;
        let mut document = Document::new_with(SerializeSettings {
            configuration,
            enable_tagging: false,
            ..SerializeSettings::default()
        });
        document.set_metadata(metadata(title, made_at));
        Ok(Self {
            document,
            fonts: Fonts::load(),
        })
    }

    /// Draws one page of this width and height, in points.
    ///
    /// # Errors
    /// No page has that size.
    pub fn page(&mut self, (width, height): (f32, f32), draw: impl FnOnce(&mut Canvas<'_, '_>)) -> Result<(), String> {
        let settings = PageSettings::from_wh(width, height).ok_or_else(|| "no such page".to_owned())?;
        let mut page = self.document.start_page_with(settings);
        let mut surface = page.surface();
        draw(&mut Canvas::new(&mut surface, &self.fonts));
        surface.finish();
        page.finish();
        Ok(())
    }

    /// Ends the document.
    ///
    /// # Errors
    /// What makes it no PDF/A.
    pub fn finish(self) -> Result<Vec<u8>, String> {
        self.document.finish().map_err(|cause| format!("{cause:?}"))
    }
}

fn metadata(title: &str, made_at: jiff::Timestamp) -> Metadata {
    let at = made_at.to_zoned(jiff::tz::TimeZone::UTC);
    let number = |value: i8| value.unsigned_abs();
    let date = DateTime::new(at.year().unsigned_abs())
        .month(number(at.month()))
        .day(number(at.day()))
        .hour(number(at.hour()))
        .minute(number(at.minute()))
        .second(number(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    Metadata::new()
        .title(title.to_owned())
        .creator("Gatehouse".into())
        .language("en".into())
        .creation_date(date)
}
