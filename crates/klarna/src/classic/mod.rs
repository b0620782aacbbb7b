//! Payments v1 and the customer tokens v1: linking accounts, and the older kind of token (tokens.md 4, 5).
//!
//! Another host, another log-in and another error body than the network's, so it is a client of its own; the transport and its
//! rules are the same. Deliberately absent: the browser's part (`authorize()`), and order management.

mod call;
mod config;
mod lines;
mod order;
mod session;
mod token;

pub use call::ClassicCall;
pub use config::{PaymentsConfig, PaymentsLogin, PaymentsLoginRefusal, PaymentsPassword, Region};
pub use lines::{LineSubscription, MOST_ORDER_LINES, MerchantUrls, OrderLine, OrderLines, OrderTerms};
pub use order::{FraudStatus, LinkingResult, PlacedOrder, TokenOrder};
pub use session::{AcquiringChannel, Intent, SessionDraft, SessionState, SessionUpdate, StartedSession};
pub use token::{ClassicStanding, ClassicTokenDraft};

use crate::answer::Answered;
use crate::bearer::AuthorizationToken;
use crate::config::ConfigFailure;
use crate::context::CallContext;
use crate::customer_token::CustomerToken;
use crate::failure::{CallFailure, Effect, FailureKind};
use crate::ids::PaymentSessionId;
use crate::permit::{Call, Permit};
use crate::sketch::{CallSketch, Show};
use crate::transport::{Outgoing, Transport};
use std::sync::Arc;

/// A client of payments v1 for one merchant id.
#[derive(Clone)]
pub struct PaymentsClient {
    transport: Arc<Transport>,
    name: String,
}

impl std::fmt::Debug for PaymentsClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PaymentsClient")
            .field("base", &self.transport.base().as_str())
            .finish_non_exhaustive()
    }
}

impl PaymentsClient {
    /// Sets a client up; nothing is sent yet.
    ///
    /// # Errors
    /// [`ConfigFailure`] names the part of the configuration that cannot be used.
    pub fn new(config: &PaymentsConfig) -> Result<Self, ConfigFailure> {
        let transport = Transport::over(&config.network(), config.timeouts, config.standing()?)?;
        let name = config.login.name().to_owned();
        let transport = Arc::new(transport);
        Ok(Self { transport, name })
    }

    /// Returns the permit that a call takes here: call and subject; nothing for a call that reads. The subject names host and
    /// user, so that no permit of one merchant passes for another.
    #[must_use]
    pub fn permit_for(&self, call: ClassicCall<'_>) -> Option<(Call, String)> {
        let (kind, told) = call.permit()?;
        let host = self.transport.base().host_str().unwrap_or_default();
        Some((kind, format!("{host} {} {told}", self.name)))
    }

    /// Starts a session.
    ///
    /// # Errors
    /// [`CallFailure`].
    pub async fn create_session(
        &self,
        permit: Permit,
        draft: &SessionDraft,
        context: &CallContext,
    ) -> Result<Answered<StartedSession>, CallFailure> {
        let out = self.allowed(permit, ClassicCall::CreateSession(draft), context)?;
        self.transport.carry(&out, context).await?.understood(session::started)
    }

    /// Changes a session; the second-best place for extra merchant data.
    ///
    /// # Errors
    /// [`CallFailure`].
    pub async fn update_session(
        &self,
        permit: Permit,
        id: &PaymentSessionId,
        update: &SessionUpdate,
        context: &CallContext,
    ) -> Result<Answered<()>, CallFailure> {
        self.tell(permit, ClassicCall::UpdateSession(id, update), context).await
    }

    /// Reads a session.
    ///
    /// # Errors
    /// [`CallFailure`]; [`FailureKind::NotFound`] when it is gone or an order came of it.
    pub async fn read_session(
        &self,
        id: &PaymentSessionId,
        context: &CallContext,
    ) -> Result<Answered<SessionState>, CallFailure> {
        let out = self.drawn(ClassicCall::ReadSession(id))?;
        self.transport.carry(&out, context).await?.understood(session::state)
    }

    /// Places the order of an authorization: money may move, so it is tried once, under an idempotency key.
    ///
    /// # Errors
    /// [`CallFailure`]; [`FailureKind::Invalid`] before anything is sent when the key is missing.
    pub async fn place_order(
        &self,
        permit: Permit,
        authorization: &AuthorizationToken,
        terms: &OrderTerms,
        context: &CallContext,
    ) -> Result<Answered<PlacedOrder>, CallFailure> {
        let out = self.allowed(permit, ClassicCall::PlaceOrder(authorization, terms), context)?;
        self.transport.carry(&out, context).await?.understood(order::placed)
    }

