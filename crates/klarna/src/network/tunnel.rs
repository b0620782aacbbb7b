//! Asking a proxy for a tunnel by hand: to see what it says, which the HTTP library does not tell by type.
//!
//! Used by the probe, and after a call that failed at the proxy, in a connection of its own; a CONNECT is no call and changes
//! nothing. Only plain `http://` proxies are asked. Deliberately absent: SOCKS and `https://` proxies, of which only the
//! connection is tried.

use super::proxy::ProxyFault;
use hyper_util::client::proxy::matcher::Intercept;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use zeroize::Zeroizing;

/// The longest head of an answer that is read.
const LONGEST_HEAD: usize = 16_384;
/// How long a proxy that said yes is listened to: in TLS the client speaks first, so a proxy stays silent.
const LISTEN: Duration = Duration::from_millis(200);
/// How long one look at a proxy may take after a failed call.
const LOOK: Duration = Duration::from_secs(2);

/// Where a proxy listens.
pub(crate) fn name_of(proxy: &Intercept) -> (String, u16) {
    let uri = proxy.uri();
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let usual = match uri.scheme_str() {
        Some("https") => 443,
        Some(scheme) if scheme.starts_with("socks") => 1080,
        Some(_) | None => 80,
    };
    (host, uri.port_u16().unwrap_or(usual))
}

/// Asks for a tunnel over a fresh connection; gives it back when the proxy agreed.
pub(crate) async fn open(mut stream: TcpStream, proxy: &Intercept, target: &str) -> Result<TcpStream, ProxyFault> {
    let mut ask = Zeroizing::new(format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n"));
    if let Some(auth) = proxy.basic_auth().and_then(|value| value.to_str().ok()) {
        ask.push_str("Proxy-Authorization: ");
        ask.push_str(auth);
        ask.push_str("\r\n");
    }
    ask.push_str("\r\n");
    stream.write_all(ask.as_bytes()).await.map_err(|_| ProxyFault::Silent)?;
    let (head, early) = read_head(&mut stream).await?;
    judge(&head, early)?;
    Ok(stream)
}

/// Reads up to the empty line; says whether more came with it.
async fn read_head(stream: &mut TcpStream) -> Result<(String, bool), ProxyFault> {
    let mut seen = Vec::new();
    loop {
        let mut piece = [0; 1024];
        let count = stream.read(&mut piece).await.map_err(|_| ProxyFault::Silent)?;
        seen.extend_from_slice(piece.get(..count).unwrap_or_default());
        if !b"HTTP/1.".starts_with(seen.get(..7).unwrap_or(&seen)) {
            return Err(ProxyFault::NotAProxy(None));
        }
        if let Some(end) = seen.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = seen.get(..end).unwrap_or_default();
            return Ok((String::from_utf8_lossy(head).into_owned(), seen.len() > end + 4));
        }
        if count == 0 || seen.len() > LONGEST_HEAD {
            return Err(ProxyFault::Silent);
        }
    }
}

/// What the answer to CONNECT means. A proxy that agrees sends no body (RFC 9110 9.3.6); whoever sends one, redirects, or does not
/// know the method is a web server.
fn judge(head: &str, early: bool) -> Result<(), ProxyFault> {
    let mut lines = head.lines();
    let first = lines.next().unwrap_or_default();
    let status = first.split(' ').nth(1).and_then(|word| word.parse::<u16>().ok());
    let status = status.ok_or(ProxyFault::NotAProxy(None))?;
    let body = early || lines.any(announces_body);
    match status {
        200..=299 if body => Err(ProxyFault::NotAProxy(Some(status))),
        200..=299 => Ok(()),
        407 => Err(ProxyFault::SignInNeeded),
        300..=399 | 400 | 404 | 405 | 501 => Err(ProxyFault::NotAProxy(Some(status))),
        _ => Err(ProxyFault::Refused(status)),
    }
}

fn announces_body(line: &str) -> bool {
    let (name, value) = line.split_once(':').unwrap_or_default();
    let value = value.trim().to_ascii_lowercase();
    match name.trim().to_ascii_lowercase().as_str() {
        "content-length" => value != "0",
        "content-type" => value.starts_with("text/html"),
        _ => false,
    }
}

/// Looks at a proxy after a call through it failed; nothing when it would let us through.
pub(crate) async fn diagnose(proxy: &Intercept, target: &str) -> Option<ProxyFault> {
    let look = async {
        let (host, port) = name_of(proxy);
        let mut addresses = match tokio::net::lookup_host((host.as_str(), port)).await {
            Ok(addresses) => addresses.peekable(),
            Err(_) => return Some(ProxyFault::NameUnknown),
        };
        addresses.peek()?;
        let Ok(stream) = TcpStream::connect(addresses.collect::<Vec<_>>().as_slice()).await else {
            return Some(ProxyFault::Unreachable);
        };
        if proxy.uri().scheme_str() != Some("http") {
            return None;
        }
        match open(stream, proxy, target).await {
            Ok(mut stream) => talks_first(&mut stream).await,
            Err(fault) => Some(fault),
        }
    };
    timeout(LOOK, look).await.unwrap_or(Some(ProxyFault::Silent))
}

/// Whether what should be a tunnel speaks before we do, as a web page does.
async fn talks_first(stream: &mut TcpStream) -> Option<ProxyFault> {
    let spoken = timeout(LISTEN, stream.read_u8()).await;
    matches!(spoken, Ok(Ok(_))).then_some(ProxyFault::NotAProxy(Some(200)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_to_connect_are_told_apart() {
        let html = "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8";
        for (head, early, expected) in [
            ("HTTP/1.1 200 Connection established", false, Ok(())),
            ("HTTP/1.0 200 OK\r\nContent-Length: 0", false, Ok(())),
            ("HTTP/1.1 200 OK", true, Err(ProxyFault::NotAProxy(Some(200)))),
            (html, false, Err(ProxyFault::NotAProxy(Some(200)))),
            ("HTTP/1.1 302 Found", false, Err(ProxyFault::NotAProxy(Some(302)))),
            (
                "HTTP/1.1 405 Method Not Allowed",
                false,
                Err(ProxyFault::NotAProxy(Some(405))),
            ),
            (
                "HTTP/1.1 407 Proxy Authentication Required",
                true,
                Err(ProxyFault::SignInNeeded),
            ),
            (
                "HTTP/1.1 403 Forbidden\r\ncontent-type: text/html",
                true,
                Err(ProxyFault::Refused(403)),
            ),
            ("HTTP/1.1 soon", false, Err(ProxyFault::NotAProxy(None))),
        ] {
            assert_eq!(judge(head, early), expected, "{head}");
        }
    }
}
