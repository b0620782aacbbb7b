//! Opening merchants' portals: links that are made on a person's act, used at once, and sessions that can be ended.
//!
//! A link is a bearer secret: it is never stored, logged or shown; it reaches a browser only through a loopback address
//! that answers once ([`handoff`]). Deliberately absent: any cache or prefetch of links.

pub mod browser;
mod claims;
mod default_browser;
pub mod handoff;
pub(crate) mod hosts;
mod login;
pub(crate) mod open;
mod plan;
mod request;
pub(crate) mod revoke;
pub mod session;
pub(crate) mod sign_on;
pub mod store;

pub(crate) use claims::LIFETIME_S;
pub use gatehouse_klarna::{PortalUrl, SessionToken, TokenPlacement};
pub use login::{Carried, LoginRequest, Vouched};
pub use request::{Handover, OpenRequest, OpenStep, Opened, StepKind};
pub use session::{EndedBy, REVOCATION_MS, Session, SessionState};
pub use sign_on::{Recorded, SignOn};
