//! A window that is steered through WebKitWebDriver: scripts are run in its page, keys are pressed in it.
//!
//! The few calls of the protocol are written by hand, because this program has no libraries. Absent on purpose: waiting
//! inside the page, which would change what is measured there.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::fields;
use super::json;
use crate::failure::{Doing, Failure, Outcome};
use crate::machine;
use crate::process::{self, Background};
use crate::session::Session;

const PATIENCE: Duration = Duration::from_secs(30);
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// One open window; it is closed when this value goes.
#[derive(Debug)]
pub struct Driver {
    port: u16,
    session: String,
    _process: Background,
}

impl Driver {
    /// Starts the driver, and lets it start `program`.
    pub fn open(session: &Session, program: &Path, args: &[&str], log: &Path) -> Outcome<Self> {
        let port = free_port()?;
        let mut command = process::tied("WebKitWebDriver");
        command.arg(format!("--port={port}")).arg("--host=127.0.0.1");
        // Ours chooses this renderer by itself; a bare window gets it too, so that both paint the same way.
        command
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
        let process = Background::start(session.enter(&mut command), log)?;
        await_port(port)?;
        let wish = wish(program, args);
        let answer = call(port, "POST", "/session", &wish)?;
        let session = fields::text(&answer, "sessionId")?;
        Ok(Self {
            port,
            session,
            _process: process,
        })
    }

    /// Runs a script in the page; its answer must be a text.
    pub fn run(&self, script: &str) -> Outcome<String> {
        let body = format!(r#"{{"script":{},"args":[]}}"#, json::text(script));
        let answer = self.ask("execute/sync", &body)?;
        fields::text(&answer, "value")
    }

    /// Runs a script until its answer is not empty.
    pub fn await_text(&self, script: &str) -> Outcome<String> {
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            let text = self.run(script)?;
            if !text.is_empty() {
                return Ok(text);
            }
            sleep(Duration::from_millis(100));
        }
        Err(Failure::new(format!("the page never answered {script}")))
    }

    /// Finds an element.
    pub fn find(&self, css: &str) -> Outcome<String> {
        let body = format!(r#"{{"using":"css selector","value":{}}}"#, json::text(css));
        fields::text(&self.ask("element", &body)?, ELEMENT)
    }

    /// Presses keys in an element, as a person would.
    pub fn press(&self, element: &str, keys: &str) -> Outcome {
        let body = format!(r#"{{"text":{}}}"#, json::text(keys));
        self.ask(&format!("element/{element}/value"), &body).map(drop)
    }

    fn ask(&self, what: &str, body: &str) -> Outcome<String> {
        call(self.port, "POST", &format!("/session/{}/{what}", self.session), body)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // If the window is gone already there is nothing to close.
        drop(call(self.port, "DELETE", &format!("/session/{}", self.session), ""));
    }
}

/// What the driver is to start; the kernel ends it with the driver, if that does not.
fn wish(program: &Path, args: &[&str]) -> String {
    let program = program.to_string_lossy();
    let guard = machine::program("setpriv");
    let words = match &guard {
        Some(guard) => vec![
            guard.to_string_lossy(),
            "--pdeathsig".into(),
            "KILL".into(),
            "--".into(),
            program,
        ],
        None => vec![program],
    };
    let mut words = words
        .iter()
        .map(AsRef::as_ref)
        .chain(args.iter().copied())
        .map(json::text);
    let binary = words.next().unwrap_or_default();
    let args = words.collect::<Vec<_>>().join(",");
    format!(
        r#"{{"capabilities":{{"alwaysMatch":{{"webkitgtk:browserOptions":{{"binary":{binary},"args":[{args}]}}}}}}}}"#
    )
}

fn free_port() -> Outcome<u16> {
    let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).doing("find a free port")?;
    Ok(socket.local_addr().doing("find a free port")?.port())
}

fn await_port(port: u16) -> Outcome {
    let begin = Instant::now();
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        if begin.elapsed() > PATIENCE {
            return Err(Failure::new("WebKitWebDriver does not listen."));
        }
        sleep(Duration::from_millis(10));
    }
    Ok(())
}

/// One call over a connection of its own.
fn call(port: u16, method: &str, path: &str, body: &str) -> Outcome<String> {
    let answer = exchange(port, method, path, body).doing("ask WebKitWebDriver")?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    if head.split(' ').nth(1) == Some("200") {
        Ok(body.to_owned())
    } else {
        Err(Failure::new(format!("WebKitWebDriver refused {method} {path}: {body}")))
    }
}

fn exchange(port: u16, method: &str, path: &str, body: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n"
    );
    stream.write_all((head + body).as_bytes())?;
    read_answer(&mut BufReader::new(stream))
}

/// Reads head and body; the driver keeps the connection open, so the body ends where its length says.
fn read_answer(from: &mut impl BufRead) -> std::io::Result<String> {
    let (mut answer, mut length) = (String::new(), 0);
    loop {
        let begin = answer.len();
        let read = from.read_line(&mut answer)?;
        let line = answer.get(begin..).unwrap_or_default().to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        if read <= 2 {
            break;
        }
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body)?;
    Ok(answer + &String::from_utf8_lossy(&body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_ends_where_its_length_says() {
        let mut from = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{\"a\"}more".as_bytes();
        let answer = read_answer(&mut from).unwrap();
        assert!(
            answer.ends_with("\r\n\r\n{\"a\"}"),
            "what follows belongs to the next answer: {answer}"
        );
    }
}