    /// Releases an authorization of which no order came.
    ///
    /// # Errors
    /// [`CallFailure`].
    pub async fn release_authorization(
        &self,
        permit: Permit,
        authorization: &AuthorizationToken,
        context: &CallContext,
    ) -> Result<Answered<()>, CallFailure> {
        self.tell(permit, ClassicCall::Release(authorization), context).await
    }

    /// Makes a v1 token of an authorization; for the tokenize intents, not for linking.
    ///
    /// # Errors
    /// [`CallFailure`].
    pub async fn create_token(
        &self,
        permit: Permit,
        authorization: &AuthorizationToken,
        draft: &ClassicTokenDraft,
        context: &CallContext,
    ) -> Result<Answered<CustomerToken>, CallFailure> {
        let out = self.allowed(permit, ClassicCall::CreateToken(authorization, draft), context)?;
        self.transport.carry(&out, context).await?.understood(token::made)
    }

    /// Asks how a v1 token stands.
    ///
    /// # Errors
    /// [`CallFailure`]; [`FailureKind::UnsafeUrl`] for a network token, which must not stand in a path.
    pub async fn read_token(
        &self,
        token: &CustomerToken,
        context: &CallContext,
    ) -> Result<Answered<ClassicStanding>, CallFailure> {
        let out = self.drawn(ClassicCall::ReadToken(token))?;
        self.transport.carry(&out, context).await?.understood(token::standing)
    }

    /// Charges a v1 token: money may move, so it is tried once, under an idempotency key.
    ///
    /// # Errors
    /// [`CallFailure`]; [`FailureKind::Invalid`] before anything is sent when the key is missing.
    pub async fn order_with_token(
        &self,
        permit: Permit,
        token: &CustomerToken,
        order: &TokenOrder,
        context: &CallContext,
    ) -> Result<Answered<PlacedOrder>, CallFailure> {
        let out = self.allowed(permit, ClassicCall::OrderWithToken(token, order), context)?;
        self.transport.carry(&out, context).await?.understood(order::placed)
    }

    /// Asks Klarna to cancel a v1 token, for good. The answer says only that it was *accepted*: read the token until it says so.
    ///
    /// # Errors
    /// [`CallFailure`].
    pub async fn cancel_token(
        &self,
        permit: Permit,
        token: &CustomerToken,
        context: &CallContext,
    ) -> Result<Answered<()>, CallFailure> {
        self.tell(permit, ClassicCall::CancelToken(token), context).await
    }

    /// Draws a call for an integrator to read, every secret masked; nothing is sent.
    #[must_use]
    pub fn sketch(&self, call: ClassicCall<'_>, context: &CallContext) -> CallSketch {
        let out = call.outgoing(self.transport.base(), Show::Masked);
        CallSketch::of(&out, context)
    }

    async fn tell(
        &self,
        permit: Permit,
        call: ClassicCall<'_>,
        context: &CallContext,
    ) -> Result<Answered<()>, CallFailure> {
        let out = self.allowed(permit, call, context)?.without_answer();
        let meta = self.transport.carry(&out, context).await?.meta;
        Ok(Answered { value: (), meta })
    }

    /// Spends the permit on a call that changes something, and writes the call.
    fn allowed(&self, permit: Permit, call: ClassicCall<'_>, context: &CallContext) -> Result<Outgoing, CallFailure> {
        let refused = |kind| CallFailure::new(kind, Effect::NotSent);
        let (kind, subject) = self
            .permit_for(call)
            .ok_or_else(|| refused(FailureKind::PermitMismatch))?;
        permit.spend(kind, &subject)?;
        if call.moves_money() && context.idempotency_key.is_none() {
            return Err(refused(FailureKind::Invalid));
        }
        self.drawn(call)
    }

    fn drawn(&self, call: ClassicCall<'_>) -> Result<Outgoing, CallFailure> {
        if call.fits_a_path() {
            Ok(call.outgoing(self.transport.base(), Show::Wire))
        } else {
            Err(CallFailure::new(FailureKind::UnsafeUrl, Effect::NotSent))
        }
    }
}
