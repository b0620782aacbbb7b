//! A delivery as it was received: its headers, and the very bytes of its body.
//!
//! The signature is over those bytes, so nothing here reads or mends them. Deliberately absent: unpacking; Klarna signs what it
//! sends.

use crate::secret::redacted;
use zeroize::Zeroizing;

/// The largest delivery that is taken.
pub const MOST_DELIVERY_BYTES: usize = 1_000_000;

/// Says why bytes are no delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryRefusal {
    /// There is no empty line between headers and body.
    #[error(
        "No empty line stands between headers and body. Paste the headers, an empty line, and the body as received."
    )]
    NoEmptyLine,
    /// A line before the body is no header.
    #[error("A line before the body is no header. Write each as name, colon, value.")]
    NotAHeader,
    /// More than 1 MB.
    #[error("The delivery is larger than 1 MB. Klarna's are far smaller; check what was captured.")]
    TooLarge,
}

/// A delivery. Its body may hold tokens, so it is wiped and does not show itself.
pub struct Delivery {
    headers: Vec<(String, String)>,
    body: Zeroizing<Vec<u8>>,
}

redacted!(Delivery);

impl Delivery {
    /// Takes headers and the exact body.
    ///
    /// # Errors
    /// [`DeliveryRefusal::TooLarge`].
    pub fn new(
        headers: impl IntoIterator<Item = (String, String)>,
        body: Zeroizing<Vec<u8>>,
    ) -> Result<Self, DeliveryRefusal> {
        if body.len() > MOST_DELIVERY_BYTES {
            return Err(DeliveryRefusal::TooLarge);
        }
        let headers = headers.into_iter().collect();
        Ok(Self { headers, body })
    }

    /// Reads a capture: a request line if there is one, headers, an empty line, and the body up to the last byte.
    ///
    /// # Errors
    /// [`DeliveryRefusal`] says what is missing.
    pub fn from_capture(capture: &[u8]) -> Result<Self, DeliveryRefusal> {
        let (head, body) = divided(capture).ok_or(DeliveryRefusal::NoEmptyLine)?;
        let head = String::from_utf8_lossy(head);
        let mut headers = Vec::new();
        for (number, line) in head.lines().enumerate() {
            let is_request_line = number == 0 && line.contains(" HTTP/");
            if is_request_line || line.trim().is_empty() {
                continue;
            }
            let (name, value) = line.split_once(':').ok_or(DeliveryRefusal::NotAHeader)?;
            headers.push((name.trim().to_owned(), value.trim().to_owned()));
        }
        Self::new(headers, Zeroizing::new(body.to_vec()))
    }

    /// Returns the body.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// All values of a header, whatever its case: Klarna's own varies.
    pub(super) fn values(&self, name: &str) -> Vec<&str> {
        let named = self
            .headers
            .iter()
            .filter(|(given, _)| given.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.trim()).collect()
    }
}

/// Divides at the first empty line, with either kind of line end.
fn divided(capture: &[u8]) -> Option<(&[u8], &[u8])> {
    let ends = [b"\r\n\r\n".as_slice(), b"\n\n"];
    let found = ends.into_iter().filter_map(|end| {
        let at = capture.windows(end.len()).position(|window| window == end)?;
        Some((at, end.len()))
    });
    let (at, length) = found.min_by_key(|(at, _)| *at)?;
    let (head, rest) = capture.split_at(at);
    Some((head, rest.split_at(length).1))
}
