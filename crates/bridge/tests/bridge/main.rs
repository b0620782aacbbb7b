//! The whole bridge over real HTTP on loopback: a simulated Klarna on one side, a provider on the other, browsers in the middle.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stderr, reason = "a test that cannot run here says so")]

mod anchors;
mod browser;
mod browsers;
mod button;
mod config;
mod database;
mod documented;
mod edge;
mod ends;
mod foreign_provider;
mod holding;
mod hostile;
mod injection;
mod judges;
mod killed;
mod listed;
mod operations;
mod package;
mod program;
mod provider;
mod reanchor;
mod replicas;
mod saml;
mod saml_hostile;
mod saml_judges;
mod saml_key;
mod saml_renewal;
mod saml_world;
mod saml_wrapping;
mod secured;
mod tokens;
mod world;
