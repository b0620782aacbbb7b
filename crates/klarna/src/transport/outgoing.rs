//! One call as it will be sent: fixed before the first attempt, so that a repetition is the very same bytes.
//!
//! Deliberately absent: anything that differs between attempts.

use bytes::Bytes;
use reqwest::Method;
use url::Url;
use zeroize::Zeroizing;

/// A call ready to be sent any number of times.
pub(crate) struct Outgoing {
    pub(crate) method: Method,
    pub(crate) url: Url,
    /// The path with names instead of values, for logs.
    pub(crate) template: &'static str,
    pub(crate) body: Option<Bytes>,
    /// Whether a success says more than that it is one.
    pub(crate) awaits_body: bool,
}

impl Outgoing {
    pub(crate) const fn new(method: Method, url: Url, template: &'static str) -> Self {
        Self {
            method,
            url,
            template,
            body: None,
            awaits_body: true,
        }
    }

    /// Adds a JSON body; the bytes are wiped when the last attempt is over.
    pub(crate) fn with_json(mut self, json: Zeroizing<String>) -> Self {
        self.body = Some(Bytes::from_owner(Wiped(json)));
        self
    }

    /// Any 2xx is the whole answer; what its body says is not looked at, so it cannot spoil the success.
    pub(crate) const fn without_answer(mut self) -> Self {
        self.awaits_body = false;
        self
    }

    /// Tells whether the call carries an idempotency key: POST and PATCH (portal-access.md 10.1, DOC).
    pub(crate) fn takes_key(&self) -> bool {
        self.method == Method::POST || self.method == Method::PATCH
    }
}

struct Wiped(Zeroizing<String>);

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// The base address with path segments added, each percent-encoded as far as a segment needs it.
pub(crate) fn extended(base: &Url, segments: &[&str]) -> Url {
    let mut url = base.clone();
    url.path_segments_mut()
        .expect("the base address was checked to be http or https, which have paths")
        .pop_if_empty()
        .extend(segments);
    url
}
