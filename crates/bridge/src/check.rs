//! `check`: whether a configuration can be used, with everything that is wrong in text, files, secrets and data directory at once.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gatehouse_bridge::config::{Config, Flaw};
use gatehouse_bridge::{Findings, Ground, PostgresAnchors, anchors_of, data_dir_of, expired};
use gatehouse_core::clock::{Clock, SystemClock};
use gatehouse_core::{Gatehouse, Problem};

use crate::{Failure, surroundings};

/// Tries a configuration; nothing is asked of the network that the start of a bridge would not ask of it.
pub fn check(file: &Path, given: Option<PathBuf>) -> Result<(), Failure> {
    let (config, flaws) = Config::looked_at(file)?;
    let mut findings = Findings::of(flaws);
    let credentials = surroundings::credentials();
    let anchors = findings.keep(anchors_of(&config, credentials.as_deref())).flatten();
    let (opened, refused) = match opened(&config, given, anchors.as_ref(), &findings) {
        Ok(opened) => (opened, None),
        Err(Failure::Core(problem)) => (None, Some(problem)),
        Err(Failure::Config(found)) => (findings.keep(Err(found)), None),
        Err(other) => return Err(other),
    };
    let (core, data_dir) = opened.unzip();
    // Were it not for the flaw there might be no embedded store.
    let is_embedded = !findings.concern("postgres");
    let ground = Ground {
        core,
        data_dir: data_dir.filter(|_| is_embedded),
        credentials,
    };
    findings.try_parts(&config, &ground);
    findings.add(expired(&config, SystemClock::new().unix_ms()));
    match refused {
        Some(problem) if findings.are_none() => return Err(Failure::Core(problem)),
        Some(problem) => findings.add(vec![flaw(&problem)]),
        None => {}
    }
    Ok(findings.told()?)
}

type Opened = (Arc<Gatehouse>, PathBuf);

/// The core and where its data lies, if what is said of both can be read: no other directory is made or opened in its place.
fn opened(
    config: &Config,
    given: Option<PathBuf>,
    anchors: Option<&Arc<PostgresAnchors>>,
    findings: &Findings,
) -> Result<Option<Opened>, Failure> {
    let is_named = given.is_some() || !findings.concern("data_dir");
    if !is_named || findings.concern("key_store_passphrase") {
        return Ok(None);
    }
    let dir = data_dir_of(config, given)?;
    let core = surroundings::core(config, &dir, Arc::new(SystemClock::new()), anchors)?;
    Ok(Some((core, dir)))
}

fn flaw(problem: &Problem) -> Flaw {
    Flaw {
        place: "data_dir".into(),
        text: format!("cannot be opened: {} {}", problem.message, problem.hint),
    }
}
