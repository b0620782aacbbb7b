//! One call as it will be sent: fixed before the first attempt, so that a repetition is the very same bytes.
//!
//! Deliberately absent: anything that differs between attempts.

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};
use url::Url;
use zeroize::Zeroizing;

/// Which of Klarna's generations a call belongs to: they differ in headers and in what a 404 means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Generation {
    /// The network API, v2.
    Network,
    /// Payments v1 and customer tokens v1.
    Classic,
}

/// A call ready to be sent any number of times.
pub(crate) struct Outgoing {
    pub(crate) method: Method,
    pub(crate) url: Url,
    /// The path with names instead of values, for logs.
    pub(crate) template: &'static str,
    pub(crate) body: Option<Bytes>,
    /// Whether a success says more than that it is one.
    pub(crate) awaits_body: bool,
    pub(crate) generation: Generation,
    /// Headers of this call alone.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// It may move money, so it is tried once: whether it is sent again is a person's decision (audit.md 4.2).
    pub(crate) single: bool,
    /// Secrets in it, which are taken out of what an error answer says.
    pub(crate) secrets: Vec<Zeroizing<String>>,
}

impl Outgoing {
    pub(crate) const fn new(method: Method, url: Url, template: &'static str) -> Self {
        Self {
            method,
            url,
            template,
            body: None,
            awaits_body: true,
            generation: Generation::Network,
            headers: Vec::new(),
            single: false,
            secrets: Vec::new(),
        }
    }

    /// Makes it a call of payments v1.
    pub(crate) const fn classic(mut self) -> Self {
        self.generation = Generation::Classic;
        self
    }

    /// Adds a header.
    pub(crate) fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Names a secret that an error answer may quote.
    pub(crate) fn hiding(mut self, secret: &str) -> Self {
        self.secrets.push(Zeroizing::new(secret.to_owned()));
        self
    }

    /// Tries it once and never again, whatever comes of it.
    pub(crate) const fn moving_money(mut self) -> Self {
        self.single = true;
        self
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
