//! Customer tokens of the network: making, charging, reading, revoking them (tokens.md 1 to 3).
//!
//! A token travels in a header alone, and the transport looks once more that none stands in an address. What may move money is
//! tried once, under an idempotency key that must be there. Deliberately absent: the form of these calls without an account in
//! the path, which is for merchants, and sending a charge again, which a person decides with the same key.

mod call;
mod payment_request;
mod route;
mod standing;

pub use call::{NetworkCall, PaymentRequestDraft, RequestPurpose};
pub(crate) use payment_request::session;
pub use payment_request::{PaymentRequest, PaymentRequestState};
pub use standing::{Revocation, TokenStanding, TokenStatus};

use crate::answer::Answered;
use crate::authorize::answer::{self, AuthorizationAnswer};
use crate::authorize::request::Authorization;
use crate::client::Client;
use crate::context::CallContext;
use crate::customer_token::{CustomerToken, Purposes};
use crate::failure::{CallFailure, Effect, FailureKind, shape};
use crate::ids::PaymentRequestId;
use crate::krn::AccountKrn;
use crate::permit::Permit;
use crate::sketch::{CallSketch, Show};
use crate::wire_value::Wiped;

impl Client {
    /// Asks Klarna to authorise: makes a token, finishes a payment, or charges a token.
    ///
    /// The permit is of [`Authorization::call`] and [`Authorization::permit_subject`]. When money may move there is one attempt,
    /// and [`Effect::Unknown`] means that it may have moved: the same authorisation under the same idempotency key, which lives
    /// 24 hours, gives the first answer again.
    ///
    /// # Errors
    /// [`CallFailure`]; [`FailureKind::Invalid`] before anything is sent when money would move without an idempotency key. A
    /// decline is no failure.
    pub async fn authorize_payment(
        &self,
        permit: Permit,
        account: &AccountKrn,
        authorization: &Authorization,
        context: &CallContext,
    ) -> Result<Answered<AuthorizationAnswer>, CallFailure> {
        let call = NetworkCall::Authorize(authorization);
        let pays = authorization.payment().is_some();
        self.change(permit, account, call, context, |body| answer::understood(body, pays))
            .await
    }

    /// Makes a payment request: the newer order of calls, in which the customer is asked first (tokens.md 1.6).
    ///
    /// # Errors
    /// [`CallFailure`], as [`Client::authorize_payment`].
    pub async fn create_payment_request(
        &self,
        permit: Permit,
        account: &AccountKrn,
        draft: &PaymentRequestDraft,
        context: &CallContext,
    ) -> Result<Answered<PaymentRequest>, CallFailure> {
        let call = NetworkCall::CreateRequest(draft);
        self.change(permit, account, call, context, request).await
    }

    /// Reads a payment request.
    ///
    /// # Errors
    /// [`CallFailure`]; an answer about another one is [`shape::OTHER_PAYMENT_REQUEST`].
    pub async fn read_payment_request(
        &self,
        account: &AccountKrn,
        id: &PaymentRequestId,
        context: &CallContext,
    ) -> Result<Answered<PaymentRequest>, CallFailure> {
        let out = NetworkCall::ReadRequest(id).outgoing(self.transport.base(), account, Show::Wire);
        self.ask(out, context, |body| this(request(body)?, id)).await
    }

    /// Cancels a payment request that is not final yet.
    ///
    /// # Errors
    /// [`CallFailure`].
    pub async fn cancel_payment_request(
        &self,
        permit: Permit,
        account: &AccountKrn,
        id: &PaymentRequestId,
        context: &CallContext,
    ) -> Result<Answered<PaymentRequest>, CallFailure> {
        let call = NetworkCall::CancelRequest(id);
        self.change(permit, account, call, context, |body| this(request(body)?, id))
            .await
    }

    /// Asks how a token stands. That Klarna says it has been revoked is an answer.
    ///
    /// # Errors
    /// [`CallFailure`]; [`FailureKind::Forbidden`] for a token of another account, [`FailureKind::NotFound`] for one that Klarna
    /// does not know.
    pub async fn introspect_token(
        &self,
        account: &AccountKrn,
        token: &CustomerToken,
        context: &CallContext,
    ) -> Result<Answered<TokenStanding>, CallFailure> {
        let out = NetworkCall::Introspect(token).outgoing(self.transport.base(), account, Show::Wire);
        let revoked = TokenStanding {
            status: TokenStatus::Revoked,
            purposes: Purposes::default(),
            issued_unix_ms: None,
            reference: None,
        };
        standing::or_revoked(self.ask(out, context, standing::standing).await, revoked)
    }

    /// Revokes a token, for good. Klarna takes network tokens here, and says it takes those of v1 as well (tokens.md 3.2).
    ///
    /// # Errors
    /// [`CallFailure`]; that it was revoked before is no failure.
    pub async fn revoke_token(
        &self,
        permit: Permit,
        account: &AccountKrn,
        token: &CustomerToken,
        context: &CallContext,
    ) -> Result<Answered<Revocation>, CallFailure> {
        let call = NetworkCall::Revoke(token);
        let read = |body: &[u8]| Ok(standing::revocation(body));
        let done = Revocation {
            was_revoked_before: true,
            reference: None,
        };
        standing::or_revoked(self.change(permit, account, call, context, read).await, done)
    }

    /// Draws a call for an integrator to read, every secret masked; nothing is sent.
    #[must_use]
    pub fn sketch(&self, account: &AccountKrn, call: NetworkCall<'_>, context: &CallContext) -> CallSketch {
        let out = call.outgoing(self.transport.base(), account, Show::Masked);
        CallSketch::of(&out, context)
    }

    /// Carries a call that changes something, under its permit.
    async fn change<T>(
        &self,
        permit: Permit,
        account: &AccountKrn,
        call: NetworkCall<'_>,
        context: &CallContext,
        read: impl FnOnce(&[u8]) -> Result<T, FailureKind>,
    ) -> Result<Answered<T>, CallFailure> {
        let (kind, subject) = call
            .permit_for(account)
            .ok_or_else(|| CallFailure::new(FailureKind::PermitMismatch, Effect::NotSent))?;
        permit.spend(kind, &subject)?;
        if call.moves_money() && context.idempotency_key.is_none() {
            return Err(CallFailure::new(FailureKind::Invalid, Effect::NotSent));
        }
        let out = call.outgoing(self.transport.base(), account, Show::Wire);
        self.ask(out, context, read).await
    }
}

/// Reads a payment request that stands alone, or as a block of its own.
fn request(body: &[u8]) -> Result<PaymentRequest, FailureKind> {
    let whole = Wiped::object(body)?;
    let value = whole.value();
    PaymentRequest::read(value.get("payment_request").unwrap_or(value))
}

fn this(request: PaymentRequest, asked: &PaymentRequestId) -> Result<PaymentRequest, FailureKind> {
    if request.id == *asked {
        Ok(request)
    } else {
        Err(FailureKind::AnswerShape(shape::OTHER_PAYMENT_REQUEST))
    }
}
