//! The doctor and the network's settings, against the simulated Klarna and real sockets: each broken state is made, then named.
//!
//! Deliberately absent: what needs a whole program (mounts, a session without keyring), which crates/cli tests.

#![allow(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod bundle;
mod keys;
mod klarna;
mod network;
mod proxies;
mod ways;
#[allow(dead_code, reason = "shared with the tests of acts, which use the rest")]
#[path = "../acts/world.rs"]
mod world;

use gatehouse_core::doctor::{DoctorLine, DoctorState};
use gatehouse_core::profile::{Endpoint, Profile};

/// The line of one part.
#[track_caller]
fn line<'a>(lines: &'a [DoctorLine], part: &str) -> &'a DoctorLine {
    let found = lines.iter().find(|line| line.part == part);
    found.unwrap_or_else(|| panic!("the doctor looks at {part}: {lines:#?}"))
}

/// The parts that are bad.
fn bad(lines: &[DoctorLine]) -> Vec<&str> {
    let bad = lines.iter().filter(|line| line.state == DoctorState::Bad);
    bad.map(|line| line.part.as_str()).collect()
}

/// A bad line that says its cause and its cure.
#[track_caller]
fn names(lines: &[DoctorLine], part: &str, cause: &str, cure: &str) {
    let line = line(lines, part);
    assert_eq!(line.state, DoctorState::Bad, "{part} is bad: {lines:#?}");
    assert!(line.message.contains(cause), "it names {cause:?}: {line:?}");
    assert!(line.hint.text.contains(cure), "it says {cure:?}: {line:?}");
}

/// The same profile at another address.
fn moved(profile: &Profile, url: &str, ca_pem: Option<&str>) -> Profile {
    Profile {
        endpoint: Endpoint::Url {
            url: url.to_owned(),
            ca_pem: ca_pem.map(str::to_owned),
        },
        ..profile.clone()
    }
}
