//! One HTTP/1.1 POST to a loopback receiver, in some forty lines: no TLS, no redirect, no reuse of connections.

use super::Receiver;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// How long a receiver may take for each step.
const PATIENCE: Duration = Duration::from_secs(5);
/// A status line is shorter.
const LONGEST: u64 = 4_096;

/// What is posted.
pub(super) struct Letter<'a> {
    pub(super) headers: &'a [(&'static str, String)],
    pub(super) body: &'a [u8],
}

/// Posts and gives the status of the answer.
pub(super) fn post(receiver: &Receiver, letter: &Letter<'_>) -> io::Result<u16> {
    let socket = receiver.socket.parse().map_err(io::Error::other)?;
    let mut stream = TcpStream::connect_timeout(&socket, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut head = format!(
        "POST {} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n",
        receiver.path,
        receiver.host,
        letter.body.len()
    );
    for (name, value) in letter.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes())?;
    stream.write_all(letter.body)?;
    status(stream)
}

fn status(stream: TcpStream) -> io::Result<u16> {
    let mut line = Vec::new();
    let mut limited = stream.take(LONGEST);
    let mut byte = [0_u8];
    while !line.ends_with(b"\r\n") && limited.read(&mut byte)? == 1 {
        line.extend_from_slice(&byte);
    }
    let text = String::from_utf8_lossy(&line);
    let code = text.strip_prefix("HTTP/1.").and_then(|rest| rest.split(' ').nth(1));
    code.and_then(|code| code.trim().parse().ok())
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "no HTTP answer"))
}
