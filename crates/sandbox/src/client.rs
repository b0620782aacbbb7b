//! Asks a running sandbox in plain HTTP/1.0 on loopback, so that no program that steers one needs a client library for it.
//!
//! Each call has a connection of its own, which the sandbox closes after its answer. Deliberately absent: Klarna's API, which has a
//! client elsewhere that this one must share nothing with.

use crate::serve::Address;
use serde_json::Value;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long a control call may take for each step.
const PATIENCE: Duration = Duration::from_secs(30);
/// No answer is longer.
const LONGEST: u64 = 256 << 20;

/// A call that did not go well.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// Nobody answers there, or not as a sandbox does.
    #[error("The sandbox does not answer: {0}.")]
    Silent(#[from] io::Error),
    /// The sandbox refused it.
    #[error("The sandbox refused that ({status}): {said}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// What it said.
        said: String,
    },
}

impl Address {
    /// Makes one call of the control API: the method, the name behind `/_sandbox/`, the body; an empty answer is `null`.
    ///
    /// # Errors
    /// What kept the sandbox from answering, or what it said.
    pub fn control(&self, method: &str, name: &str, body: Option<&Value>) -> Result<Value, AskError> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let head = format!(
            "{method} /_sandbox/{name} HTTP/1.0\r\nX-Sandbox-Control: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n",
            self.control_token,
            body.len()
        );
        let bytes = accepted(exchange(&self.http, &(head, body), PATIENCE)?)?;
        if bytes.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&bytes).map_err(|cause| AskError::Silent(cause.into()))
    }

    /// Whether this sandbox answers under that address.
    #[must_use]
    pub fn answers_at(&self, url: &str) -> bool {
        let own = [&self.http, &self.https];
        own.iter()
            .filter_map(|origin| url.strip_prefix(origin.as_str()))
            .any(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// Reads a page of the sandbox at that origin, such as its merchants' CSV.
///
/// # Errors
/// As [`Address::control`].
pub fn read_page(origin: &str, path: &str) -> Result<Vec<u8>, AskError> {
    accepted(exchange(
        origin,
        &(format!("GET {path} HTTP/1.0\r\n"), String::new()),
        PATIENCE,
    )?)
}

/// Whether a sandbox is at that origin: what its health says.
pub(crate) fn health(origin: &str, patience: Duration) -> io::Result<Vec<u8>> {
    let (_, said) = exchange(
        origin,
        &("GET /_sandbox/health HTTP/1.0\r\n".into(), String::new()),
        patience,
    )?;
    Ok(said)
}

/// Sends a head without its host, and a body; answers the status and the body.
fn exchange(origin: &str, (head, body): &(String, String), patience: Duration) -> io::Result<(u16, Vec<u8>)> {
    let unusable = || io::Error::from(io::ErrorKind::InvalidInput);
    let host = origin.strip_prefix("http://").ok_or_else(unusable)?;
    let address: SocketAddr = host.parse().map_err(|_| unusable())?;
    let mut stream = TcpStream::connect_timeout(&address, patience)?;
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(patience))?;
    stream.write_all(format!("{head}Host: {host}\r\n\r\n{body}").as_bytes())?;
    let mut answer = Vec::new();
    stream.take(LONGEST).read_to_end(&mut answer)?;
    split(answer)
}

fn split(mut answer: Vec<u8>) -> io::Result<(u16, Vec<u8>)> {
    let no_http = || io::Error::new(io::ErrorKind::InvalidData, "that is no HTTP answer");
    let end = answer
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .ok_or_else(no_http)?;
    let status = answer.get(9..12).and_then(|digits| std::str::from_utf8(digits).ok());
    let status = status.and_then(|digits| digits.parse().ok()).ok_or_else(no_http)?;
    Ok((status, answer.split_off(end + 4)))
}

fn accepted((status, body): (u16, Vec<u8>)) -> Result<Vec<u8>, AskError> {
    if (200..300).contains(&status) {
        return Ok(body);
    }
    let said = String::from_utf8_lossy(&body).chars().take(400).collect();
    Err(AskError::Refused { status, said })
}
