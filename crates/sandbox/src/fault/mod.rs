//! Faults on order: what goes wrong between Klarna and a client, made to happen at a chosen call.
//!
//! A fault is ordered through the control API, matches calls by method and path, and is used up. Faults live in memory:
//! they are of the moment. The control API itself is never faulted, so that a test can always clear them.

mod apply;

pub(crate) use apply::with_faults;

use serde::{Deserialize, Serialize};
use std::sync::{Mutex, PoisonError};

/// Whether the operation takes effect although its answer is lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum When {
    /// The operation does not run.
    #[default]
    Before,
    /// The operation runs; only its answer is replaced.
    After,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Effect {
    /// An error answer in Klarna's shape.
    Status {
        status: u16,
        #[serde(default)]
        code: Option<String>,
        #[serde(default)]
        when: When,
    },
    /// The 403 of the DDoS protection, without a body.
    #[serde(rename = "bodiless_403")]
    Bodiless403,
    /// The answer comes late.
    Latency { ms: u64 },
    /// The connection ends before the first byte of the answer.
    Cut {
        #[serde(default)]
        when: When,
    },
    /// The connection ends this many bytes into the answer's body.
    CutBody {
        #[serde(default = "few_bytes")]
        bytes: usize,
    },
    /// The answer trickles.
    SlowBody {
        #[serde(default = "few_bytes")]
        chunk: usize,
        #[serde(default = "pause_ms")]
        pause_ms: u64,
    },
    /// A page of a proxy in place of JSON.
    Html {
        #[serde(default)]
        when: When,
    },
    /// The true answer with another media type.
    MediaType,
    /// The JSON stops in the middle although HTTP is complete.
    TruncatedJson,
    /// The true answer, made this large.
    TooLarge {
        #[serde(default = "two_megabytes")]
        bytes: usize,
    },
    /// The answer of createDeepLink lacks `url`.
    MissingUrl,
    /// `url` points at a host that is not Klarna's.
    ForeignUrl,
    /// `url` is not https.
    HttpUrl,
    /// The `Date` header is off.
    DateSkew { seconds: i64 },
    /// A redirect.
    Redirect {
        #[serde(default = "temporary_redirect")]
        status: u16,
        #[serde(default)]
        location: Option<String>,
    },
    /// The doubled header that one client saw (portal-access.md 6.2).
    DoubledMtls,
}

fn few_bytes() -> usize {
    8
}

fn pause_ms() -> u64 {
    200
}

fn two_megabytes() -> usize {
    2_000_000
}

fn temporary_redirect() -> u16 {
    307
}

/// One ordered fault.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Fault {
    /// Only calls with this method.
    #[serde(default)]
    method: Option<String>,
    /// Only calls whose path contains this text; `*` stands for anything.
    #[serde(default)]
    path: Option<String>,
    /// How many calls it hits; 0 means every call until it is cleared.
    #[serde(default = "once")]
    times: u32,
    #[serde(flatten)]
    effect: Effect,
}

fn once() -> u32 {
    1
}

impl Fault {
    fn hits(&self, method: &str, path: &str) -> bool {
        let method_fits = self
            .method
            .as_deref()
            .is_none_or(|one| one.eq_ignore_ascii_case(method));
        method_fits && self.path.as_deref().is_none_or(|pattern| contains(path, pattern))
    }
}

/// Whether the pieces between `*` occur in this order.
fn contains(path: &str, pattern: &str) -> bool {
    let mut rest = Some(path);
    for piece in pattern.split('*') {
        rest = rest.and_then(|rest| rest.split_once(piece)).map(|(_, after)| after);
    }
    rest.is_some()
}

/// The faults that wait.
#[derive(Default)]
pub(crate) struct Faults {
    waiting: Mutex<Vec<Fault>>,
}

impl Faults {
    pub(crate) fn order(&self, fault: Fault) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(fault);
    }

    pub(crate) fn clear(&self) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    pub(crate) fn list(&self) -> Vec<Fault> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes every fault that hits this call, in the order in which they were ordered.
    fn take(&self, method: &str, path: &str) -> Vec<Effect> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let mut hit = Vec::new();
        waiting.retain_mut(|fault| {
            if !fault.hits(method, path) {
                return true;
            }
            hit.push(fault.effect.clone());
            let always = fault.times == 0;
            fault.times = fault.times.saturating_sub(1);
            always || fault.times > 0
        });
        hit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_hits_its_calls_and_is_used_up() {
        let faults = Faults::default();
        let fault = r#"{"kind":"status","status":503,"path":"accounts/*/portal","method":"post","times":2}"#;
        faults.order(serde_json::from_str(fault).unwrap());
        assert!(
            faults.take("GET", "/v2/accounts/a/portal/deep-links").is_empty(),
            "another method"
        );
        assert!(faults.take("POST", "/v2/accounts/a").is_empty(), "another path");
        assert_eq!(
            faults.take("POST", "/v2/accounts/a/portal/deep-links").len(),
            1,
            "the first call"
        );
        assert_eq!(
            faults.take("POST", "/v2/accounts/a/portal/deep-links").len(),
            1,
            "the second call"
        );
        assert!(
            faults.take("POST", "/v2/accounts/a/portal/deep-links").is_empty(),
            "used up"
        );
    }

    #[test]
    fn times_zero_hits_until_cleared() {
        let faults = Faults::default();
        faults.order(serde_json::from_str(r#"{"kind":"bodiless_403","times":0}"#).unwrap());
        assert!((0..5).all(|_| faults.take("GET", "/v2/x").len() == 1), "every call");
        faults.clear();
        assert!(faults.take("GET", "/v2/x").is_empty(), "cleared");
    }
}
