//! A typed client of Klarna's portal APIs.
//!
//! It turns calls into HTTP and answers into types, and says of every failure whether the call may have happened; [`probe`] looks
//! at the way there, step by step. It is written
//! from the facts in portal-access.md and tokens.md alone. A call that changes something takes a [`Permit`] by value; secrets are types that
//! neither show nor serialise themselves. Deliberately absent: the audit log, key stores, storage, clocks, the environment, and
//! opening a browser; all of these are the caller's.

#![forbid(unsafe_code)]

mod access;
mod access_claims;
mod access_end;
mod accounts;
mod answer;
mod api_error;
mod api_keys;
mod authorize;
mod bearer;
mod certificates;
mod classic;
mod client;
mod config;
mod consent_url;
mod context;
mod credential_line;
mod customer_token;
mod description;
mod email;
mod emd;
mod enforcement;
mod explain;
mod failure;
mod go_live;
mod headers;
mod ids;
mod inactivity;
mod ip_restrictions;
mod krn;
mod moment;
#[cfg(doctest)]
mod must_not_build;
mod network;
mod network_tokens;
mod page;
mod permit;
mod person;
mod portal;
mod portal_url;
mod probe;
mod secret;
mod session_token;
mod sketch;
mod terms;
mod text;
mod tls;
mod token;
mod transport;
mod webhook;
mod wire;
mod wire_value;

pub use access::AccessSelector;
pub use access_claims::UserAccessClaims;
pub use access_end::{AccessEnd, AccessEndRefusal};
pub use accounts::{Account, AccountState, Contact};
pub use answer::{AnswerMeta, Answered, IpStatus, MtlsStatus, RateLimit};
pub use api_error::{ApiError, ErrorCode, ParameterFault};
pub use api_keys::IssuedApiKey;
pub use authorize::answer::{AuthorizationAnswer, Decision, PaymentAnswer, TokenAnswer, Transaction};
pub use authorize::purchase::{
    BillingPlan, Interval, OndemandService, Purchase, PurchaseLine, Subscription, Subscriptions,
};
pub use authorize::request::{
    AbsentCharge, Authorization, ConsentFor, Finalisation, Payment, PresentCharge, StepUp, TokenCreation, TokenWish,
};
pub use bearer::{AuthorizationToken, BearerRefusal, ClientToken, NetworkSessionToken};
pub use certificates::{CertificateUsage, IssuedCertificate};
pub use classic::{
    AcquiringChannel, ClassicCall, ClassicStanding, ClassicTokenDraft, FraudStatus, Intent, LineSubscription,
    LinkingResult, MOST_ORDER_LINES, MerchantUrls, OrderLine, OrderLines, OrderTerms, PaymentsClient, PaymentsConfig,
    PaymentsLogin, PaymentsLoginRefusal, PaymentsPassword, PlacedOrder, Region, SessionDraft, SessionState,
    SessionUpdate, StartedSession, TokenOrder,
};
pub use client::Client;
pub use config::{
    ApiKeyForm, ClientConfig, ConfigFailure, LIVE_BASE_URL, MtlsIdentity, Network, ProxyChoice, TEST_BASE_URL, Timeouts,
};
pub use consent_url::ConsentUrl;
pub use context::{CallContext, DEEP_LINK_DEADLINE};
pub use credential_line::CredentialLine;
pub use customer_token::{
    CustomerToken, GrantedToken, HashKey, LONGEST_TOKEN, MistakenFor, Purposes, TokenFamily, TokenHash, TokenPurpose,
    TokenRefusal,
};
pub use description::{LONGEST_DESCRIPTION, is_description};
pub use email::{Email, EmailRefusal};
pub use emd::{
    AccountChanges, Attachment, CustomerAccountInfo, EMD_CONTENT_TYPE, Emd, EmdDate, EmdFinding, EmdHolds, EmdPackage,
    EmdPart, EmdPlace, EmdRule, MarketplaceSellerInfo, PaymentHistoryFull, PaymentHistorySimple, SellerId,
    TokenHistory, build_emd, emd_packages, lint_emd,
};
pub use enforcement::{CLEAR_ENFORCEMENT_SUBJECT, EnforcedFrom, Enforcement, EnforcementMode, EnforcementRefusal};
pub use explain::{Cause, Explanation, Matter, Pasted, Retry, explain, explain_failure};
pub use failure::{CallFailure, Effect, FailureKind, shape};
pub use go_live::{BodyFinding, BodyRule, MeantAs, Presence, examine_body};
pub use ids::{CredentialId, DeepLinkId, IdRefusal, PaymentRequestId, PaymentSessionId, SigningKeyId, WebhookId};
pub use inactivity::{InactivityPeriod, PeriodRefusal, PeriodUnit};
pub use ip_restrictions::IpRestrictions;
pub use krn::{AccountKrn, Environment, KrnError};
pub use network::{
    CertificateFault, CertificateProblem, GnomeProxy, Issuer, ManualProxy, NetworkFault, ProxyCredentials, ProxyFault,
    ProxyRefusal, ProxySource, SystemProxy, SystemSettings, WindowsProxy, system_proxy,
};
pub use network_tokens::{
    NetworkCall, PaymentRequest, PaymentRequestDraft, PaymentRequestState, RequestPurpose, Revocation, TokenStanding,
    TokenStatus,
};
pub use page::{PageFailure, read_page};
pub use permit::{Call, Permit};
pub use person::{NameRefusal, Principal, Role, Roles, UserId};
pub use portal::{DeepLink, DeepLinkRequest, create_deep_link_subject, delete_deep_link_subject};
pub use portal_url::{PortalUrl, PortalUrlRefusal, is_loopback};
pub use probe::{
    HttpFacts, ProbeFailure, ProbeReport, ProbeState, ProbeStep, ProbeStepName, ServerFacts, probe, probe_network,
};
pub use secret::{ApiKey, ApiKeyRefusal, KeyPem, SignedJwt};
pub use session_token::{LONGEST_SESSION_TOKEN, SESSION_TOKEN_NAME, SessionToken, SessionTokenRefusal, TokenPlacement};
pub use sketch::CallSketch;
pub use terms::{Amount, AppReturnUrl, Country, Currency, Locale, Reference, ReturnUrl, TermRefusal};
pub use tls::install_crypto;
pub use token::{DeepLinkClaims, JwtSigner, SignFailure, idempotency_key_for, sign_claims};
/// The address type of [`ClientConfig::base_url`].
pub use url::Url;
pub use webhook::{
    Delivery, DeliveryAge, DeliveryRefusal, DeliveryReport, MOST_DELIVERY_BYTES, MadeSigningKey, News, NoticeRefusal,
    PaymentRequestNews, RevocationNews, SignatureFinding, SignatureHint, SigningKeyLine, WebhookDraft, WebhookKey,
    WebhookKeyRefusal, WebhookLine, WebhookNotice, check_delivery,
};
