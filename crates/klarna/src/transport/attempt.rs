//! One attempt of a call: send, read up to the limit, and name what came of it.
//!
//! Deliberately absent: deciding about another attempt, and understanding the body of a success.

use super::{Outgoing, Transport, classify, guard};
use crate::answer::AnswerMeta;
use crate::context::CallContext;
use crate::failure::{CallFailure, Effect, FailureKind};
use crate::headers::{CORRELATION_ID, IDEMPOTENCY_KEY, correlation};
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use tokio::time::{Instant, timeout_at};
use zeroize::{Zeroize, Zeroizing};

/// The largest answer that is read, counted after unpacking.
const LIMIT: usize = 1_000_000;

/// A 2xx answer; the body may hold secrets and is wiped.
pub(crate) struct Answer {
    pub(crate) meta: AnswerMeta,
    pub(crate) body: Zeroizing<Vec<u8>>,
}

impl Transport {
    pub(super) async fn attempt(
        &self,
        out: &Outgoing,
        context: &CallContext,
        deadline: Instant,
        number: u32,
    ) -> Result<Answer, CallFailure> {
        if !guard::is_safe(&out.method, &out.url) {
            return Err(CallFailure::new(FailureKind::UnsafeUrl, Effect::NotSent));
        }
        let result = match timeout_at(deadline, self.exchange(out, context, number)).await {
            Ok(result) => result,
            Err(_) => Err(CallFailure::new(
                FailureKind::DeadlinePassed,
                Effect::Unknown,
            )),
        };
        report(out, number, &result);
        result
    }

    async fn exchange(
        &self,
        out: &Outgoing,
        context: &CallContext,
        number: u32,
    ) -> Result<Answer, CallFailure> {
        let below = |failure| classify::transport_failure(failure, self.proxied, number);
        let mut response = self.request(out, context).send().await.map_err(below)?;
        let meta = AnswerMeta::read(response.status().as_u16(), response.headers(), number);
        self.pace.note(meta.rate);
        if !response.status().is_success() {
            // A refusal stands by its status, even when its body breaks off or never ends.
            let body = read(&mut response)
                .await
                .unwrap_or_else(|_| UNREADABLE.to_vec().into());
            return Err(classify::refusal(meta, &body));
        }
        if !out.awaits_body {
            let body = Zeroizing::default();
            return Ok(Answer { meta, body });
        }
        match read(&mut response).await {
            Ok(body) => Ok(Answer { meta, body }),
            Err(Unread::TooLarge) => Err(unusable(meta, FailureKind::AnswerTooLarge)),
            Err(Unread::Broken(failure)) => {
                let mut failure = below(failure);
                failure.effect = Effect::Unknown;
                failure.meta = Some(Box::new(meta));
                Err(failure)
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
        }
        if let Some(body) = &out.body {
            request = request
                .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
                .body(body.clone());
        }
        request
    }
}

/// Stands for a body that was there but could not be read.
const UNREADABLE: &[u8] = b"?";

enum Unread {
    TooLarge,
    Broken(reqwest::Error),
}

async fn read(response: &mut reqwest::Response) -> Result<Zeroizing<Vec<u8>>, Unread> {
    let announced = response
        .content_length()
        .and_then(|length| usize::try_from(length).ok());
    if announced.is_some_and(|length| length > LIMIT) {
        return Err(Unread::TooLarge);
    }
    let mut body = Zeroizing::new(Vec::with_capacity(announced.unwrap_or(4096)));
    while let Some(piece) = response.chunk().await.map_err(Unread::Broken)? {
        if body.len() + piece.len() > LIMIT {
            return Err(Unread::TooLarge);
        }
        grow(&mut body, piece.len());
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

/// Makes room without leaving a copy behind.
fn grow(body: &mut Zeroizing<Vec<u8>>, more: usize) {
    if body.capacity() - body.len() < more {
        let mut larger = Vec::with_capacity((body.len() + more) * 2);
        larger.extend_from_slice(body);
        std::mem::swap(&mut **body, &mut larger);
        larger.zeroize();
    }
}

/// A 2xx answer that nobody can use: what was asked for may well have happened.
pub(super) fn unusable(meta: AnswerMeta, kind: FailureKind) -> CallFailure {
    let mut failure = CallFailure::new(kind, Effect::Unknown);
    failure.attempts = meta.attempts;
    failure.meta = Some(Box::new(meta));
    failure
}

impl Answer {
    /// Reads the body with `read`, which gives the kind when it cannot.
    pub(crate) fn understood<T>(
        self,
        read: impl FnOnce(&[u8]) -> Result<T, FailureKind>,
    ) -> Result<crate::answer::Answered<T>, CallFailure> {
        match read(&self.body) {
            Ok(value) => Ok(crate::answer::Answered {
                value,
                meta: self.meta,
            }),
            Err(kind) => Err(unusable(self.meta, kind)),
        }
    }
}

fn report(out: &Outgoing, number: u32, result: &Result<Answer, CallFailure>) {
    let (method, path) = (out.method.as_str(), out.template);
    match result {
        Ok(answer) => tracing::debug!(
            method,
            path,
            number,
            status = answer.meta.status,
            "klarna answered"
        ),
        Err(failure) => {
            let status = failure.meta.as_ref().map(|meta| meta.status);
            let detail = failure.detail.as_deref();
            tracing::debug!(method, path, number, status, kind = ?failure.kind, effect = ?failure.effect, detail, "klarna call failed");
        }
    }
}
