//! Merchants: the acquirer's own list of Partner Accounts, kept locally because Klarna offers no list to read.
//!
//! Three parts: rows in `gatehouse.db` ([`store`]), files that people bring ([`import`], [`to_csv`]), and the search in
//! memory that the window and the command line share ([`directory`]). Deliberately absent: calls to Klarna (the caller
//! reads an account and hands its members to [`store::update_from_account`]) and any clock.

mod clean;
pub mod directory;
mod export;
mod failure;
mod find;
mod fold;
pub mod import;
mod merchant;
mod search_text;
pub mod store;
mod tags;

pub use directory::{Directory, Field, Hit, Page, Span, first_page, in_front, list};
pub use export::to_csv;
pub(crate) use export::unguarded;
pub use failure::{Candidate, MerchantFailure};
pub use find::find;
pub use fold::fold;
pub use import::{BadRow, Imported, Reading};
pub use merchant::{Merchant, MerchantState, NewMerchant};
pub use store::{Counts, count, get, note_opened, set_pinned, set_tags, update_from_account, upsert};
pub use tags::parse_tags;
