//! What the login bridge and the programs that prepare it share: how its configuration is read, and who may enter what.
//!
//! The bridge serves by these rules, the desktop app and the command line edit and try them, so nobody can try one thing and get another.
//! Deliberately absent: serving, the provider, and the sections of the configuration that concern the service alone.

mod choices;
mod outline;
pub mod people;
pub mod section;

pub use choices::{LoginChoice, LoginChoices};
pub use outline::{NO_URL, Outline, public_url};
pub use section::Flaw;
