//! A simulated Klarna, written from the facts alone (portal-access.md, tokens.md), for first minutes, trainings and tests.
//!
//! It answers Klarna's paths over http and https on loopback, checks every token by itself, and serves the pages that a
//! person would see. It shares no type and no JWT library with the client it stands opposite. It reads no environment and
//! prints nothing. Beside it stands a small OpenID Connect provider, in an acquirer's place. SAML is absent: it comes with that feature.
//!
//! [`serve`] runs one in this process; [`ensure_running`] finds or starts one for a directory; [`find_running`] only looks.
//! [`Address::control`] steers the one that runs.

#![forbid(unsafe_code)]

mod api;
mod ca;
mod client;
mod clock;
mod control;
mod customer_token;
mod dates;
mod desk;
mod fault;
mod launch;
mod merchants;
mod oidc;
mod payment_request;
mod portal;
mod purchase;
mod random;
mod sandbox;
mod serve;
mod settings;
mod store;
mod token;
mod webhook;

pub use ca::CaFailure;
pub use client::{AskError, read_page};
pub use clock::{ClockSetting, TimeSource, system_time};
pub use launch::{StartError, ensure_running, find_running};
pub use merchants::{ACQUIRER, ACQUIRER_NAME, AccountState, Merchant, generate, generate_foreign};
pub use oidc::{OIDC_CLIENT, OIDC_SECRET};
pub use random::{RandomSource, system_random};
pub use serve::{Address, PaymentsV1, Running, ServeError, ServeOptions, serve};
pub use settings::{KEYS, Key, KeySpec, Kind, SettingLine, SettingRefused, Settings};
pub use store::StoreFailure;
