//! Hands an address that is a secret, such as a portal link, to a browser without putting it into an argument list.
//!
//! The browser is given `http://127.0.0.1:PORT/NONCE`, which answers once, with a 302 to the link or with a page of our own, and is gone
//! after 60 s (design section 4). What is asked with another host name, method or path learns nothing and spends nothing.
//! Deliberately absent: a second answer.

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use zeroize::Zeroizing;

const LIMIT: usize = 8 * 1024;
const PATIENCE: Duration = Duration::from_secs(2);
const STEP: Duration = Duration::from_millis(20);
/// What every answer says of itself: it is kept nowhere, and nobody is told where it was.
const GUARDS: &str = "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n";

/// How a hand-over ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fetched {
    /// A browser was sent on to the link.
    Yes,
    /// Nobody came while the link lived.
    No,
}

/// An address that answers once.
#[derive(Debug)]
pub struct Handoff {
    listener: TcpListener,
    nonce: String,
    port: u16,
}

impl Handoff {
    /// Opens the address.
    ///
    /// # Errors
    /// When loopback has no free port.
    pub fn open(fill: fn(&mut [u8])) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let mut nonce = [0; 16];
        fill(&mut nonce);
        Ok(Self {
            port: listener.local_addr()?.port(),
            listener,
            nonce: hex::encode(nonce),
        })
    }

    /// What the browser is given.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/{}", self.port, self.nonce)
    }

    /// Answers until the link was fetched or `lifetime` is over, then closes the address and forgets the link.
    #[must_use]
    pub fn serve(self, link: &str, lifetime: Duration) -> Fetched {
        let answer = Zeroizing::new(format!(
            "HTTP/1.1 302 Found\r\nLocation: {link}\r\n{GUARDS}Content-Length: 0\r\nConnection: close\r\n\r\n"
        ));
        self.answer_once(&answer, lifetime)
    }

    /// The same with a page and its content security policy.
    #[must_use]
    pub fn serve_page(self, page: &str, policy: &str, lifetime: Duration) -> Fetched {
        let answer = Zeroizing::new(format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Security-Policy: {policy}\r\n\
             X-Content-Type-Options: nosniff\r\n{GUARDS}Content-Length: {}\r\nConnection: close\r\n\r\n{page}",
            page.len()
        ));
        self.answer_once(&answer, lifetime)
    }

    fn answer_once(self, answer: &str, lifetime: Duration) -> Fetched {
        let spent = AtomicBool::new(false);
        thread::scope(|scope| {
            let mut waited = Duration::ZERO;
            while waited < lifetime && !spent.load(Ordering::SeqCst) {
                match self.listener.accept() {
                    // A thread each: browsers open connections that they may never use.
                    Ok((stream, _)) => {
                        scope.spawn(|| self.answer(stream, answer, &spent));
                    }
                    Err(cause) if cause.kind() == ErrorKind::WouldBlock => {
                        thread::sleep(STEP);
                        waited += STEP;
                    }
                    Err(_) => break,
                }
            }
        });
        if spent.load(Ordering::SeqCst) {
            Fetched::Yes
        } else {
            Fetched::No
        }
    }

    fn answer(&self, mut stream: TcpStream, answer: &str, spent: &AtomicBool) {
        let _ = stream.set_nonblocking(false);
        let _ = stream.set_read_timeout(Some(PATIENCE));
        let _ = stream.set_write_timeout(Some(PATIENCE));
        let asked = read_head(&mut stream).is_some_and(|head| self.is_ours(&head));
        if !asked || spent.swap(true, Ordering::SeqCst) {
            let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            return;
        }
        let _ = stream.write_all(answer.as_bytes()).and_then(|()| stream.flush());
    }

    /// The exact path, by GET, under the exact host: another name that resolves here is a rebinding attempt.
    fn is_ours(&self, head: &str) -> bool {
        let mut lines = head.split("\r\n");
        let request = lines.next() == Some(format!("GET /{} HTTP/1.1", self.nonce).as_str());
        let host = format!("127.0.0.1:{}", self.port);
        let named = lines
            .filter_map(|line| line.split_once(':'))
            .any(|(name, value)| name.eq_ignore_ascii_case("host") && value.trim() == host);
        request && named
    }
}

fn read_head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut chunk = [0; 1024];
    while head.len() < LIMIT {
        let count = stream.read(&mut chunk).ok().filter(|count| *count > 0)?;
        head.extend_from_slice(chunk.get(..count)?);
        if head.windows(4).any(|window| window == b"\r\n\r\n") {
            return String::from_utf8(head).ok();
        }
    }
    None
}
