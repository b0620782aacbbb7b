//! What must not build, each beside a twin that builds and differs in the one point that matters.
//!
//! These are documentation tests, which the compiler judges against the crate as it was just built; a separate test project would
//! compile every dependency a second time, C code included. Deliberately absent: anything that runs.
//!
//! # A mutating call without a permit
//!
//! ```no_run
//! # use gatehouse_klarna::{AccountKrn, CallContext, Client, DeepLinkId, Permit};
//! async fn delete(client: Client, permit: Permit, account: AccountKrn, id: DeepLinkId, context: CallContext) {
//!     let _ = client.delete_deep_link(permit, &account, &id, &context).await;
//! }
//! ```
//!
//! ```compile_fail,E0061
//! # use gatehouse_klarna::{AccountKrn, CallContext, Client, DeepLinkId, Permit};
//! async fn delete(client: Client, permit: Permit, account: AccountKrn, id: DeepLinkId, context: CallContext) {
//!     let _ = client.delete_deep_link(&account, &id, &context).await;
//! }
//! ```
//!
//! # A permit that is used twice
//!
//! ```no_run
//! # use gatehouse_klarna::{AccountKrn, CallContext, Client, DeepLinkId, Permit};
//! async fn delete(client: Client, one: Permit, two: Permit, account: AccountKrn, id: DeepLinkId, context: CallContext) {
//!     let _ = client.delete_deep_link(one, &account, &id, &context).await;
//!     let _ = client.delete_deep_link(two, &account, &id, &context).await;
//! }
//! ```
//!
//! ```compile_fail,E0382
//! # use gatehouse_klarna::{AccountKrn, CallContext, Client, DeepLinkId, Permit};
//! async fn delete(client: Client, one: Permit, two: Permit, account: AccountKrn, id: DeepLinkId, context: CallContext) {
//!     let _ = client.delete_deep_link(one, &account, &id, &context).await;
//!     let _ = client.delete_deep_link(one, &account, &id, &context).await;
//! }
//! ```
//!
//! ```compile_fail,E0599
//! fn copied(permit: gatehouse_klarna::Permit) -> gatehouse_klarna::Permit {
//!     permit.clone()
//! }
//! ```
//!
//! # A permit made in any other way than by `mint`
//!
//! ```compile_fail,E0451
//! # use gatehouse_klarna::{Call, Permit};
//! let permit = Permit { call: Call::CreateDeepLink, subject: String::new() };
//! ```
//!
//! # A secret in something that is serialised
//!
//! ```no_run
//! #[derive(serde::Serialize)]
//! struct Answer {
//!     id: gatehouse_klarna::DeepLinkId,
//! }
//! ```
//!
//! ```compile_fail,E0277
//! #[derive(serde::Serialize)]
//! struct Answer {
//!     link: gatehouse_klarna::PortalUrl,
//! }
//! ```
//!
//! ```compile_fail,E0277
//! #[derive(serde::Serialize)]
//! struct Answer {
//!     token: gatehouse_klarna::SignedJwt,
//! }
//! ```
//!
//! ```compile_fail,E0277
//! #[derive(serde::Serialize)]
//! struct Answer {
//!     key: gatehouse_klarna::ApiKey,
//! }
//! ```
//!
//! ```compile_fail,E0277
//! #[derive(serde::Serialize)]
//! struct Answer {
//!     proxy: gatehouse_klarna::ProxyCredentials,
//! }
//! ```
//!
//! # A secret that is written as text
//!
//! ```no_run
//! fn shown(id: gatehouse_klarna::DeepLinkId) -> String {
//!     format!("{id}")
//! }
//! ```
//!
//! ```compile_fail,E0277
//! fn shown(link: gatehouse_klarna::PortalUrl) -> String {
//!     format!("{link}")
//! }
//! ```
//!
//! ```compile_fail,E0277
//! fn shown(token: gatehouse_klarna::SignedJwt) -> String {
//!     format!("{token}")
//! }
//! ```
//!
//! ```compile_fail,E0277
//! fn shown(key: gatehouse_klarna::ApiKey) -> String {
//!     format!("{key}")
//! }
//! ```
//!
//! # A selector for deleting access that lacks account or principal
//!
//! ```no_run
//! # use gatehouse_klarna::{AccessSelector, AccountKrn, Principal};
//! fn selector(account: AccountKrn, principal: Principal) -> AccessSelector {
//!     AccessSelector::new(account, principal)
//! }
//! ```
//!
//! ```compile_fail,E0061
//! # use gatehouse_klarna::{AccessSelector, AccountKrn, Principal};
//! fn selector(account: AccountKrn, principal: Principal) -> AccessSelector {
//!     AccessSelector::new(account)
//! }
//! ```
//!
//! ```compile_fail,E0308
//! # use gatehouse_klarna::{AccessSelector, AccountKrn, Principal};
//! fn selector(account: AccountKrn, principal: Option<Principal>) -> AccessSelector {
//!     AccessSelector::new(account, principal)
//! }
//! ```
//!
//! ```compile_fail,E0599
//! let everything = gatehouse_klarna::AccessSelector::default();
//! ```
//!
//! ```compile_fail,E0451
//! # use gatehouse_klarna::{AccessSelector, AccountKrn, Principal};
//! fn selector(account: AccountKrn, principal: Principal) -> AccessSelector {
//!     AccessSelector { account, principal, on_behalf_of: None }
//! }
//! ```
//!
//! ```compile_fail,E0277
//! let everything: gatehouse_klarna::AccessSelector = serde_json::from_str("{}").unwrap();
//! ```
//!
//! ```compile_fail,E0451
//! let nobody = gatehouse_klarna::Email { text: String::new() };
//! ```
//!
//! # A grant without a role, or with an end or a period that nobody checked
//!
//! ```no_run
//! # use gatehouse_klarna::{AccessEnd, InactivityPeriod, NameRefusal, PeriodUnit, Role, Roles};
//! fn checked(role: Role) -> Result<Roles, NameRefusal> {
//!     let _ = (AccessEnd::parse("2027-01-31", 0), InactivityPeriod::new(30, PeriodUnit::Days));
//!     Roles::new([role])
//! }
//! ```
//!
//! ```compile_fail,E0451
//! let none = gatehouse_klarna::Roles { list: Vec::new() };
//! ```
//!
//! ```compile_fail,E0277
//! let end: gatehouse_klarna::AccessEnd = serde_json::from_str("\"2020-01-01\"").unwrap();
//! ```
//!
//! ```compile_fail,E0451
//! # use gatehouse_klarna::{InactivityPeriod, PeriodUnit};
//! let ever = InactivityPeriod { count: 0, unit: PeriodUnit::Months };
//! ```
//!
//! # A customer token, or another secret of a payment, that is shown, serialised or compared
//!
//! ```no_run
//! fn shown(token: gatehouse_klarna::CustomerToken, other: gatehouse_klarna::CustomerToken) -> (String, bool) {
//!     (token.hint(), token.is_same(&other))
//! }
//! ```
//!
//! ```compile_fail,E0277
//! fn shown(token: gatehouse_klarna::CustomerToken) -> String {
//!     format!("{token}")
//! }
//! ```
//!
//! ```compile_fail,E0369
//! fn same(token: gatehouse_klarna::CustomerToken, other: gatehouse_klarna::CustomerToken) -> bool {
//!     token == other
//! }
//! ```
//!
//! ```compile_fail,E0277
//! #[derive(serde::Serialize)]
//! struct Answer {
//!     token: gatehouse_klarna::CustomerToken,
//! }
//! ```
//!
//! ```compile_fail,E0277
//! #[derive(serde::Serialize)]
//! struct Answer {
//!     token: gatehouse_klarna::ClientToken,
//! }
//! ```
//!
//! ```compile_fail,E0277
//! fn shown(token: gatehouse_klarna::NetworkSessionToken, other: gatehouse_klarna::AuthorizationToken) -> String {
//!     format!("{token}{other}")
//! }
//! ```
//!
//! ```compile_fail,E0277
//! fn shown(key: gatehouse_klarna::WebhookKey, password: gatehouse_klarna::PaymentsPassword) -> String {
//!     format!("{key}{password}")
//! }
//! ```
//!
//! # A charge with nobody there that asks for a step-up, or that lacks its subscriptions
//!
//! ```no_run
//! # use gatehouse_klarna::{AbsentCharge, Currency, CustomerToken, Payment, Purchase, Subscriptions};
//! fn charge(token: CustomerToken, currency: Currency, payment: Payment, subscriptions: Subscriptions) -> AbsentCharge {
//!     AbsentCharge { token, currency, payment, subscriptions, purchase: Purchase::default() }
//! }
//! ```
//!
//! ```compile_fail,E0560
//! # use gatehouse_klarna::{AbsentCharge, Currency, CustomerToken, Payment, Purchase, StepUp, Subscriptions};
//! # fn charge(token: CustomerToken, currency: Currency, payment: Payment, subscriptions: Subscriptions, step_up: StepUp) -> AbsentCharge {
//!     AbsentCharge { token, currency, payment, subscriptions, purchase: Purchase::default(), step_up }
//! # }
//! ```
//!
//! ```compile_fail,E0063
//! # use gatehouse_klarna::{AbsentCharge, Currency, CustomerToken, Payment, Purchase};
//! # fn charge(token: CustomerToken, currency: Currency, payment: Payment) -> AbsentCharge {
//!     AbsentCharge { token, currency, payment, purchase: Purchase::default() }
//! # }
//! ```
//!
//! ```compile_fail,E0451
//! let none = gatehouse_klarna::Subscriptions { list: Vec::new() };
//! ```
//!
//! # A charge without a permit
//!
//! ```compile_fail,E0061
//! # use gatehouse_klarna::{AccountKrn, Authorization, CallContext, Client};
//! async fn charge(client: Client, account: AccountKrn, authorization: Authorization, context: CallContext) {
//!     let _ = client.authorize_payment(&account, &authorization, &context).await;
//! }
//! ```
