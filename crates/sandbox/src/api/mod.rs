//! Klarna's side of the wire: one pipeline that every call goes through, then the operation itself.
//!
//! Handlers are plain functions over one transaction: no await, no partial effect. The order of the pipeline is the order
//! in which Klarna can notice something: route, key, client certificate, rate, repeat, body, operation.

pub(crate) mod answer;
pub(crate) mod text;

mod accounts;
mod api_keys;
mod auth;
mod body;
mod client_certificates;
mod deep_links;
mod enforcement;
mod headers;
mod identity;
mod ip_restrictions;
mod mtls;
mod notification;
mod payment;
mod pipeline;
mod rate;
mod repeat;
mod route;
mod user_access;
mod v1;

pub(crate) use api_keys::new_key;
pub(crate) use pipeline::{answer_call, refuse};
pub(crate) use rate::Rates;
pub(crate) use user_access::{count_arrival, person_key};
pub(crate) use v1::new_credentials;

use crate::desk::Desk;
use crate::sandbox::Sandbox;
use crate::serve::connection::Connection;
use crate::settings::{Key, Settings};
use axum::body::Bytes;
use axum::http::{HeaderMap, Method};
use rusqlite::Transaction;

/// One call as it came in, with its body read.
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) connection: Connection,
}

impl Call {
    /// A header as text; nothing when it is absent or no visible ASCII.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// What an operation works with: the call, who makes it, and the one transaction it runs in.
pub(crate) struct Context<'a> {
    pub(crate) sandbox: &'a Sandbox,
    pub(crate) settings: &'a Settings,
    pub(crate) tx: &'a Transaction<'a>,
    pub(crate) call: &'a Call,
    /// The account of the API key.
    pub(crate) caller: String,
    pub(crate) now_ms: i64,
}

impl Context<'_> {
    /// The place at which this call's decisions are made.
    pub(crate) fn desk(&self) -> Desk<'_> {
        Desk {
            tx: self.tx,
            settings: self.settings,
            random: self.sandbox.random,
            now_ms: self.now_ms,
        }
    }

    /// The number in the private extension for a usage (row 8).
    pub(crate) fn usage_value(&self, usage: &str) -> Option<i64> {
        usage_value(self.settings, usage)
    }
}

fn usage_value(settings: &Settings, usage: &str) -> Option<i64> {
    let pairs = settings
        .words(Key::CertUsageValues)
        .iter()
        .filter_map(|word| crate::settings::pair(word));
    pairs
        .into_iter()
        .find(|(name, _)| *name == usage)
        .map(|(_, value)| value)
}
