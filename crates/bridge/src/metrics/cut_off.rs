//! Connections that the bridge ended or refused, by why.

use std::sync::atomic::{AtomicU64, Ordering};

/// Why a connection was cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CutOff {
    /// TLS was not agreed on, or not in time.
    Handshake,
    /// No whole request came in time.
    Slow,
    /// It was kept open after its last answer; an ordinary end.
    Idle,
    /// A request's head was too large.
    TooLarge,
    /// What came was no HTTP.
    Malformed,
    /// There are too many connections.
    TooMany,
    /// There are too many of one address.
    TooManyOfOne,
}

impl CutOff {
    const ALL: [Self; 7] = [
        Self::Handshake,
        Self::Slow,
        Self::Idle,
        Self::TooLarge,
        Self::Malformed,
        Self::TooMany,
        Self::TooManyOfOne,
    ];

    const fn word(self) -> &'static str {
        match self {
            Self::Handshake => "handshake",
            Self::Slow => "slow",
            Self::Idle => "idle",
            Self::TooLarge => "too_large",
            Self::Malformed => "malformed",
            Self::TooMany => "too_many",
            Self::TooManyOfOne => "too_many_of_address",
        }
    }
}

/// How often each came.
#[derive(Default)]
pub(super) struct CutOffs([AtomicU64; CutOff::ALL.len()]);

impl CutOffs {
    pub fn add(&self, why: CutOff) {
        for (one, counter) in CutOff::ALL.iter().zip(&self.0) {
            if *one == why {
                counter.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// Each label and its count.
    pub fn each(&self) -> impl Iterator<Item = (String, u64)> {
        let counts = self.0.iter().map(|counter| counter.load(Ordering::Relaxed));
        let labels = CutOff::ALL.iter().map(|why| format!("{{why=\"{}\"}}", why.word()));
        labels.zip(counts)
    }
}
