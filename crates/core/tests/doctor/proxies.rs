//! Stand-ins for proxies on real sockets: each answers CONNECT in its own wrong way, and keeps what it was asked.

use std::io::{Read, Write, copy};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// How a stand-in answers.
#[derive(Clone)]
pub enum Answer {
    /// With these bytes, then it closes.
    Bytes(&'static str),
    /// Not at all.
    Nothing,
    /// With a tunnel, but always to this address.
    TunnelTo(String),
}

/// A stand-in that lives as long as the test's process.
pub struct Proxy {
    pub address: String,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    pub fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let heads = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&heads);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, kept) = (answer.clone(), Arc::clone(&kept));
                thread::spawn(move || serve(stream, &answer, &kept));
            }
        });
        Self { address, heads }
    }

    /// The heads of all requests so far.
    pub fn asked(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

fn serve(mut stream: TcpStream, answer: &Answer, heads: &Mutex<Vec<String>>) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return,
        }
    }
    heads.lock().unwrap().push(String::from_utf8_lossy(&head).into_owned());
    match answer {
        Answer::Bytes(bytes) => {
            let _ = stream.write_all(bytes.as_bytes());
        }
        Answer::Nothing => {
            let _ = stream.read(&mut byte);
        }
        Answer::TunnelTo(target) => {
            let _ = stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n");
            tunnel(stream, target);
        }
    }
}

fn tunnel(stream: TcpStream, target: &str) {
    let Ok(far) = TcpStream::connect(target) else { return };
    let (mut near_in, mut far_out) = (stream.try_clone().unwrap(), far.try_clone().unwrap());
    thread::spawn(move || copy(&mut near_in, &mut far_out));
    let (mut far_in, mut near_out) = (far, stream);
    let _ = copy(&mut far_in, &mut near_out);
}
