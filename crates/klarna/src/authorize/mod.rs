//! `authorizePayment`: making a token, and charging it (tokens.md 1).
//!
//! The shapes of the calls stand in `request`, what is bought in `purchase`. Deliberately absent: deciding which charge fits a
//! token; the caller knows what the token is for.

pub(crate) mod answer;
pub(crate) mod body;
pub(crate) mod purchase;
pub(crate) mod request;
