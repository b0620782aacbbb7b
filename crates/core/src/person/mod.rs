//! Persons and roles: whom a profile trusts, and what each of them may do.
//!
//! A person is an Ed25519 key with a name. A profile lists the keys it trusts; where it lists none yet, the data directory's own
//! person has every role, so that a lone account manager is never hindered. [`Deed`] is the one table of who may do what; every
//! entry of the facade passes it (`gate.rs`). How the list is kept from being edited behind our back: `docs/decisions/0008-persons-and-lock.md`.
//! Deliberately absent: plans and their approval, which come with bulk work; the rule for them stands in [`crate::policy`].

mod alarm;
mod change;
mod deed;
mod entry_points;
mod entry_verbs;
mod gate;
mod key_file;
mod list;
mod mark;
mod role;
mod store;
mod trust;

pub(crate) use change::{Change, change};
pub use deed::{Deed, Weight};
pub use entry_points::{Asks, asks, entry_points};
pub(crate) use gate::Trust;
pub use key_file::PersonFile;
pub(crate) use list::find;
pub use list::{Person, PersonList, Standing};
pub(crate) use mark::forget as forget_mark;
pub use role::{PersonRole, Roles};
