//! The client: one per profile, cheap to clone, safe to use from many tasks at once.
//!
//! The calls themselves stand by topic in `portal`, `accounts`, `certificates`, `api_keys`, `enforcement`, `ip_restrictions`,
//! `access` and `network_tokens`; those of payments v1 have a client of their own in `classic`. Deliberately absent: state beside connections and the pause that Klarna asked for.

use crate::answer::{AnswerMeta, Answered};
use crate::config::{ClientConfig, ConfigFailure};
use crate::context::CallContext;
use crate::failure::{CallFailure, FailureKind};
use crate::transport::{Outgoing, Transport, extended};
use std::sync::Arc;
use url::Url;

/// A client of Klarna's APIs for one profile.
#[derive(Clone)]
pub struct Client {
    pub(crate) transport: Arc<Transport>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("base", &self.transport.base().as_str())
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Sets a client up; nothing is sent yet.
    ///
    /// # Errors
    /// [`ConfigFailure`] names the part of the configuration that cannot be used. Plain http is refused unless the host is this
    /// machine.
    pub fn new(config: ClientConfig) -> Result<Self, ConfigFailure> {
        Ok(Self {
            transport: Arc::new(Transport::new(&config)?),
        })
    }

    /// Opens a connection, TLS included, and keeps it for the next call; creates nothing.
    ///
    /// Any answer is a success here: what matters is that the connection stands. It is one attempt, without repetition.
    ///
    /// # Errors
    /// [`CallFailure`] when no connection could be made.
    pub async fn warm(&self) -> Result<AnswerMeta, CallFailure> {
        self.transport.warm().await
    }

    /// The address of a call.
    pub(crate) fn address(&self, segments: &[&str]) -> Url {
        extended(self.transport.base(), segments)
    }

    /// Carries a call whose answer is read.
    pub(crate) async fn ask<T>(
        &self,
        out: Outgoing,
        context: &CallContext,
        read: impl FnOnce(&[u8]) -> Result<T, FailureKind>,
    ) -> Result<Answered<T>, CallFailure> {
        self.transport.carry(&out, context).await?.understood(read)
    }

    /// Carries a call whose answer is that it succeeded.
    pub(crate) async fn tell(&self, out: Outgoing, context: &CallContext) -> Result<Answered<()>, CallFailure> {
        let out = out.without_answer();
        let meta = self.transport.carry(&out, context).await?.meta;
        Ok(Answered { value: (), meta })
    }
}
