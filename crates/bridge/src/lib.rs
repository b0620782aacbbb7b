//! The login bridge: "Continue with [Acquiring Partner]" on Klarna's login page, as a web service on the same core.
//!
//! A person comes from Klarna's button, signs in at the acquirer's own provider, chooses a merchant and is sent on to a link that is
//! made that moment, recorded like every open. See docs/decisions/0016-login-bridge.md. Deliberately absent: accounts, passwords and
//! sessions of its own.

#![forbid(unsafe_code)]

mod anchors;
mod bridge;
pub mod config;
pub mod demo;
mod expiry;
pub mod flow;
mod gateway;
mod limits;
mod metrics;
mod oidc;
mod operations;
mod pages;
mod postgres;
mod saml;
mod serve;
mod state;
mod waiting;

use gatehouse_core::login_bridge::people;

pub use anchors::PostgresAnchors;
pub use bridge::{Bridge, Findings, Ground, Outside, Running, anchors_of, data_dir_of};
pub use expiry::expired;
pub use saml::renew;
