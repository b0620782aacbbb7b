//! A server of bare bytes: for the faults that a proper HTTP server would not commit.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

/// One thing a server does after it has read a request.
#[derive(Clone)]
pub enum Step {
    /// Sends bytes.
    Send(Vec<u8>),
    /// Waits.
    Wait(Duration),
}

/// A server that takes one request per connection, does its steps, and closes.
pub struct RawServer {
    pub address: SocketAddr,
    connections: Arc<AtomicUsize>,
}

impl RawServer {
    /// The n-th connection gets the n-th script; the last one serves all that follow.
    pub async fn start(scripts: Vec<Vec<Step>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let number = counter.fetch_add(1, Ordering::SeqCst);
                let script = scripts[number.min(scripts.len() - 1)].clone();
                tokio::spawn(play(stream, script));
            }
        });
        Self { address, connections }
    }

    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// Reads a request head and its body, then plays the steps.
pub async fn play(mut stream: impl AsyncRead + AsyncWrite + Unpin, script: Vec<Step>) {
    if read_request(&mut stream).await.is_none() {
        return;
    }
    for step in script {
        match step {
            Step::Send(bytes) => {
                let _ = stream.write_all(&bytes).await;
                let _ = stream.flush().await;
            }
            Step::Wait(time) => tokio::time::sleep(time).await,
        }
    }
    let _ = stream.shutdown().await;
}

/// Reads a request head and its body; nothing when the connection ends.
pub async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> Option<()> {
    let mut seen = Vec::new();
    let end = loop {
        seen.push(stream.read_u8().await.ok()?);
        if seen.ends_with(b"\r\n\r\n") {
            break String::from_utf8_lossy(&seen).to_ascii_lowercase();
        }
    };
    let length = end
        .lines()
        .find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).await.ok()?;
    Some(())
}

/// A whole answer with a JSON body.
pub fn json(status: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}")
        .into_bytes()
}

/// Passes bytes on to a server and counts the connections; gives the base address and the count.
pub async fn counting_gate(server: SocketAddr) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(async move {
                let mut far = TcpStream::connect(server).await.unwrap();
                let _ = copy_bidirectional(&mut near, &mut far).await;
            });
        }
    });
    (base, connections)
}
