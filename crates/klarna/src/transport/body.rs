//! Reading an answer's body: up to 1 MB counted after unpacking, no pause longer than the read limit, wiped afterwards.
//!
//! Deliberately absent: understanding it.

use std::time::Duration;
use tokio::time::timeout;
use zeroize::{Zeroize, Zeroizing};

/// The largest answer that is read.
const LIMIT: usize = 1_000_000;

/// Why a body was not read to its end.
pub(super) enum Unread {
    /// More than the limit came, or was announced.
    TooLarge,
    /// Nothing more came in time.
    Stalled,
    /// The connection broke, or the packing was damaged.
    Broken(reqwest::Error),
}

/// Reads a body to its end.
pub(super) async fn read(
    response: &mut reqwest::Response,
    longest_pause: Duration,
) -> Result<Zeroizing<Vec<u8>>, Unread> {
    let announced = response.content_length().map(usize::try_from);
    let announced = announced.map(|length| length.unwrap_or(usize::MAX));
    if announced.is_some_and(|length| length > LIMIT) {
        return Err(Unread::TooLarge);
    }
    let mut body = Zeroizing::new(Vec::with_capacity(announced.unwrap_or(4096)));
    loop {
        let piece = timeout(longest_pause, response.chunk()).await;
        let piece = piece.map_err(|_| Unread::Stalled)?;
        let Some(piece) = piece.map_err(Unread::Broken)? else {
            return Ok(body);
        };
        if body.len() + piece.len() > LIMIT {
            return Err(Unread::TooLarge);
        }
        grow(&mut body, piece.len());
        body.extend_from_slice(&piece);
    }
}

/// Makes room without leaving a copy behind.
fn grow(body: &mut Zeroizing<Vec<u8>>, more: usize) {
    if body.capacity() - body.len() < more {
        let mut larger = Vec::with_capacity((body.len() + more) * 2);
        larger.extend_from_slice(body);
        std::mem::swap(&mut **body, &mut larger);
        larger.zeroize();
    }
}
