//! Just enough HTTP for loopback: a call, a visit, and a stand-in that records what passes through it.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// An answer.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// A call that passed through the stand-in.
#[derive(Debug, Clone)]
pub struct Recorded {
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Recorded {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// Sends one call to `http://HOST:PORT/...` and reads the answer to its end.
pub fn send(method: &str, url: &str, headers: &[(&str, &str)], body: &[u8]) -> io::Result<Reply> {
    let rest = url.strip_prefix("http://").ok_or(io::ErrorKind::InvalidInput)?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let mut head = format!(
        "{method} /{path} HTTP/1.0\r\nHost: {host}\r\nContent-Length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    stream.write_all(format!("{head}\r\n").as_bytes())?;
    stream.write_all(body)?;
    let mut reader = BufReader::new(stream);
    let (first, headers) = read_head(&mut reader)?;
    let status = first.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
    let mut body = Vec::new();
    reader.read_to_end(&mut body)?;
    Ok(Reply { status, headers, body })
}

/// Visits a page as a browser would.
pub fn visit(url: &str) -> Reply {
    let reply = send("GET", url, &[("Accept", "text/html")], b"").unwrap();
    let location = reply
        .headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("location"));
    let Some((_, location)) = location else { return reply };
    let origin = url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
    let next = if location.starts_with('/') {
        format!("{origin}{location}")
    } else {
        location.clone()
    };
    let cookie = reply
        .headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
    let cookie = cookie
        .map(|(_, value)| value.split(';').next().unwrap_or_default().to_owned())
        .unwrap_or_default();
    send("GET", &next, &[("Accept", "text/html"), ("Cookie", &cookie)], b"").unwrap()
}

/// A stand-in that hands every call on to `target` and keeps a copy. It lives as long as the test's process.
pub fn recorder(target: &str) -> (String, Arc<Mutex<Vec<Recorded>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let tape = Arc::new(Mutex::new(Vec::new()));
    let (target, copy) = (target.to_owned(), Arc::clone(&tape));
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (target, tape) = (target.clone(), Arc::clone(&copy));
            thread::spawn(move || while pass(&stream, &target, &tape).is_ok() {});
        }
    });
    (url, tape)
}

fn pass(stream: &TcpStream, target: &str, tape: &Mutex<Vec<Recorded>>) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    let (first, headers) = read_head(&mut reader)?;
    let mut words = first.split(' ');
    let (method, path) = (
        words.next().unwrap_or_default().to_owned(),
        words.next().unwrap_or_default().to_owned(),
    );
    let mut call = Recorded {
        method,
        path,
        headers,
        body: Vec::new(),
    };
    let length = call
        .header("content-length")
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    call.body.resize(length, 0);
    reader.read_exact(&mut call.body)?;
    tape.lock().unwrap().push(call.clone());
    let kept: Vec<(&str, &str)> = pairs(&call.headers, &["host", "connection", "content-length"]);
    let reply = send(&call.method, &format!("{target}{}", call.path), &kept, &call.body)?;
    let mut head = format!(
        "HTTP/1.1 {} Recorded\r\nContent-Length: {}\r\n",
        reply.status,
        reply.body.len()
    );
    for (name, value) in pairs(&reply.headers, &["connection", "content-length", "transfer-encoding"]) {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let mut stream = stream;
    stream.write_all(format!("{head}\r\n").as_bytes())?;
    stream.write_all(&reply.body)
}

fn pairs<'a>(headers: &'a [(String, String)], without: &[&str]) -> Vec<(&'a str, &'a str)> {
    let kept = headers
        .iter()
        .filter(|(name, _)| !without.contains(&name.to_ascii_lowercase().as_str()));
    kept.map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

fn read_head(reader: &mut impl BufRead) -> io::Result<(String, Vec<(String, String)>)> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let line = line.trim_end().to_owned();
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    let headers = lines.iter().skip(1).filter_map(|line| line.split_once(':'));
    let headers = headers
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .collect();
    Ok((lines.first().cloned().unwrap_or_default(), headers))
}
