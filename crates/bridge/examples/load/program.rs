//! The measured program on the first core: started, watched, ended.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::Value;

/// The kernel's clock of processor time has a hundred ticks a second on Linux.
const TICK_MS: f64 = 10.0;

/// What the packaged service runs with.
const UNIT: &str = include_str!("../../package/gatehouse-bridge.service");

pub struct Program {
    child: Child,
    pub public: String,
    operations: String,
    watcher: Option<(Arc<AtomicBool>, f64, JoinHandle<Vec<f64>>)>,
}

/// What a program used.
pub struct Watched {
    /// Resident memory, once a second.
    pub memory_mib: Vec<f64>,
    pub cpu_ms: f64,
}

impl Watched {
    /// The middle of the last quarter beside the middle of the first.
    pub fn grown_mib(&self) -> f64 {
        let quarter = self.memory_mib.len().div_ceil(4);
        let middle = |part: &[f64]| part[part.len() / 2];
        let last = self.memory_mib.len() - quarter;
        middle(&self.memory_mib[last..]) - middle(&self.memory_mib[..quarter])
    }
}

impl Program {
    pub fn start(program: &Path, words: &[&str]) -> Self {
        let mut child = Command::new("taskset")
            .args(["-c", "0"])
            .arg(program)
            .args(words)
            .envs(environment())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap())
            .lines()
            .map_while(Result::ok);
        let said = lines.find_map(|line| {
            let said: Value = serde_json::from_str(&line).ok()?;
            let text = |name: &str| said["fields"][name].as_str().map(str::to_owned);
            Some((text("public")?, text("operations")?))
        });
        std::thread::spawn(move || lines.for_each(drop));
        let (public, operations) = said.expect("the program serves");
        Self {
            child,
            public,
            operations,
            watcher: None,
        }
    }

    /// Begins to look at its memory and its processor time.
    pub fn begin_to_watch(&mut self) {
        let (stop, pid) = (Arc::new(AtomicBool::new(false)), self.child.id());
        let stopped = Arc::clone(&stop);
        let watch = std::thread::spawn(move || {
            let mut seen = Vec::new();
            while !stopped.load(Ordering::Relaxed) {
                seen.push(memory_mib(pid));
                std::thread::sleep(Duration::from_secs(1));
            }
            seen
        });
        self.watcher = Some((stop, cpu_ms(pid), watch));
    }

    pub fn watched(&mut self) -> Watched {
        let (stop, before_ms, watch) = self.watcher.take().unwrap();
        stop.store(true, Ordering::Relaxed);
        Watched {
            cpu_ms: cpu_ms(self.child.id()) - before_ms,
            memory_mib: watch.join().unwrap(),
        }
    }

    /// One of its own histograms (`own_seconds_bucket{step="login",`): how many took at most so many milliseconds.
    pub async fn counts(&self, name: &str) -> Vec<(f64, f64)> {
        let text = reqwest::get(format!("http://{}/metrics", self.operations))
            .await
            .unwrap();
        let text = text.text().await.unwrap();
        let bucket = format!("gatehouse_bridge_{name}le=\"");
        text.lines()
            .filter_map(|line| line.strip_prefix(&bucket)?.split_once("\"} "))
            .map(|(bound, count)| {
                (
                    bound.parse::<f64>().unwrap_or(f64::INFINITY) * 1000.0,
                    count.parse().unwrap(),
                )
            })
            .collect()
    }

    pub fn end(mut self) {
        let pid = self.child.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &pid]).status();
        let _ = self.child.wait();
    }
}

/// The time in milliseconds below which 99 of 100 stayed, between two readings of the counts; within a bound as Prometheus reads it.
pub fn p99_ms(before: &[(f64, f64)], after: &[(f64, f64)]) -> f64 {
    let since = |at: usize| after[at].1 - before[at].1;
    let wanted = since(after.len() - 1) * 0.99;
    let at = (0..after.len()).find(|at| since(*at) >= wanted).unwrap();
    let (below_ms, below) = if at == 0 {
        (0.0, 0.0)
    } else {
        (after[at - 1].0, since(at - 1))
    };
    if after[at].0.is_infinite() {
        return after[at].0;
    }
    below_ms + (after[at].0 - below_ms) * (wanted - below) / (since(at) - below)
}

/// The service's environment, so that its memory is what a service's is.
fn environment() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = UNIT.lines();
    lines.filter_map(|line| line.strip_prefix("Environment=")?.split_once('='))
}

fn memory_mib(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kib.unwrap_or_default() / 1024.0
}

fn cpu_ms(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<f64>().ok());
    ticks.sum::<f64>() * TICK_MS
}
