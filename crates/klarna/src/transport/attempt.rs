//! One attempt of a call: send, read up to the limits, and name what came of it.
//!
//! The limits are kept here and not by the HTTP library, whose read limit runs while the connection is still being made: here
//! only the connect limit ends that phase, so a time-out after it means that the call was on the wire. Deliberately absent:
//! deciding about another attempt, and understanding the body of a success.

use super::body::{Unread, read};
use super::{Generation, Outgoing, Transport, classify, guard};
use crate::answer::{AnswerMeta, Answered};
use crate::context::CallContext;
use crate::failure::{CallFailure, Effect, FailureKind};
use crate::headers::{CORRELATION_ID, IDEMPOTENCY_KEY, OLD_IDEMPOTENCY_KEY, correlation};
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use std::time::Duration;
use tokio::time::{Instant, timeout, timeout_at};
use zeroize::Zeroizing;

/// Stands for a body that was there but could not be read.
const UNREADABLE: &[u8] = b"?";

/// How long a success waits for a body that nobody reads, so that the connection can carry the next call.
const LINGER: Duration = Duration::from_millis(100);

/// A 2xx answer; the body may hold secrets and is wiped.
pub(crate) struct Answer {
    pub(crate) meta: AnswerMeta,
    pub(crate) body: Zeroizing<Vec<u8>>,
}

impl Answer {
    /// Reads the body with `read`, which gives the kind when it cannot.
    pub(crate) fn understood<T>(
        self,
        read: impl FnOnce(&[u8]) -> Result<T, FailureKind>,
    ) -> Result<Answered<T>, CallFailure> {
        match read(&self.body) {
            Ok(value) => Ok(Answered { value, meta: self.meta }),
            Err(kind) => Err(unusable(self.meta, kind)),
        }
    }
}

/// A 2xx answer, and the response whose body is still to come when nobody reads it.
struct Landed {
    answer: Answer,
    unread: Option<reqwest::Response>,
}

impl Landed {
    /// Empties the connection for the next call; whatever comes of that, the answer stands.
    async fn settled(self) -> Answer {
        if let Some(mut response) = self.unread {
            let _ = timeout(LINGER, read(&mut response, LINGER)).await;
        }
        self.answer
    }
}

impl Transport {
    /// Makes one attempt, within the attempt's own limit and the call's deadline.
    pub(super) async fn attempt(
        &self,
        out: &Outgoing,
        context: &CallContext,
        deadline: Instant,
        number: u32,
    ) -> Result<Answer, CallFailure> {
        if !guard::may_leave(out) {
            return Err(CallFailure::new(FailureKind::UnsafeUrl, Effect::NotSent));
        }
        let limit = Instant::now() + self.timeouts.total;
        let late = if limit < deadline {
            FailureKind::Timeout
        } else {
            FailureKind::DeadlinePassed
        };
        let exchange = timeout_at(limit.min(deadline), self.exchange(out, context, number));
        let result = match exchange.await {
            Ok(Ok(landed)) => Ok(landed.settled().await),
            Ok(Err(failure)) => Err(failure),
            Err(_) => Err(CallFailure::new(late, Effect::Unknown)),
        };
        report(out, number, &result);
        result
    }

    async fn exchange(&self, out: &Outgoing, context: &CallContext, number: u32) -> Result<Landed, CallFailure> {
        let request = self.request(out, context);
        let mut response = self.head(request, number).await?;
        let status = response.status();
        let meta = AnswerMeta::read(status.as_u16(), response.headers(), number);
        self.pace.note(meta.rate);
        if !status.is_success() {
            return Err(self.refusal(out, &mut response, meta).await);
        }
        if !out.awaits_body {
            let body = Zeroizing::default();
            let (answer, unread) = (Answer { meta, body }, Some(response));
            return Ok(Landed { answer, unread });
        }
        match read(&mut response, self.timeouts.read).await {
            Ok(body) => Ok(Landed {
                answer: Answer { meta, body },
                unread: None,
            }),
            Err(unread) => Err(self.half_answered(meta, unread)),
        }
    }

    /// Sends a request and waits for the head of the answer.
    pub(super) async fn head(
        &self,
        request: reqwest::RequestBuilder,
        number: u32,
    ) -> Result<reqwest::Response, CallFailure> {
        let limit = self.timeouts.connect + self.timeouts.read;
        match timeout(limit, request.send()).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(failure)) => Err(classify::transport_failure(failure, self.is_proxied(), number)),
            Err(_) => Err(CallFailure::new(FailureKind::Timeout, Effect::Unknown)),
        }
    }

    /// Names a refusal; it stands by its status, even when its body breaks off or never ends.
    async fn refusal(&self, out: &Outgoing, response: &mut reqwest::Response, meta: AnswerMeta) -> CallFailure {
        let limit = self.timeouts.read;
        let body = match timeout(limit, read(response, limit)).await {
            Ok(Ok(body)) => body,
            Ok(Err(_)) | Err(_) => UNREADABLE.to_vec().into(),
        };
        classify::refusal(out, meta, &body)
    }

    /// Names a success whose body could not be read: the call went through, the answer is lost.
    fn half_answered(&self, meta: AnswerMeta, unread: Unread) -> CallFailure {
        match unread {
            Unread::TooLarge => unusable(meta, FailureKind::AnswerTooLarge),
            Unread::Stalled => unusable(meta, FailureKind::Timeout),
            Unread::Broken(failure) => {
                let below = classify::transport_failure(failure, self.is_proxied(), meta.attempts);
                let mut failure = unusable(meta, below.kind);
                failure.detail = below.detail;
                failure
            }
        }
    }

    fn request(&self, out: &Outgoing, context: &CallContext) -> reqwest::RequestBuilder {
        let mut request = self.http.request(out.method.clone(), out.url.clone());
        if let Some(value) = correlation(context) {
            request = request.header(CORRELATION_ID, value);
        }
        if let Some(key) = context.idempotency_key.filter(|_| out.takes_key()) {
            request = request.header(IDEMPOTENCY_KEY, key.to_string());
            if out.generation == Generation::Classic {
                // One document prints the one, the other pages the other; on v1 both are sent (tokens.md 4.3).
                request = request.header(OLD_IDEMPOTENCY_KEY, key.to_string());
            }
        }
        for (name, value) in &out.headers {
            request = request.header(name, value);
        }
        if let Some(body) = &out.body {
            let json = HeaderValue::from_static("application/json");
            request = request.header(CONTENT_TYPE, json).body(body.clone());
        }
        request
    }
}

/// A 2xx answer that nobody can use: what was asked for may well have happened.
fn unusable(meta: AnswerMeta, kind: FailureKind) -> CallFailure {
    let mut failure = CallFailure::new(kind, Effect::Unknown);
    failure.attempts = meta.attempts;
    failure.meta = Some(Box::new(meta));
    failure
}

fn report(out: &Outgoing, number: u32, result: &Result<Answer, CallFailure>) {
    let (method, path) = (out.method.as_str(), out.template);
    match result {
        Ok(answer) => {
            let status = answer.meta.status;
            tracing::debug!(method, path, number, status, "klarna answered");
        }
        Err(failure) => {
            let status = failure.meta.as_ref().map(|meta| meta.status);
            let (kind, effect) = (&failure.kind, failure.effect);
            let detail = failure.detail.as_deref();
            tracing::debug!(
                method,
                path,
                number,
                status,
                ?kind,
                ?effect,
                detail,
                "klarna call failed"
            );
        }
    }
}
