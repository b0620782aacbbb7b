//! A receiver of deliveries on this machine, for tests of an integration: it takes what comes, and says 200.
//!
//! What it took is a capture, head and body, as `take_delivery` reads it; it holds tokens, so it is wiped. Deliberately absent: being
//! reached from anywhere but this machine, and judging what came.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::facade::lock;

/// Longer captures are refused: Klarna's are some kilobytes.
const MOST: usize = 256 * 1024;
const LOOK: Duration = Duration::from_millis(20);
const PATIENCE: Duration = Duration::from_secs(5);
/// More than this many are not kept.
const MOST_KEPT: usize = 1_000;

/// One delivery as it came.
pub(crate) type Capture = Zeroizing<Vec<u8>>;
type Kept = Arc<Mutex<Vec<Capture>>>;

/// A receiver; it ends when it is dropped.
pub(crate) struct Receiver {
    address: SocketAddr,
    kept: Kept,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Receiver {
    /// Opens one on a free port.
    pub fn open() -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (kept, ended) = (Kept::default(), Arc::new(AtomicBool::new(false)));
        let theirs = (Arc::clone(&kept), Arc::clone(&ended));
        let thread = std::thread::spawn(move || serve(&listener, &theirs.0, &theirs.1));
        Ok(Self {
            address,
            kept,
            ended,
            thread: Some(thread),
        })
    }

    /// Where Klarna delivers to.
    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// The first capture that is asked for, waited for; it is taken out.
    pub fn wait_for(&self, patience: Duration, wanted: impl Fn(&[u8]) -> bool) -> Option<Capture> {
        let began = std::time::Instant::now();
        loop {
            let mut kept = lock(&self.kept);
            if let Some(at) = kept.iter().position(|capture| wanted(capture)) {
                return Some(kept.remove(at));
            }
            drop(kept);
            if began.elapsed() >= patience {
                return None;
            }
            std::thread::sleep(LOOK);
        }
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(listener: &TcpListener, kept: &Kept, ended: &AtomicBool) {
    while !ended.load(Ordering::Acquire) {
        let Ok((stream, _)) = listener.accept() else {
            std::thread::sleep(LOOK);
            continue;
        };
        match take(stream) {
            Ok(capture) => {
                let mut kept = lock(kept);
                if kept.len() < MOST_KEPT {
                    kept.push(capture);
                }
            }
            Err(cause) => tracing::debug!(kind = ?cause.kind(), "a delivery broke off"),
        }
    }
}

fn take(mut stream: TcpStream) -> std::io::Result<Capture> {
    let broken = || std::io::Error::from(std::io::ErrorKind::InvalidData);
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut capture = Zeroizing::new(Vec::with_capacity(8 * 1024));
    let mut part = Zeroizing::new([0_u8; 4096]);
    while !is_whole(&capture) {
        let read = stream.read(&mut *part)?;
        if read == 0 || capture.len() + read > MOST {
            return Err(broken());
        }
        capture.extend_from_slice(part.get(..read).unwrap_or_default());
    }
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")?;
    Ok(capture)
}

/// Whether head and body are there, by the length that the head says.
fn is_whole(capture: &[u8]) -> bool {
    let Some(end) = capture.windows(4).position(|four| four == b"\r\n\r\n") else {
        return false;
    };
    let head = String::from_utf8_lossy(capture.get(..end).unwrap_or_default()).to_ascii_lowercase();
    let told = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    let length: usize = told.and_then(|text| text.trim().parse().ok()).unwrap_or_default();
    capture.len() >= end + 4 + length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_delivered_is_kept_as_it_came_and_answered_with_200() {
        let receiver = Receiver::open().unwrap();
        let mut stream = TcpStream::connect(receiver.address).unwrap();
        stream
            .write_all(b"POST /hook HTTP/1.1\r\nKlarna-Signature: x\r\nContent-Length: 4\r\n\r\n{\"")
            .unwrap();
        std::thread::sleep(Duration::from_millis(50));
        stream.write_all(b"a}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        let capture = receiver.wait_for(PATIENCE, |capture| capture.ends_with(b"{\"a}"));
        assert!(
            capture.is_some_and(|capture| capture.starts_with(b"POST /hook")),
            "head and body, in parts as they came"
        );
        let none = receiver.wait_for(Duration::ZERO, |_| true);
        assert!(none.is_none(), "a capture is taken out once");
    }
}
