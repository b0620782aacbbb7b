//! The sandbox over real HTTP on loopback, with tokens and certificate requests built here from scratch.
//!
//! Nothing of the client crate is used: what agrees here agrees because both follow portal-access.md. One binary, so that
//! it links once; each test has its own directory and ports.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

mod support;
mod support_access;
mod support_shop;
mod support_tokens;

mod access_claims;
mod access_counts;
mod access_deletes;
mod access_ends;
mod access_grants;
mod access_load;
mod access_people;
mod accounts;
mod certificate_profile;
mod certificates;
mod client;
mod clock;
mod control;
mod credentials;
mod faults;
mod idempotency;
mod ip_restrictions;
mod launch;
mod links;
mod mtls;
mod pages;
mod presets;
mod rate;
mod restart;
mod scripted_scenarios;
mod token_certificate;
mod token_claims;
mod token_form;
mod tokens_charge;
mod tokens_consent;
mod tokens_create;
mod tokens_kept;
mod tokens_linking;
mod tokens_sessions;
mod tokens_v1;
mod tokens_webhooks;
mod wire;
