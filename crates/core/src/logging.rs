//! The diagnostic log: JSON lines in `logs/`, one file a day, with everything that looks like a secret masked.
//!
//! Types keep secrets out by having no text form; this writer is the last wall, for text from outside that may hold one.
//! Deliberately absent: the audit log, and any sending of logs elsewhere.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;

use crate::data_dir;

/// Lines that may wait to be written; beyond that they are dropped. The library's own 128,000 take a cold command two milliseconds to lay out.
const WAITING_LINES: usize = 4096;

/// Begins writing to `dir/logs`; the guard flushes when it is dropped. Without a writable directory nothing is logged.
#[must_use]
pub fn begin(dir: &Path, filter: Option<&str>) -> Option<WorkerGuard> {
    let folder = dir.join("logs");
    std::fs::create_dir_all(&folder).ok()?;
    let _ = data_dir::private_dir(&folder);
    let file = tracing_appender::rolling::Builder::new()
        .rotation(tracing_appender::rolling::Rotation::DAILY)
        .filename_prefix("gatehouse")
        .filename_suffix("jsonl")
        .max_log_files(14)
        .build(&folder)
        .ok()?;
    for entry in std::fs::read_dir(&folder).ok()?.flatten() {
        let _ = data_dir::private_file(&entry.path());
    }
    let (writer, guard) = NonBlockingBuilder::default()
        .buffered_lines_limit(WAITING_LINES)
        .finish(Masking(file));
    let lines = tracing_subscriber::fmt().json().with_writer(writer);
    // A filter's own language takes a millisecond to get ready, which a cold command would feel.
    let begun = match filter.and_then(|filter| EnvFilter::try_new(filter).ok()) {
        Some(filter) => lines.with_env_filter(filter).try_init(),
        None => lines.with_max_level(tracing::Level::INFO).try_init(),
    };
    begun.is_ok().then_some(guard)
}

/// Masks each line on its way to the file.
struct Masking<W>(W);

impl<W: Write> Write for Masking<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.write_all(masked(&String::from_utf8_lossy(line)).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Replaces words that look like a secret: JWTs, API keys, customer tokens, portal links, private keys.
#[must_use]
pub fn masked(text: &str) -> String {
    text.split_inclusive(|letter: char| !is_word(letter))
        .map(mask_piece)
        .collect()
}

fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.' | '/' | ':' | '+' | '=' | '%' | '?' | '&')
}

fn mask_piece(piece: &str) -> Cow<'_, str> {
    let word = piece.trim_end_matches(|letter: char| !is_word(letter));
    let rest = piece.get(word.len()..).unwrap_or_default();
    if is_secret(word) {
        format!("<redacted>{rest}").into()
    } else {
        piece.into()
    }
}

fn is_secret(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let token = word.contains("eyJ") && word.matches('.').count() >= 1;
    let key = lower.contains("klarna_live_api_") || lower.contains("klarna_test_api_");
    let customer = lower.contains("customer-token:") || lower.contains("customer_token");
    let link = lower.starts_with("http")
        && (lower.contains("/portal/open/") || lower.contains("deep-link") && lower.contains("token"));
    let der = word.starts_with("MIGHAgEA") || word.starts_with("MHcCAQEE");
    token || key || customer || link || der
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn what_looks_like_a_secret_is_masked_and_the_rest_stays() {
        for secret in [
            "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln",
            "klarna_test_api_abcDEF123",
            "http://127.0.0.1:4000/portal/open/abcdef",
            "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQ",
        ] {
            let line = format!("{{\"message\":\"failed for {secret}\",\"code\":\"x\"}}\n");
            let masked = masked(&line);
            assert!(!masked.contains(secret), "{secret} is gone");
            assert!(masked.contains("failed for <redacted>"), "the sentence stays");
            assert!(masked.ends_with("\"code\":\"x\"}\n"), "the rest of the line stays");
        }
        let plain = "krn:partner:global:account:test:LYABCDEI opened at 12:00\n";
        assert_eq!(masked(plain), plain, "ids and times are no secrets");
    }
}
