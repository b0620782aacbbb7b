//! A bridge that runs as a program of its own, as a service manager starts it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::Value;

pub struct Program {
    child: Child,
    /// Where people reach it: address and port.
    pub public: String,
    log: Option<JoinHandle<String>>,
}

impl Program {
    /// Starts it and waits until it serves.
    pub fn start(config: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_gatehouse-bridge"))
            .args(["--log", "debug", "serve", "--config"])
            .arg(config)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (log, serves) = read(child.stderr.take().unwrap());
        let public = serves.recv_timeout(Duration::from_secs(60)).expect("the bridge serves");
        Self {
            child,
            public,
            log: Some(log),
        }
    }

    /// Ends it without a word.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Ends it as a service manager does; answers all that it said.
    pub fn stop(mut self) -> String {
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill").args(["-TERM", &pid]).status().unwrap().success(),
            "told to stop"
        );
        assert!(
            self.child.wait().unwrap().success(),
            "a bridge that is told to stop ends well"
        );
        self.log.take().unwrap().join().unwrap()
    }
}

/// Runs a verb to its end; answers its exit code and all that it said.
pub fn run(verb: &str, config: &Path, words: &[&str]) -> (i32, String) {
    run_with(verb, config, words, &[])
}

/// The same with members of the environment.
pub fn run_with(verb: &str, config: &Path, words: &[&str], environment: &[(&str, &Path)]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gatehouse-bridge"));
    command.args([verb, "--config"]).arg(config).args(words);
    command.envs(environment.iter().copied()).stdin(Stdio::null());
    let done = command.output().unwrap();
    let said = [done.stdout, done.stderr].concat();
    (done.status.code().unwrap(), String::from_utf8(said).unwrap())
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads what it says to the end; its address is told as soon as it is known.
fn read(stderr: std::process::ChildStderr) -> (JoinHandle<String>, Receiver<String>) {
    let (tell, serves) = channel();
    let log = std::thread::spawn(move || {
        let mut all = String::new();
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            let said: Value = serde_json::from_str(&line).unwrap_or_default();
            if let Some(public) = said["fields"]["public"].as_str() {
                let _ = tell.send(public.to_owned());
            }
            all.push_str(&line);
            all.push('\n');
        }
        all
    });
    (log, serves)
}
