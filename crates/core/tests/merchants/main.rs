//! What the merchants topic promises: rows that survive imports, files that cannot do harm, a search that agrees with a
//! naive one. One binary, one module per promise.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod directory;
mod directory_ahead;
mod directory_changes;
mod directory_oracle;
mod files;
mod find;
mod first_page;
mod fold;
mod import_bad_rows;
mod import_csv;
mod import_json;
mod import_oracle;
mod rows;
mod spans;
mod support;
