//! A sandbox that the program serves, seen and steered from outside.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::http;
use crate::world::{Place, rows, text};

/// A sandbox that the program serves until this is dropped.
pub struct Served {
    child: Child,
    pub address: Value,
    control_token: String,
}

impl Served {
    /// Serves the sandbox of a data directory on ports that are free.
    pub fn start(place: &Place) -> Self {
        let mut command = place.command(&["--json", "sandbox", "serve", "--merchants", "60"]);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = serde_json::from_str(&line).expect("it says where it serves");
        let file: Value = serde_json::from_slice(&fs::read(place.data("sandbox.json")).unwrap()).unwrap();
        Self {
            child,
            address,
            control_token: text(&file, "control_token").to_owned(),
        }
    }

    /// The process's id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn http(&self) -> &str {
        text(&self.address, "http")
    }

    pub fn https(&self) -> &str {
        text(&self.address, "https")
    }

    pub fn account(&self) -> &str {
        text(&self.address, "account")
    }

    pub fn api_key(&self) -> &str {
        text(&self.address, "api_key")
    }

    /// What the sandbox knows of links: the other side's truth.
    pub fn links(&self) -> Vec<Value> {
        rows(&self.control("GET", "sessions", ""), "sessions")
    }

    /// Orders a fault.
    pub fn fault(&self, fault: &Value) {
        self.control("POST", "faults", &fault.to_string());
    }

    pub fn clear_faults(&self) {
        self.control("DELETE", "faults", "");
    }

    /// Steers the sandbox.
    pub fn control(&self, method: &str, what: &str, body: &str) -> Value {
        let header = ("X-Sandbox-Control", self.control_token.as_str());
        let url = format!("{}/_sandbox/{what}", self.http());
        let reply = http::send(
            method,
            &url,
            &[header, ("Content-Type", "application/json")],
            body.as_bytes(),
        )
        .unwrap();
        assert!(
            matches!(reply.status, 200 | 204),
            "the sandbox obeys {method} {what}: {}",
            reply.text()
        );
        serde_json::from_slice(&reply.body).unwrap_or(Value::Null)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
