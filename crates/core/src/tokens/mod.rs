//! Customer tokens: kept sealed, looked up, made, charged, checked, revoked, and told about.
//!
//! Klarna lists no tokens and keeps no history for the acquirer, so this ledger is the only one (tokens.md 3.2). It says "known to this
//! tool" and never more. Deliberately absent: a token in any type that leaves the core; what is shown is a hint and a fingerprint.

mod find;
mod query;
mod record;
pub(crate) mod store;
mod story;
mod token;
pub(crate) mod vault;
mod words;

pub use find::FoundToken;
pub(crate) use find::{find, given, opened, refuse_other_environment};
pub use query::{TokenCounts, TokenPage, TokenQuery, TokenView};
pub(crate) use record::{checked, named, note, take, tell};
pub use story::StoryLine;
pub(crate) use story::of as story_of;
pub use token::{NewToken, Token, TokenKind, TokenSource, TokenState};
