//! The permit: proof that an act was recorded before it is carried out.
//!
//! Every mutating call takes one by value, bound to the call and its subject (design.md section 3, invariant 1), so a call
//! without a recorded intent does not compile and a permit is spent by one call. Deliberately absent: `Clone`, `Copy`, serde.

use crate::failure::{CallFailure, Effect, FailureKind};

/// The calls that change something at Klarna.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    /// `POST /v2/accounts/{account}/portal/deep-links`
    CreateDeepLink,
    /// `DELETE /v2/accounts/{account}/portal/deep-links/{id}`
    DeleteDeepLink,
    /// `POST /v2/account/integration/credentials/client-certificate`
    IssueCertificate,
    /// `POST /v2/account/integration/credentials/client-certificate/{id}/revoke`
    RevokeCertificate,
    /// `PATCH /v2/account/integration/credentials/client-certificate/{id}`
    RenameCertificate,
    /// `POST /v2/account/integration/credentials/api-key`
    CreateApiKey,
    /// `PATCH /v2/account/integration/credentials/api-key/{id}`
    RenameApiKey,
    /// `DELETE /v2/account/integration/credentials/api-key/{id}`
    DisableApiKey,
    /// `PUT /v2/account/integration/client-certificates/enforcement`
    EnforceMtls,
    /// `DELETE /v2/account/integration/client-certificates/enforcement`
    StopEnforcingMtls,
    /// `POST /v2/portal/user-access`
    CreateUserAccess,
    /// `DELETE /v2/portal/user-access`
    DeleteUserAccess,
    /// `POST /v2/accounts/{account}/payment/authorize`, asking for a token
    CreateCustomerToken,
    /// `POST /v2/accounts/{account}/payment/authorize`, after the customer's consent
    FinalisePayment,
    /// `POST /v2/accounts/{account}/payment/authorize`, with a token and the customer there
    ChargeCustomerPresent,
    /// `POST /v2/accounts/{account}/payment/authorize`, with a token and nobody there
    ChargeCustomerNotPresent,
    /// `POST /v2/accounts/{account}/payment/requests`
    CreatePaymentRequest,
    /// `DELETE /v2/accounts/{account}/payment/requests/{id}`
    CancelPaymentRequest,
    /// `DELETE /v2/accounts/{account}/identity/customer-token`
    RevokeCustomerToken,
    /// `POST /payments/v1/sessions`
    CreatePaymentSession,
    /// `POST /payments/v1/sessions/{id}`
    UpdatePaymentSession,
    /// `POST /payments/v1/authorizations/{authorization}/order`
    PlaceOrder,
    /// `DELETE /payments/v1/authorizations/{authorization}`
    ReleaseAuthorization,
    /// `POST /payments/v1/authorizations/{authorization}/customer-token`
    CreateClassicToken,
    /// `POST /customer-token/v1/tokens/{token}/order`
    OrderWithClassicToken,
    /// `PATCH /customer-token/v1/tokens/{token}/status`
    CancelClassicToken,
    /// `POST /v2/notification/signing-keys`
    CreateSigningKey,
    /// `DELETE /v2/notification/signing-keys/{id}`
    DeleteSigningKey,
    /// `POST /v2/notification/webhooks`
    CreateWebhook,
    /// `PATCH /v2/notification/webhooks/{id}`
    SwitchWebhook,
    /// `POST /v2/notification/webhooks/{id}/simulate`
    SimulateWebhook,
    /// `DELETE /v2/notification/webhooks/{id}`
    DeleteWebhook,
}

/// The right to make one call for one subject, once.
#[derive(Debug)]
#[must_use = "a permit stands for an act that was recorded; it must be spent or the act be closed"]
pub struct Permit {
    call: Call,
    subject: String,
}

impl Permit {
    /// Makes a permit. **Banned everywhere but in `gatehouse_core::acts`**, where the intent entry is durable and anchored
    /// before this is called; clippy's `disallowed-methods` enforces that.
    ///
    /// The subject must be the one that the call names; the functions called `permit_subject` give it.
    pub fn mint(call: Call, subject: &str) -> Self {
        Self {
            call,
            subject: subject.to_owned(),
        }
    }

    /// Spends the permit on a call, which must be the one it was made for.
    pub(crate) fn spend(self, call: Call, subject: &str) -> Result<(), CallFailure> {
        if self.call == call && self.subject == subject {
            Ok(())
        } else {
            Err(CallFailure::new(FailureKind::PermitMismatch, Effect::NotSent))
        }
    }
}
