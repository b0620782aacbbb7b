//! What the login bridge and the programs that prepare it share: how its configuration is read, who may enter what, and what Klarna is told.
//!
//! The bridge serves by these rules, the desktop app and the command line edit and try them, so nobody can try one thing and get another.
//! Deliberately absent: serving, the provider, and the sections of the configuration that concern the service alone.

mod choices;
mod config_file;
mod draft;
mod file_row;
mod hand_over;
mod metadata;
mod on_disk;
mod outline;
pub mod people;
mod rows;
pub mod section;
mod table_file;
mod tried;

pub use choices::{LoginChoice, LoginChoices, NamedMerchant};
pub use draft::Draft;
pub use hand_over::{HandOver, HandOverItem};
pub use metadata::{Health, SamlAttribute, SamlCertificate, SamlMetadata, Served};
pub use outline::{NO_URL, Outline, public_url};
pub use rows::{PeopleRow, RowState, RowsFound, RowsWanted, WhichPeople};
pub use section::Flaw;
pub use tried::{TriedClaims, TriedLogin};
