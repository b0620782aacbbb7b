//! A typed client of Klarna's portal APIs.
//!
//! It turns calls into HTTP and answers into types, and says of every failure whether the call may have happened; [`probe`] looks
//! at the way there, step by step. It is written
//! from the facts in portal-access.md alone. A call that changes something takes a [`Permit`] by value; secrets are types that
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
mod certificates;
mod client;
mod config;
mod context;
mod credential_line;
mod description;
mod email;
mod enforcement;
mod failure;
mod headers;
mod ids;
mod inactivity;
mod ip_restrictions;
mod krn;
mod moment;
#[cfg(doctest)]
mod must_not_build;
mod network;
mod permit;
mod person;
mod portal;
mod portal_url;
mod probe;
mod secret;
mod text;
mod tls;
mod token;
mod transport;
mod wire;

pub use access::AccessSelector;
pub use access_claims::UserAccessClaims;
pub use access_end::{AccessEnd, AccessEndRefusal};
pub use accounts::{Account, AccountState, Contact};
pub use answer::{AnswerMeta, Answered, IpStatus, MtlsStatus, RateLimit};
pub use api_error::{ApiError, ErrorCode, ParameterFault};
pub use api_keys::IssuedApiKey;
pub use certificates::{CertificateUsage, IssuedCertificate};
pub use client::Client;
pub use config::{
    ApiKeyForm, ClientConfig, ConfigFailure, LIVE_BASE_URL, MtlsIdentity, Network, ProxyChoice, TEST_BASE_URL, Timeouts,
};
pub use context::{CallContext, DEEP_LINK_DEADLINE};
pub use credential_line::CredentialLine;
pub use description::{LONGEST_DESCRIPTION, is_description};
pub use email::{Email, EmailRefusal};
pub use enforcement::{CLEAR_ENFORCEMENT_SUBJECT, EnforcedFrom, Enforcement, EnforcementMode, EnforcementRefusal};
pub use failure::{CallFailure, Effect, FailureKind, shape};
pub use ids::{CredentialId, DeepLinkId, IdRefusal};
pub use inactivity::{InactivityPeriod, PeriodRefusal, PeriodUnit};
pub use ip_restrictions::IpRestrictions;
pub use krn::{AccountKrn, Environment, KrnError};
pub use network::{
    CertificateFault, CertificateProblem, GnomeProxy, Issuer, ManualProxy, NetworkFault, ProxyCredentials, ProxyFault,
    ProxyRefusal, ProxySource, SystemProxy, SystemSettings, WindowsProxy, system_proxy,
};
pub use permit::{Call, Permit};
pub use person::{NameRefusal, Principal, Role, Roles, UserId};
pub use portal::{DeepLink, DeepLinkRequest, create_deep_link_subject, delete_deep_link_subject};
pub use portal_url::{PortalUrl, PortalUrlRefusal};
pub use probe::{
    HttpFacts, ProbeFailure, ProbeReport, ProbeState, ProbeStep, ProbeStepName, ServerFacts, probe, probe_network,
};
pub use secret::{ApiKey, ApiKeyRefusal, KeyPem, SignedJwt};
pub use tls::install_crypto;
pub use token::{DeepLinkClaims, JwtSigner, SignFailure, idempotency_key_for, sign_claims};
/// The address type of [`ClientConfig::base_url`].
pub use url::Url;
