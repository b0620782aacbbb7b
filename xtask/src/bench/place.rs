//! Where rows run: a private session, a simulated Klarna that is served, and a data directory with 100,000 merchants.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::fields;
use super::measure::bounded;
use crate::failure::{Doing, Failure, Outcome};
use crate::paths;
use crate::process::{self, Background};
use crate::session::Session;

/// How many merchants every row plays on.
pub const MERCHANTS: u32 = 100_000;
/// The reference of the merchant that is opened.
pub const REFERENCE: &str = "SE-00417";
/// Who opens it; the peers' scripts name the same person.
pub const PERSON: &str = "account.manager@acquirer.example";
/// The profile of the sandbox as a stand-in over plain HTTP, as the peers reach it.
pub const STAND_IN: &str = "stand-in";

/// Where rows run.
#[derive(Debug)]
pub struct Place<'a> {
    /// The private session.
    pub session: &'a Session,
    /// A folder on the real disk for whatever a row leaves.
    pub folder: &'a Path,
    /// The Python that has the peers' packages.
    pub python: PathBuf,
    /// The data directory; its active profile is the sandbox over TLS.
    pub data: PathBuf,
    /// What the peers' scripts read: API key, signing key, certificate.
    pub peers: PathBuf,
    /// The simulated Klarna over plain HTTP.
    pub base: String,
    /// The acquirer's account there.
    pub account: String,
    /// The account of the merchant that is opened.
    pub merchant: String,
    _sandbox: Background,
}

impl<'a> Place<'a> {
    /// Serves the sandbox, makes both profiles with all merchants, and has the peers' certificate issued.
    pub fn prepare(session: &'a Session, folder: &'a Path, python: PathBuf) -> Outcome<Self> {
        let (data, peers) = (folder.join("gatehouse"), folder.join("peers"));
        paths::private_folder(&peers)?;
        let (sandbox, address) = serve(session, folder, &data)?;
        let place = Self {
            session,
            folder,
            python,
            base: fields::text(&address, "http")?,
            account: fields::text(&address, "account")?,
            merchant: String::new(),
            data,
            peers,
            _sandbox: sandbox,
        };
        let api_key = fields::text(&address, "api_key")?;
        fs::write(place.peers.join("api-key"), api_key).doing("write the peers' API key")?;
        place.lift_rate_limits()?;
        place.make_profiles()?;
        place.issue()?;
        let merchants = fields::text(&address, "merchants_csv_url")?;
        let merchant = place.fill(&merchants)?;
        place.end_first_steps()?;
        Ok(Self { merchant, ..place })
    }

    /// Our command on the data directory, in the session.
    pub fn gatehouse(&self, words: &[&str]) -> Command {
        let mut command = Command::new(paths::built("release", "gatehouse"));
        command.arg("--data-dir").arg(&self.data).arg("--json").args(words);
        self.session.enter(&mut command);
        command
    }

    /// Where a peer's script lies.
    pub fn peer(name: &str) -> PathBuf {
        paths::root().join("xtask/peers").join(name)
    }

    /// The simulated limit of 5 calls a second is Klarna's to test against, not a thing to measure.
    fn lift_rate_limits(&self) -> Outcome {
        let words = ["sandbox", "settings", "set", "rate.enabled", "false"];
        process::output(&mut self.gatehouse(&words)).map(drop)
    }

    /// Limits calls as Klarna does on live for an Acquiring Partner, or not at all (portal-access.md 10.4).
    pub fn limit_calls(&self, on: bool) -> Outcome {
        for (key, value) in [
            ("rate.acquirer_per_s", "50"),
            ("account.state_gate", if on { "none" } else { "403" }),
            ("rate.enabled", if on { "true" } else { "false" }),
        ] {
            process::output(&mut self.gatehouse(&["sandbox", "settings", "set", key, value]))?;
        }
        Ok(())
    }

    fn make_profiles(&self) -> Outcome {
        process::output(&mut self.gatehouse(&["profile", "create", "sandbox", "--sandbox"]))?;
        let mut words = vec!["profile", "create", STAND_IN, "--sandbox", "--api-key-stdin"];
        words.extend(["--api-url", &self.base, "--account", &self.account]);
        let key = File::open(self.peers.join("api-key")).doing("read the peers' API key")?;
        let made = self.gatehouse(&words).stdin(key).output();
        let made = made.doing("make the stand-in's profile")?;
        if !made.status.success() {
            let said = String::from_utf8_lossy(&made.stderr);
            return Err(Failure::new(format!("no stand-in's profile: {said}")));
        }
        process::output(&mut self.gatehouse(&["profile", "use", "sandbox"])).map(drop)
    }

    /// Opens one portal, so that the window no longer suggests a first one: the list has its place from the start.
    fn end_first_steps(&self) -> Outcome {
        let mut open = self.gatehouse(&["open", REFERENCE, "--no-browser"]);
        process::output(&mut open).map(drop)
    }

    fn issue(&self) -> Outcome {
        let mut issue = bounded("bash", 30);
        issue.arg(Self::peer("issue.sh")).args([&self.base, &self.account]);
        process::output(issue.arg(&self.peers)).map(drop)
    }

    /// Gives the stand-in's profile all merchants, as the sandbox's own has them already; answers the account of the one that is opened.
    fn fill(&self, url: &str) -> Outcome<String> {
        let file = self.folder.join("merchants.csv");
        process::output(bounded("curl", 60).args(["-sSf", "-o"]).arg(&file).arg(url))?;
        let name = file.to_string_lossy().into_owned();
        let words = ["--profile", STAND_IN, "merchants", "import", &name];
        process::output(&mut self.gatehouse(&words))?;
        let list = fs::read_to_string(&file).doing("read the merchants")?;
        list.lines()
            .find(|line| line.split(',').nth(1) == Some(REFERENCE))
            .and_then(|line| line.split(',').next())
            .map(str::to_owned)
            .ok_or_else(|| Failure::new(format!("the sandbox has no merchant {REFERENCE}")))
    }
}

/// Serves the sandbox of `data`, and waits until it has said where.
fn serve(session: &Session, folder: &Path, data: &Path) -> Outcome<(Background, String)> {
    let said = folder.join("sandbox.out");
    let out = File::create(&said).doing("write the sandbox's address")?;
    let program = paths::built("release", "gatehouse").to_string_lossy().into_owned();
    let mut command = process::tied(&program);
    command
        .arg("--data-dir")
        .arg(data)
        .args(["--json", "sandbox", "serve", "--merchants"]);
    command.arg(MERCHANTS.to_string()).stdin(Stdio::null()).stdout(out);
    let sandbox = Background::start(session.enter(&mut command), &folder.join("sandbox.log"))?;
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(60) {
        let address = fs::read_to_string(&said).unwrap_or_default();
        if address.ends_with('\n') {
            return Ok((sandbox, address));
        }
        sleep(Duration::from_millis(50));
    }
    // Whatever it wrote before is of use to whoever reads this.
    let log = fs::read_to_string(folder.join("sandbox.log")).unwrap_or_default();
    drop(std::io::stderr().write_all(log.as_bytes()));
    Err(Failure::new("the sandbox was not served within 60 s."))
}
