//! The memory of all processes of the window, beside Chromium's on the same page.
//!
//! PSS counts each shared page once over all who share it. Chromium shows the page's build with the stand-in backend,
//! because it has no Rust behind it; that backend makes rows when they are looked at.

use std::collections::HashSet;
use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::place::{MERCHANTS, Place};
use super::row::{Limit, Row};
use super::samples::Samples;
use crate::failure::{Doing, Failure, Outcome};
use crate::paths;
use crate::process::{self, Background};
use crate::setup::node;
use crate::start::end;

const ROUNDS: usize = 3;
const LIMIT: Duration = Duration::from_secs(15);

/// The memory of both.
pub fn windows(place: &Place<'_>) -> Outcome<Vec<Row>> {
    let page = place.folder.join("page");
    node::script(
        "build",
        &["--mode", "fake", "--outDir", &page.to_string_lossy(), "--emptyOutDir"],
    )?;
    let (_server, address) = serve(place, &page)?;
    let (mut ours, mut peers) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(at_rest(&mut desktop(place))?);
        peers.push(at_rest(&mut chromium(place, &address))?);
    }
    Ok(vec![Row {
        name: "window: memory (PSS) of all processes",
        unit: "MiB",
        ours: Samples::new(ours),
        peer: Some(("Chromium --app, the same page", Samples::new(peers))),
        limit: Limit::Reported,
    }])
}

fn desktop(place: &Place<'_>) -> Command {
    let mut command = Command::new(paths::built("release", "gatehouse-desktop"));
    command.arg("--data-dir").arg(&place.data);
    place.session.enter(&mut command);
    command
}

fn chromium(place: &Place<'_>, address: &str) -> Command {
    let mut command = Command::new("chromium");
    command.arg(format!("--app={address}/?merchants={MERCHANTS}"));
    command.arg(format!("--user-data-dir={}", place.folder.join("chromium").display()));
    command.args([
        "--no-sandbox",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
    ]);
    command.args(["--disable-sync", "--no-first-run", "--window-size=1280,800"]);
    place.session.enter(&mut command);
    command
}

/// Serves a folder on loopback until the value goes.
fn serve(place: &Place<'_>, page: &Path) -> Outcome<(Background, String)> {
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).doing("find a free port")?;
    let port = free.local_addr().doing("find a free port")?.port();
    drop(free);
    let mut command = process::tied(&place.python.to_string_lossy());
    command.args(["-m", "http.server", "--bind", "127.0.0.1", "--directory"]);
    command.arg(page).arg(port.to_string()).stdout(Stdio::null());
    let server = Background::start(&mut command, &place.folder.join("page.log"))?;
    let begin = Instant::now();
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        if begin.elapsed() > LIMIT {
            return Err(Failure::new("the page is not served."));
        }
        sleep(Duration::from_millis(20));
    }
    Ok((server, format!("http://127.0.0.1:{port}")))
}

/// Starts a window, waits until its memory rests for two seconds, and ends it. In MiB.
fn at_rest(command: &mut Command) -> Outcome<f64> {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().doing(format!("start {command:?}"))?;
    let begin = Instant::now();
    let (mut last, mut since) = (0.0_f64, Instant::now());
    while begin.elapsed() < LIMIT && since.elapsed() < Duration::from_secs(2) {
        sleep(Duration::from_millis(250));
        let now: f64 = family(child.id()).iter().map(|pid| pss(*pid)).sum();
        if (now - last).abs() > 0.01 * last {
            (last, since) = (now, Instant::now());
        }
    }
    end(&mut child)?;
    if last > 1.0 {
        Ok(last)
    } else {
        Err(Failure::new(format!("{command:?} did not stay")))
    }
}

/// A process, its descendants, and whoever shares its process group.
fn family(first: u32) -> HashSet<u32> {
    let all: Vec<(u32, u32, u32)> = processes();
    let mut family = HashSet::from([first]);
    loop {
        let more: Vec<u32> = all
            .iter()
            .filter(|(_, parent, group)| family.contains(parent) || *group == first)
            .map(|(pid, ..)| *pid)
            .filter(|pid| !family.contains(pid))
            .collect();
        if more.is_empty() {
            return family;
        }
        family.extend(more);
    }
}

/// Process, parent and process group of all.
fn processes() -> Vec<(u32, u32, u32)> {
    let Ok(folder) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    let ids = folder
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter_map(|pid: u32| {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let (_, rest) = stat.rsplit_once(')')?;
        let mut fields = rest.split_whitespace().skip(1).map(str::parse);
        Some((pid, fields.next()?.ok()?, fields.next()?.ok()?))
    })
    .collect()
}

fn pss(pid: u32) -> f64 {
    let facts = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let line = facts.lines().find_map(|line| line.strip_prefix("Pss:"));
    let kib = line.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}
